//! The style sheet and the script, compiled in; their address changes with their content. Beside them the
//! ministry's own theme, read from its folder at each request.

use super::Shared;
use super::page::blocking;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;

const FILES: [(&str, &str, &str); 2] = [
    ("console.css", "text/css; charset=utf-8", include_str!("assets/console.css")),
    ("console.js", "text/javascript; charset=utf-8", include_str!("assets/console.js")),
];

/// The first digits of the SHA-256 of both.
static DIGEST: LazyLock<String> = LazyLock::new(|| {
    let mut sum = Sha256::new();
    FILES.iter().for_each(|(_, _, content)| sum.update(content));
    let hex = HEXLOWER.encode(&sum.finalize());
    hex.get(..16).unwrap_or_default().to_owned()
});

/// Where a file of this build is.
pub(super) fn address(name: &str) -> String {
    format!("/statique/{}/{name}", *DIGEST)
}

pub(super) async fn asset(Path((digest, name)): Path<(String, String)>) -> Response {
    let found = FILES.iter().find(|(known, ..)| *known == name).filter(|_| digest == *DIGEST);
    match found {
        Some((_, media_type, content)) => {
            let cache = "public, max-age=31536000, immutable";
            ([(header::CONTENT_TYPE, *media_type), (header::CACHE_CONTROL, cache)], *content).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// What a theme may have, by how its name ends.
const THEME: [(&str, &str); 5] = [
    (".css", "text/css; charset=utf-8"),
    (".svg", "image/svg+xml"),
    (".png", "image/png"),
    (".woff2", "font/woff2"),
    (".jpg", "image/jpeg"),
];
/// The style sheet that every page asks for.
const THEME_CSS: &str = "theme.css";

/// A file of the theme; without a theme an empty style sheet.
pub(super) async fn theme(State(console): State<Shared>, Path(name): Path<String>) -> Response {
    let dir = console.config.console.as_ref().and_then(|console| console.theme.clone());
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let media_type = THEME.iter().find(|(end, _)| name.ends_with(end)).map(|(_, media_type)| *media_type);
    let is_plain = !name.starts_with('.') && name.bytes().all(plain);
    let Some(media_type) = media_type.filter(|_| is_plain) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let wanted = name.clone();
    let read = blocking(move || dir.map(|dir| std::fs::read(dir.join(wanted)))).await;
    let bytes = match read {
        Some(Ok(bytes)) => bytes,
        // Every page asks for it: that there is none is no news.
        None if name == THEME_CSS => Vec::new(),
        Some(Err(error)) if name == THEME_CSS => {
            tracing::warn!(%error, "the theme's style sheet cannot be read");
            Vec::new()
        }
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    ([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "public, max-age=300")], bytes)
        .into_response()
}
