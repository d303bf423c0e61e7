//! Mail that nobody wrote for us to answer: bounces, auto-replies, lists, receipts.
//!
//! The signs are those of RFC 3834 (automatic answers), RFC 3464 (delivery reports),
//! RFC 8098 (receipts), RFC 2919 (lists) and of Exchange. Whether a sender is ourselves
//! is for the caller to judge.

use super::head::Head;
use super::ids::ids_in;
use super::newest::fold;
use super::parts::{Leaf, Parts};
use super::{Automatic, MessageId};

/// Bytes of a report or of a text that are looked at.
const MAX_BYTES: usize = 64 * 1024;

/// What the message knows of itself when it is judged.
pub(super) struct Signs<'a> {
    pub(super) head: &'a Head,
    pub(super) parts: &'a Parts<'a>,
    pub(super) from: &'a str,
    pub(super) subject: &'a str,
    pub(super) text: &'a str,
    /// In-Reply-To, then References from the newest to the oldest.
    pub(super) parents: Vec<&'a MessageId>,
}

/// Why the message is automatic; `None`: a person wrote it.
pub(super) fn automatic(signs: &Signs<'_>) -> Option<Automatic> {
    // First: a list on the way may have added signs of its own.
    if signs.head.count("x-greffier-notice") > 0 {
        return Some(Automatic::Notice);
    }
    let subject = fold(signs.subject);
    if let Some(report) = report(signs) {
        return Some(report);
    }
    if receipt(signs) {
        return Some(Automatic::Receipt);
    }
    let machine = from_machine(signs);
    if (machine || null_return_path(signs.head)) && is_bounce_text(&subject, signs.text) {
        return Some(bounce_from_text(signs));
    }
    if calendar(signs) {
        return Some(Automatic::Calendar);
    }
    if auto_reply(signs.head, &subject) {
        return Some(Automatic::AutoReply);
    }
    if list(signs.head) {
        return Some(Automatic::List);
    }
    (machine || null_return_path(signs.head) || generated(signs.head)).then_some(Automatic::Generated)
}

