//! Files that came with a message: downloads, never shown in a page.

use super::Shared;
use super::page::{Failure, blocking};
use super::visitor::Visitor;
use crate::people::Accessed;
use crate::review::Refusal;
use crate::thread::ThreadId;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

pub(super) async fn download(
    State(console): State<Shared>,
    Path((id, message, place)): Path<(ThreadId, u64, usize)>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    let desk = console.desk.clone();
    let found = blocking(move || desk.attachment(id, message, place).map_err(Refusal::from)).await;
    let (file, bytes) = found
        .map_err(|refusal| Failure::of(&console, visitor.wording, &refusal))?
        .ok_or_else(|| Failure::not_found(visitor.wording))?;
    let what = Accessed::File { thread: id, message, place };
    let (people, actor) = (console.people.clone(), visitor.actor());
    blocking(move || people.note(&actor, what)).await;
    // A type that is none, or a name with whatever in it, comes from a hostile mail.
    let plain = HeaderValue::from_static("application/octet-stream");
    let media_type = Some(&file.media_type).filter(|of| is_media_type(of));
    let media_type = media_type.and_then(|of| HeaderValue::from_str(of).ok()).unwrap_or(plain);
    let disposition = HeaderValue::from_str(&disposition(&file.name))
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    Ok(([(CONTENT_TYPE, media_type), (CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

/// `type/subtype` of RFC 6838 characters.
fn is_media_type(text: &str) -> bool {
    let name = |part: &str| {
        let sound = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
        !part.is_empty() && part.len() <= 127 && part.bytes().all(sound)
    };
    text.split_once('/').is_some_and(|(main, sub)| name(main) && name(sub))
}

/// A download under this name (RFC 6266, with the characters of RFC 8187).
fn disposition(name: &str) -> String {
    let mut encoded = String::from("attachment; filename*=UTF-8''");
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => encoded.push(char::from(byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_or_type_stays_a_name_and_no_type() {
        assert_eq!(
            disposition("é \"a\"\r\nb.pdf"),
            "attachment; filename*=UTF-8''%C3%A9%20%22a%22%0D%0Ab.pdf"
        );
        assert!(is_media_type("application/vnd.ms-excel") && is_media_type("image/svg+xml"));
        for wrong in ["", "text", "text/", "text/html; charset=x", "text/html\r\nX: y", "a/b/c"] {
            assert!(!is_media_type(wrong), "{wrong}");
        }
    }
}
