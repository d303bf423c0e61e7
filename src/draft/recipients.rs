//! Who the answer goes to, and why.

use super::{Field, Ours, Reason, Recipient, Unusual, clean, is_ours};
use crate::message::{Address, Defect, Message};
use std::collections::BTreeSet;

/// More than this many people get no answer by themselves: the rest is left out and shown.
pub const MOST_RECIPIENTS: usize = 50;

/// The recipients in the order of the question's headers, and the addresses that
/// were left out because no letter can go there or because there are too many.
pub(super) fn recipients(
    question: &Message,
    earlier: &[&Message],
    ours: &Ours<'_>,
    shared_domain: bool,
) -> (Vec<Recipient>, Vec<Address>) {
    let mut chosen = Chosen {
        question,
        earlier,
        ours,
        shared_domain,
        seen: BTreeSet::new(),
        recipients: Vec::new(),
        left_out: Vec::new(),
    };
    for address in &question.reply_to {
        chosen.add(address, Field::To, Reason::AskerReplyTo);
    }
    if chosen.recipients.is_empty()
        && let Some(from) = &question.from
    {
        chosen.add(from, Field::To, Reason::AskerFrom);
    }
    // Without anybody in To there is nobody to answer: the Cc alone must not get a letter.
    if !chosen.recipients.is_empty() {
        for address in &question.to {
            chosen.add(address, Field::Cc, Reason::InToOfQuestion);
        }
        for address in &question.cc {
            chosen.add(address, Field::Cc, Reason::InCcOfQuestion);
        }
    }
    (chosen.recipients, chosen.left_out)
}

struct Chosen<'a> {
    question: &'a Message,
    earlier: &'a [&'a Message],
    ours: &'a Ours<'a>,
    shared_domain: bool,
    seen: BTreeSet<String>,
    recipients: Vec<Recipient>,
    left_out: Vec<Address>,
}