/// The keyword of a field: what stands before parameters and comments, lower case.
fn keyword(value: &str) -> String {
    value.split([';', '(']).next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn keywords<'a>(head: &'a Head, name: &'a str) -> impl Iterator<Item = String> + 'a {
    head.all(name).map(keyword)
}

fn null_return_path(head: &Head) -> bool {
    head.all("return-path").any(|path| path.split_whitespace().collect::<String>() == "<>")
}

/// RFC 2142 and RFC 5321 names of mail systems.
fn from_machine(signs: &Signs<'_>) -> bool {
    let local = signs.from.split('@').next().unwrap_or_default().to_ascii_lowercase();
    local == "postmaster" || local.starts_with("mailer-daemon") || local == "mailerdaemon"
}

fn list(head: &Head) -> bool {
    head.count("list-id") > 0
        || keywords(head, "precedence").any(|value| matches!(value.as_str(), "bulk" | "junk" | "list"))
}

fn auto_reply(head: &Head, subject: &str) -> bool {
    const SUBJECTS: [&str; 12] = [
        "reponse automatique",
        "reponse auto:",
        "automatic reply",
        "autoreply",
        "auto-reply",
        "auto reply",
        "auto:",
        "out of office",
        "out-of-office",
        "absence du bureau",
        "message d'absence",
        "notification d'absence",
    ];
    keywords(head, "auto-submitted").any(|value| value == "auto-replied")
        || keywords(head, "precedence").any(|value| value == "auto_reply" || value == "auto-reply")
        || ["x-autoreply", "x-autorespond", "x-autoresponse", "x-autoreply-from", "x-mail-autoreply"]
            .iter()
            .any(|name| keywords(head, name).any(|value| value != "no"))
        || SUBJECTS.iter().any(|start| subject.starts_with(start))
        || subject.starts_with("je suis absent")
}

fn generated(head: &Head) -> bool {
    // RFC 3834, 5: any value but "no" is automatic.
    let submitted = keywords(head, "auto-submitted").any(|value| !value.is_empty() && value != "no");
    // DR, NRN and RN only ask for no receipts: people's mail carries them ([MS-OXCMAIL]).
    let suppressed = head.all("x-auto-response-suppress").any(|value| {
        value
            .split([',', ';', ' '])
            .any(|word| ["all", "oof", "autoreply"].contains(&word.trim().to_ascii_lowercase().as_str()))
    });
    submitted || suppressed || head.count("x-ms-exchange-inbox-rules-loop") > 0 || head.count("x-loop") > 0
}

fn calendar(signs: &Signs<'_>) -> bool {
    let class = signs.head.last("content-class").unwrap_or_default().trim().to_ascii_lowercase();
    class == "urn:content-classes:calendarmessage"
        || signs.parts.leaves.iter().any(|leaf| {
            // Attached, it is a file that a person sends along.
            leaf.media_type == "text/calendar"
                && !leaf.attached
                && (leaf.method.is_some()
                    || leaf.text(MAX_BYTES).0.lines().any(|line| line.starts_with("METHOD:")))
        })
}

fn receipt(signs: &Signs<'_>) -> bool {
    let kind =
        |kind: &String| kind.starts_with("multipart/report") && kind.contains("disposition-notification");
    signs.parts.multiparts.iter().any(kind)
        || signs.parts.leaves.iter().any(|leaf| leaf.media_type == "message/disposition-notification")
}

/// A delivery report in the form of RFC 3464.
fn report(signs: &Signs<'_>) -> Option<Automatic> {
    let status = signs.parts.leaves.iter().find(|leaf| {
        matches!(leaf.media_type.as_str(), "message/delivery-status" | "message/global-delivery-status")
    });
    let Some(status) = status else {
        let announced = signs.parts.multiparts.iter().any(|kind| kind.starts_with("multipart/report"));
        return (announced && !receipt(signs)).then(|| bounce_from_text(signs));
    };
    let text = status.text(MAX_BYTES).0;
    let value = |line: &str, name: &str| {
        let (field, value) = line.split_once(':')?;
        field.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    };
    let actions: Vec<String> =
        text.lines().filter_map(|line| value(line, "action")).map(|value| keyword(&value)).collect();
    let codes: Vec<String> =
        text.lines().filter_map(|line| value(line, "status")).filter_map(|value| code_in(&value)).collect();
    let failed =
        actions.iter().any(|action| action == "failed") || codes.iter().any(|code| code.starts_with('5'));
    let trouble = failed || actions.iter().any(|action| action == "delayed") || actions.is_empty();
    if !trouble {
        // « delivered », « relayed », « expanded »: good news.
        return Some(Automatic::Receipt);
    }
    // The recipient that failed matters more than one that is only late.
    let code = codes.iter().find(|code| code.starts_with('5')).or(codes.first()).cloned();
    Some(Automatic::Bounce { original: original(signs), permanent: failed, status: code })
}

fn bounce_from_text(signs: &Signs<'_>) -> Automatic {
    let text = signs.text.get(..signs.text.floor_char_boundary(MAX_BYTES)).unwrap_or(signs.text);
    let status = text.lines().find_map(code_in);
    let folded = fold(text);
    let late = [
        "delayed",
        "retarde",
        "will be retried",
        "will keep trying",
        "sera retente",
        "still trying",
        "nouvelle tentative",
    ];
    let delayed = late.iter().any(|word| folded.contains(word)) || fold(signs.subject).contains("delay");
    let permanent = match &status {
        Some(code) => code.starts_with('5'),
        None => !delayed,
    };
    Automatic::Bounce { original: original(signs), permanent, status }
}

fn is_bounce_text(subject: &str, text: &str) -> bool {
    const PHRASES: [&str; 30] = [
        "undeliverable",
        "undelivered mail",
        "returned mail",
        "returned to sender",
        "mail delivery failed",
        "delivery failed",
        "delivery has failed",
        "delivery failure",
        "delivery status notification",
        "failure notice",
        "could not be delivered",
        "couldn't be delivered",
        "wasn't delivered",
        "was not delivered",
        "message not delivered",
        "delivery delayed",
        "has been delayed",
        "mailbox full",
        "user unknown",
        "non remis",
        "non distribue",
        "non distribuable",
        "echec de la remise",
        "echec de remise",
        "remise impossible",
        "n'a pas pu etre remis",
        "n'a pas pu etre envoye",
        "n'a pu etre remis",
        "n'a pas ete remis",
        "retard de remise",
    ];
    let folded = fold(text.get(..text.floor_char_boundary(8 * 1024)).unwrap_or(text));
    PHRASES.iter().any(|phrase| subject.contains(phrase) || folded.contains(phrase))
}

/// The enhanced status code (RFC 3463) in a line: `5.1.1`.
fn code_in(line: &str) -> Option<String> {
    let line = line.get(..line.floor_char_boundary(1_000)).unwrap_or(line);
    line.split(|c: char| !(c.is_ascii_digit() || c == '.')).find_map(|word| {
        let word = word.trim_matches('.');
        let mut numbers = word.split('.');
        let (class, subject, detail) = (numbers.next()?, numbers.next()?, numbers.next()?);
        let short = |number: &str| (1..=3).contains(&number.len());
        (matches!(class, "2" | "4" | "5") && short(subject) && short(detail) && numbers.next().is_none())
            .then(|| word.to_owned())
    })
}

/// The message that a bounce reports on: the one that it gives back, else the one that its
/// text names, else the one that it answers.
fn original(signs: &Signs<'_>) -> Option<MessageId> {
    let returned = |leaf: &&Leaf<'_>| {
        matches!(
            leaf.media_type.as_str(),
            "message/rfc822"
                | "message/global"
                | "text/rfc822-headers"
                | "message/rfc822-headers"
                | "message/global-headers"
        )
    };
    let from_part = signs.parts.leaves.iter().filter(returned).find_map(|leaf| {
        let (bytes, _) = leaf.bytes();
        let (head, _) = Head::split(bytes.get(..MAX_BYTES).unwrap_or(&bytes));
        head.last("message-id").and_then(|value| ids_in(value).into_iter().next())
    });
    from_part.or_else(|| id_in_text(signs.text)).or_else(|| signs.parents.first().map(|id| (*id).clone()))
}

/// A `Message-ID:` line of the header that a plain-text bounce repeats.
fn id_in_text(text: &str) -> Option<MessageId> {
    let text = text.get(..text.floor_char_boundary(MAX_BYTES)).unwrap_or(text);
    let mut lines = text.lines().map(|line| line.trim_start_matches(['>', ' ', '\t']));
    while let Some(line) = lines.next() {
        let is_id = line.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("message-id:"));
        let Some(value) = line.get(11..).filter(|_| is_id) else { continue };
        // The id may be folded onto the next line.
        let value = if value.trim().is_empty() { lines.next().unwrap_or_default() } else { value };
        if let Some(id) = ids_in(value).into_iter().next() {
            return Some(id);
        }
    }
    None
}
