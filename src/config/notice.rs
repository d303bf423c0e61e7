//! What the operator decides about the internal notice of the morning.

use super::table::Reader;
use super::{Mailbox, ProblemKind, is_internal};
use crate::draft::is_ours;
use crate::notice::{Frame, UnusableAddress};
use crate::wording::Language;
use jiff::civil::Time;

/// `[notice]`.
#[derive(Debug, Clone)]
pub struct NoticeRules {
    /// From what time of a business day on it is sent.
    pub at: Time,
    /// Who gets it, and the address of the console.
    pub frame: Frame,
}

/// When it is sent unless the config says otherwise.
const AT: Time = Time::constant(8, 30, 0, 0);

/// `None` without such a section, or with problems in it; `mailbox` is `None` if that has some.
pub(super) fn read(root: &mut Reader, mailbox: Option<&Mailbox>, language: Language) -> Option<NoticeRules> {
    let mut section = root.section("notice");
    if section.is_empty() {
        return None;
    }
    let to = section.strings("to").unwrap_or_default();
    if to.is_empty() {
        section.require("to");
    }
    let at = section.time("at").unwrap_or(AT);
    let link = section.url("console_url").map(|url| format!("{}/", url.trim_end_matches('/')));
    let frame = mailbox.filter(|_| !to.is_empty()).and_then(|mailbox| {
        for address in &to {
            // A domain of nobody's is no address at all: the frame says so.
            let Some((_, domain)) = address.rsplit_once('@') else { continue };
            let own = mailbox.address.rsplit_once('@').map_or("", |(_, domain)| domain);
            if is_ours(address, &mailbox.ours()) {
                section.problem("to", ProblemKind::OwnAddress(address.clone()));
            } else if !domain.eq_ignore_ascii_case(own) && !is_internal(&mailbox.internal_domains, domain) {
                section.problem("to", ProblemKind::NotInternal(address.clone()));
            }
        }
        match Frame::new(&mailbox.ours(), &to, link, language) {
            Ok(frame) => Some(frame),
            Err(UnusableAddress(address)) if address == mailbox.address => {
                root.problem("mailbox.address", ProblemKind::Wrong("address"));
                None
            }
            Err(_) => {
                section.problem("to", ProblemKind::Wrong("addresses"));
                None
            }
        }
    });
    root.finish(section);
    Some(NoticeRules { at, frame: frame? })
}
