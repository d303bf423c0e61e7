//! Address patterns of the table: `*` stands for any characters of the local part.

use super::address::ascii_domain;

/// `dir-*@y.example`, compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// The stretches between the stars of the local part.
    pieces: Vec<String>,
    domain: String,
}

impl Pattern {
    /// `None` if the text has no local part, no sound domain, or a star in the domain
    /// (there `domains` says what is meant, subdomains included).
    pub fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.rsplit_once('@')?;
        let local = local.trim().to_lowercase();
        if local.is_empty() || local.contains(char::is_whitespace) || domain.contains('*') {
            return None;
        }
        let mut pieces: Vec<String> = Vec::new();
        for piece in local.split('*') {
            // `**` means no more than `*`.
            if piece.is_empty() && pieces.len() > 1 && pieces.last().is_some_and(String::is_empty) {
                continue;
            }
            pieces.push(piece.to_owned());
        }
        Some(Self { pieces, domain: ascii_domain(domain)? })
    }

    /// The domain, in ASCII.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Whether every local part fits.
    pub fn takes_all(&self) -> bool {
        self.pieces.len() > 1 && self.pieces.iter().all(String::is_empty)
    }

    /// How much of an address it says, in bytes, the `@` included.
    pub fn literal(&self) -> usize {
        self.pieces.iter().map(String::len).sum::<usize>() + 1 + self.domain.len()
    }

    /// Whether an address, both sides in lower case and the domain in ASCII, fits.
    pub fn matches(&self, local: &str, domain: &str) -> bool {
        if domain != self.domain {
            return false;
        }
        let (Some(first), Some(last)) = (self.pieces.first(), self.pieces.last()) else { return false };
        if self.pieces.len() == 1 {
            return local == first;
        }
        let Some(middle) =
            local.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()))
        else {
            return false;
        };
        // Each stretch at its earliest place: if any way fits, this one does.
        let mut rest = middle;
        let between = self.pieces.len().saturating_sub(2);
        for piece in self.pieces.iter().skip(1).take(between) {
            match rest.split_once(piece.as_str()) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
        true
    }
}
