//! The lines of a text, as the rules of [`super`] see them.

use crate::message::CutReason;

/// Longer lines are prose: no rule looks behind this many bytes.
const MAX_FOLDED: usize = 600;

/// A line that is not blank.
#[derive(Debug)]
pub(super) struct Line<'t> {
    /// As written, without white space at its end.
    pub(super) text: &'t str,
    /// Its start in one form: see [`fold`]. Empty for quoted lines.
    pub(super) folded: String,
    /// Whether a blank line stands before it.
    pub(super) gap: bool,
    /// Whether it begins with `>`.
    pub(super) quoted: bool,
    /// Why it does not count; `None`: it is new.
    pub(super) cut: Option<CutReason>,
}

impl Line<'_> {
    pub(super) fn is_new(&self) -> bool {
        self.cut.is_none()
    }

    /// Words with at least one letter or digit.
    pub(super) fn words(&self) -> usize {
        self.text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).take(1_000).count()
    }

    /// Whether a question mark ends something here; one inside a word is a lost letter.
    pub(super) fn asks(&self) -> bool {
        self.text
            .match_indices('?')
            .any(|(at, _)| !self.text.get(at + 1..).unwrap_or_default().starts_with(char::is_alphanumeric))
    }

    /// Whether more stands here than the rules looked at.
    pub(super) fn is_long(&self) -> bool {
        self.text.len() > MAX_FOLDED
    }

    /// Takes one quote mark off, for a forward that was quoted as a whole.
    pub(super) fn unquote(&mut self) {
        let inner = self.text.trim_start().strip_prefix('>').unwrap_or(self.text);
        let inner = inner.strip_prefix(' ').unwrap_or(inner);
        self.quoted = inner.trim_start().starts_with('>');
        self.text = inner;
        self.folded = if self.quoted { String::new() } else { folded(inner) };
    }
}

/// The lines of `text` that are not blank.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut gap = false;
    for line in text.lines() {
        let line = line.trim_end();
        // A line of nothing but quote marks is a blank line of the quote; it still is a line.
        if line.is_empty() {
            gap = true;
            continue;
        }
        let quoted = line.trim_start().starts_with('>');
        let folded = if quoted { String::new() } else { folded(line) };
        lines.push(Line { text: line, folded, gap, quoted, cut: None });
        gap = false;
    }
    lines
}

fn folded(line: &str) -> String {
    fold(line.get(..line.floor_char_boundary(MAX_FOLDED)).unwrap_or(line))
}

/// One form for all the ways to write the same words: lower case, no accents, plain
/// apostrophes, no stars of bold text, single spaces, none before a colon.
///
/// Outlook writes « De : » with a no-break space, mobile clients without any.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        let c = match c {
            '*' => continue,
            '’' | '‘' | 'ʼ' | '`' | '´' => '\'',
            'à' | 'â' | 'ä' | 'À' | 'Â' | 'Ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => 'e',
            'î' | 'ï' | 'Î' | 'Ï' => 'i',
            'ô' | 'ö' | 'Ô' | 'Ö' => 'o',
            'ù' | 'û' | 'ü' | 'Ù' | 'Û' | 'Ü' => 'u',
            'ç' | 'Ç' => 'c',
            '‐' | '‑' | '–' | '—' => '-',
            // Accents written as characters of their own.
            '\u{300}'..='\u{36F}' => continue,
            'œ' | 'Œ' => {
                folded.push_str("oe");
                continue;
            }
            c if c.is_whitespace() => ' ',
            c if c.is_ascii() => c.to_ascii_lowercase(),
            c => c.to_lowercase().next().unwrap_or(c),
        };
        match c {
            ' ' if folded.is_empty() || folded.ends_with(' ') => continue,
            ':' if folded.ends_with(' ') => {
                folded.pop();
            }
            _ => {}
        }
        folded.push(c);
    }
    folded.truncate(folded.trim_end().len());
    folded
}
