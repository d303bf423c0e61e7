//! Lines to the terminal. A reader that has gone away is no error; control characters of strangers
//! never reach a terminal.

use std::io::{IsTerminal as _, Write as _};

/// Prints text that people or programs asked for.
pub(super) fn say(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{}", harmless(text));
}

/// Prints what went wrong.
pub(super) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "greffier: {}", harmless(text));
}

/// Hands over a file: byte for byte, but to a terminal as lines.
pub(super) fn hand_over(file: &[u8]) {
    let mut out = std::io::stdout().lock();
    if out.is_terminal() {
        drop(out);
        return say(String::from_utf8_lossy(file).replace("\r\n", "\n").trim_end());
    }
    let _ = out.write_all(file).and_then(|()| out.flush());
}

/// Whether a character would speak to the terminal; mail may hold such.
pub(super) fn is_hostile(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

fn harmless(text: &str) -> String {
    text.chars().map(|c| if is_hostile(c) { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        assert_eq!(harmless("a\u{1b}[2Jb\u{202e}c\n"), "a\u{fffd}[2Jb\u{fffd}c\n");
    }
}