impl Chosen<'_> {
    fn add(&mut self, address: &Address, field: Field, reason: Reason) {
        if is_ours(&address.email, self.ours) || !self.seen.insert(address.email.to_ascii_lowercase()) {
            return;
        }
        let address = Address {
            name: address.name.as_deref().and_then(clean::name),
            email: match address.email.rsplit_once('@') {
                Some((local, domain)) => format!("{local}@{}", domain.to_ascii_lowercase()),
                None => address.email.clone(),
            },
        };
        if !clean::usable_address(&address.email) || self.recipients.len() >= MOST_RECIPIENTS {
            let email = clean::line(&address.email, clean::LONGEST_SUBJECT);
            self.left_out.push(Address { email, ..address });
            return;
        }
        let unusual = self.unusual(&address, reason);
        self.recipients.push(Recipient { address, field, reason, unusual });
    }

    fn unusual(&self, address: &Address, reason: Reason) -> Option<Unusual> {
        if self.question.defects.contains(&Defect::UntrustedFrom) {
            return Some(Unusual::DoubtfulSender);
        }
        let asker = self.question.from.as_ref();
        if asker.is_some_and(|asker| asker.same_mailbox(&address.email)) {
            return None;
        }
        let same_domain = asker.is_some_and(|asker| asker.domain().eq_ignore_ascii_case(address.domain()));
        if !same_domain {
            return Some(Unusual::OtherDomain);
        }
        if self.shared_domain {
            return Some(Unusual::SharedDomain);
        }
        // A Reply-To is only a header: it makes nobody a part of the thread. A Cc of the
        // first mail is there from the beginning.
        let from_the_beginning = self.earlier.is_empty() && reason != Reason::AskerReplyTo;
        (!from_the_beginning && !self.took_part(address)).then_some(Unusual::NewToThread)
    }

    fn took_part(&self, address: &Address) -> bool {
        self.earlier.iter().any(|message| {
            message
                .from
                .iter()
                .chain(&message.to)
                .chain(&message.cc)
                .any(|known| known.same_mailbox(&address.email))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{address, ours, question};
    use super::*;

    fn brief(question: &Message, earlier: &[&Message], shared: bool) -> Vec<String> {
        let (recipients, _) = recipients(question, earlier, &ours(), shared);
        recipients
            .iter()
            .map(|r| {
                let field = if r.field == Field::To { "to" } else { "cc" };
                let reason = serde_json::to_value(r.reason).unwrap();
                let unusual = serde_json::to_value(r.unusual).unwrap();
                let unusual = unusual.as_str().unwrap_or("usual").to_owned();
                format!("{field} {} {} {unusual}", r.address.email, reason.as_str().unwrap())
            })
            .collect()
    }

    #[test]
    fn the_asker_and_the_copies_but_never_ourselves() {
        let mut question = question();
        question.to = vec![address("Encadrement.IA@ministere.example"), address("direction@cegep.example")];
        question.cc = vec![
            address("MARIE.ROY@cegep.example"),
            address("ti@cegep.example"),
            address("ia-alias@ministere.example"),
            address("TI@cegep.example"),
            address("federation@federation.example"),
        ];
        assert_eq!(
            brief(&question, &[], false),
            [
                "to marie.roy@cegep.example asker-from usual",
                "cc direction@cegep.example in-to-of-question usual",
                "cc ti@cegep.example in-cc-of-question usual",
                "cc federation@federation.example in-cc-of-question other-domain",
            ]
        );
    }

    #[test]
    fn a_reply_to_elsewhere_is_unusual() {
        let mut question = question();
        question.reply_to = vec![address("marie@elsewhere.example"), address("bureau@cegep.example")];
        assert_eq!(
            brief(&question, &[], false),
            [
                "to marie@elsewhere.example asker-reply-to other-domain",
                "to bureau@cegep.example asker-reply-to new-to-thread",
            ]
        );
        question.reply_to = vec![address("Marie.Roy@cegep.example")];
        assert_eq!(brief(&question, &[], false), ["to Marie.Roy@cegep.example asker-reply-to usual"]);
    }

    #[test]
    fn a_reply_to_that_is_ours_falls_back_to_the_asker() {
        let mut question = question();
        question.reply_to = vec![address("encadrement.ia@ministere.example")];
        assert_eq!(brief(&question, &[], false), ["to marie.roy@cegep.example asker-from usual"]);
    }

    #[test]
    fn who_joins_later_is_new_to_the_thread() {
        let first = question();
        let mut second = question();
        second.from = Some(address("jean.cote@cegep.example"));
        second.cc = vec![address("marie.roy@cegep.example"), address("stagiaire@cegep.example")];
        assert_eq!(
            brief(&second, &[&first], false),
            [
                "to jean.cote@cegep.example asker-from usual",
                "cc marie.roy@cegep.example in-cc-of-question usual",
                "cc stagiaire@cegep.example in-cc-of-question new-to-thread",
            ]
        );
    }

    #[test]
    fn a_shared_domain_says_nothing_about_who_belongs_together() {
        let mut question = question();
        question.from = Some(address("marie.roy@courriel.example"));
        question.cc = vec![address("inconnu@courriel.example")];
        assert_eq!(
            brief(&question, &[], true),
            [
                "to marie.roy@courriel.example asker-from usual",
                "cc inconnu@courriel.example in-cc-of-question shared-domain",
            ]
        );
    }

    #[test]
    fn a_mail_that_claims_to_be_ours_gets_no_recipients() {
        let mut question = question();
        question.from = Some(address("encadrement.ia@ministere.example"));
        question.cc = vec![address("victime@cegep.example")];
        assert_eq!(brief(&question, &[], false), Vec::<String>::new());
        question.from = None;
        assert_eq!(brief(&question, &[], false), Vec::<String>::new());
    }

    #[test]
    fn unusable_and_surplus_addresses_are_left_out_and_shown() {
        let mut question = question();
        question.cc = (0..1_000).map(|n| address(&format!("a{n}@cegep.example"))).collect();
        question.cc.insert(0, address("x\r\nBcc: y@cegep.example"));
        let (recipients, left_out) = recipients(&question, &[], &ours(), false);
        assert_eq!(recipients.len(), MOST_RECIPIENTS);
        assert_eq!(left_out.len(), 1_000 + 1 + 1 - MOST_RECIPIENTS);
        assert_eq!(left_out[0].email, "x Bcc: y@cegep.example");
    }

    #[test]
    fn nobody_is_usual_in_a_mail_whose_sender_is_doubtful() {
        let mut doubtful = question();
        doubtful.defects.push(Defect::UntrustedFrom);
        let (people, _) = recipients(&doubtful, &[], &ours(), false);
        assert!(!people.is_empty());
        assert!(people.iter().all(|person| person.unusual == Some(Unusual::DoubtfulSender)));
    }
}
