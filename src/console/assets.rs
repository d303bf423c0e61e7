//! The style sheet and the script, compiled in; their address changes with their content.

use axum::extract::Path;
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
