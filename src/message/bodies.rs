//! Which parts are the text and which are files, and what they hold.

use super::parts::{Leaf, Parts};
use super::{Attachment, charset, html};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// Bytes of text that are kept.
pub(super) const MAX_TEXT: usize = 256 * 1024;
/// Bytes of HTML that are turned into text.
const MAX_HTML: usize = 1024 * 1024;

/// The whole text of a message.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) text: String,
    /// Bytes were repaired to make it.
    pub(super) repaired: bool,
    /// Some was left out for its length.
    pub(super) too_much: bool,
}

/// The parts that make the text, by place: text parts, and HTML only where an alternative
/// has no text to show.
pub(super) fn bodies<'p, 'x>(parts: &'p Parts<'x>) -> Vec<(usize, &'p Leaf<'x>)> {
    let shown = |leaf: &Leaf<'_>| !leaf.attached && (leaf.name.is_none() || parts.leaves.len() == 1);
    let is = |leaf: &Leaf<'_>, kind: &str| leaf.media_type == kind && shown(leaf);
    let plain_groups: Vec<usize> = parts
        .leaves
        .iter()
        .filter(|leaf| is(leaf, "text/plain") && !leaf.text(MAX_TEXT).0.trim().is_empty())
        .filter_map(|leaf| leaf.alternative)
        .collect();
    parts
        .leaves
        .iter()
        .enumerate()
        .filter(|(_, leaf)| {
            let has_plain = leaf.alternative.is_some_and(|group| plain_groups.contains(&group));
            is(leaf, "text/plain") && (leaf.alternative.is_none() || has_plain)
                || is(leaf, "text/html") && !has_plain
                || is(leaf, "text/enriched") && !has_plain
        })
        .collect()
}

/// The text that these parts make together.
pub(super) fn text_of(bodies: &[(usize, &Leaf<'_>)]) -> Text {
    let mut found = Text::default();
    for (_, leaf) in bodies {
        // A blank line stands between two parts.
        let room = MAX_TEXT.saturating_sub(found.text.len() + 2);
        if room == 0 {
            found.too_much = true;
            break;
        }
        let is_html = leaf.media_type == "text/html";
        let limit = if is_html { MAX_HTML } else { MAX_TEXT };
        let (text, repaired) = leaf.text(limit);
        // Cut at the limit, the last letter or group of letters is broken by us.
        found.repaired |= repaired && !leaf.longer_than(limit);
        found.too_much |= leaf.longer_than(limit * 3);
        let text = charset::tidy(&if is_html { html::to_text(&text) } else { text });
        let text = text.trim_end();
        if text.trim().is_empty() {
            continue;
        }
        if !found.text.is_empty() {
            found.text.push_str("\n\n");
        }
        let kept = text.get(..text.floor_char_boundary(room)).unwrap_or(text);
        found.too_much |= kept.len() < text.len();
        found.text.push_str(kept);
    }
    found
}

/// What came with the text: names, sizes and hashes beside the bytes, which nobody opens.
pub(super) fn files<'p>(
    parts: &'p Parts<'p>,
    bodies: &'p [(usize, &Leaf<'p>)],
) -> impl Iterator<Item = (Attachment, Cow<'p, [u8]>)> {
    let is_file = |(place, leaf): &(usize, &Leaf<'_>)| {
        let body = bodies.iter().any(|(at, _)| at == place);
        // The HTML beside a text, or a blank text: another form of the body.
        let other_form = leaf.media_type.starts_with("text/")
            && !leaf.attached
            && leaf.name.is_none()
            && leaf.media_type != "text/calendar";
        !body && !other_form
    };
    parts.leaves.iter().enumerate().filter(is_file).zip(1..).map(|((_, leaf), number)| {
        let (bytes, _) = leaf.bytes();
        let media_type = leaf.media_type.split(';').next().unwrap_or_default().to_owned();
        let attachment = Attachment {
            name: leaf.name.clone().unwrap_or_else(|| made_name(&media_type, number)),
            size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            sha256: HEXLOWER.encode(&Sha256::digest(&bytes)),
            media_type,
        };
        (attachment, bytes)
    })
}

/// A name for a part that has none: its kind and its place.
fn made_name(media_type: &str, place: usize) -> String {
    let ending = match media_type {
        "message/rfc822" | "message/global" => "eml",
        "text/calendar" => "ics",
        "text/rfc822-headers" | "message/delivery-status" | "message/disposition-notification" => "txt",
        "application/pdf" => "pdf",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        _ => "bin",
    };
    format!("{place}.{ending}")
}

/// A winmail.dat, which Outlook alone can read.
pub(super) fn is_tnef(leaf: &Leaf<'_>) -> bool {
    matches!(leaf.media_type.as_str(), "application/ms-tnef" | "application/vnd.ms-tnef")
        || leaf.name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case("winmail.dat"))
}

/// Encrypted, or signed in a way that wraps the text up: `multipart/signed` is readable.
pub(super) fn encrypted(parts: &Parts<'_>, text: &str) -> bool {
    parts.multiparts.iter().any(|kind| kind.starts_with("multipart/encrypted"))
        || parts.leaves.iter().any(|leaf| {
            leaf.media_type.starts_with("application/pkcs7-mime")
                || leaf.media_type.starts_with("application/x-pkcs7-mime")
                || leaf.media_type == "application/pgp-encrypted"
        })
        || text.trim_start().starts_with("-----BEGIN PGP MESSAGE-----")
}
