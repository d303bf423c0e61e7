//! Text → pieces of words, as the encoder was taught them: the unigram model of SentencePiece
//! (Kudo, "Subword Regularization", ACL 2018). Of all ways to cut a text into known pieces the
//! most probable one is taken.

use super::super::words::{ByFeature, end, step};
use unicode_normalization::UnicodeNormalization as _;

/// Stands for a character that no piece holds.
const UNKNOWN: u32 = 0;
/// Stand before and behind every text.
const BEGIN: u32 = 1;
const END: u32 = 2;
/// The piece of a blank.
const BLANK: char = '\u{2581}';
/// What an unknown character costs more than the least probable piece.
const PENALTY: f64 = 10.0;

/// The known pieces and how probable they are.
pub(super) struct Tokens {
    /// All pieces in one row.
    text: String,
    /// Where each begins and ends, and its score: a logarithm of its probability.
    pieces: Vec<(u32, u32, f32)>,
    /// By the hash of its characters.
    index: ByFeature<u32>,
    /// The score of an unknown character.
    unknown: f64,
    /// The longest piece. Characters.
    longest: usize,
}

impl Tokens {
    /// Pieces in the order of their numbers, with their scores.
    pub fn new<'a>(pieces: impl Iterator<Item = (&'a str, f32)>) -> Self {
        let mut tokens = Self {
            text: String::new(),
            pieces: Vec::new(),
            index: ByFeature::default(),
            unknown: 0.0,
            longest: 0,
        };
        let place = |text: &String| u32::try_from(text.len()).unwrap_or(u32::MAX);
        for (number, (piece, score)) in (0_u32..).zip(pieces) {
            let start = place(&tokens.text);
            tokens.text.push_str(piece);
            tokens.pieces.push((start, place(&tokens.text), score));
            tokens.unknown = tokens.unknown.min(f64::from(score));
            // The first three are signs, which no text holds.
            if number > END {
                let state = piece.chars().fold(0, |state, c| step(state, u64::from(u32::from(c))));
                tokens.index.insert(end(state), number);
                tokens.longest = tokens.longest.max(piece.chars().count());
            }
        }
        tokens.unknown -= PENALTY;
        tokens
    }

    /// The numbers of a text's pieces, `most` at most, between the signs of begin and end.
    pub fn pieces(&self, text: &str, most: usize) -> Vec<u32> {
        let mut pieces = self.cut(&normalized(text));
        if pieces.is_empty() {
            pieces.push(UNKNOWN);
        }
        pieces.truncate(most.saturating_sub(2));
        pieces.insert(0, BEGIN);
        pieces.push(END);
        pieces
    }

    /// The most probable way to cut the text.
    fn cut(&self, text: &str) -> Vec<u32> {
        // Where each character begins, and the end.
        let places: Vec<usize> =
            text.char_indices().map(|(place, _)| place).chain(std::iter::once(text.len())).collect();
        // The best way to each place: its score, its last piece, where that begins.
        let mut best = vec![(f64::NEG_INFINITY, UNKNOWN, 0_usize); places.len()];
        if let Some(start) = best.first_mut() {
            start.0 = 0.0;
        }
        let reach = |best: &mut Vec<(f64, u32, usize)>, at: usize, way: (f64, u32, usize)| {
            if let Some(known) = best.get_mut(at)
                && way.0 > known.0
            {
                *known = way;
            }
        };
        for (start, place) in places.iter().enumerate() {
            let Some((score, ..)) = best.get(start).copied() else { break };
            let rest = text.get(*place..).unwrap_or_default();
            let mut state = 0;
            let mut alone = false;
            for (length, (at, c)) in (1..=self.longest).zip(rest.char_indices()) {
                state = step(state, u64::from(u32::from(c)));
                let stretch = rest.get(..at + c.len_utf8()).unwrap_or_default();
                if let Some((piece, of_piece)) = self.known(end(state), stretch) {
                    reach(&mut best, start + length, (score + of_piece, piece, start));
                    alone |= length == 1;
                }
            }
            if !alone {
                reach(&mut best, start + 1, (score + self.unknown, UNKNOWN, start));
            }
        }
        let mut pieces = Vec::new();
        let mut at = places.len() - 1;
        while at > 0 {
            let Some((_, piece, start)) = best.get(at).copied() else { break };
            pieces.push(piece);
            at = start;
        }
        pieces.reverse();
        pieces
    }

    /// The piece with this hash, if it reads so.
    fn known(&self, hash: u64, stretch: &str) -> Option<(u32, f64)> {
        let number = *self.index.get(&hash)?;
        let (start, end, score) = self.pieces.get(number as usize).copied()?;
        (self.text.get(start as usize..end as usize) == Some(stretch)).then(|| (number, f64::from(score)))
    }
}

/// Compatible forms composed (NFKC), every white space one blank, one blank before the text.
fn normalized(text: &str) -> String {
    // A tilde of full width stays what it is; marks of direction and width count as blanks.
    let composed = text.split('\u{ff5e}').map(|part| part.nfkc().collect::<String>());
    let composed = composed.collect::<Vec<_>>().join("\u{ff5e}");
    let blank = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | BLANK | '\u{feff}' | '\u{fffd}')
    };
    let mut normalized = String::with_capacity(composed.len() + 8);
    for word in composed.split(blank).filter(|word| !word.is_empty()) {
        normalized.push(BLANK);
        normalized.push_str(word);
    }
    normalized
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> Tokens {
        let pieces = [
            ("<unk>", 0.0),
            ("<s>", 0.0),
            ("</s>", 0.0),
            ("▁", -3.0),
            ("▁la", -2.0),
            ("la", -2.5),
            ("▁suspen", -4.0),
            ("sion", -4.0),
            ("▁suspension", -7.5),
            ("s", -5.0),
        ];
        Tokens::new(pieces.into_iter())
    }

    #[test]
    fn the_most_probable_pieces_are_taken() {
        assert_eq!(tokens().pieces("la suspension", 99), [1, 4, 8, 2], "one piece before two");
        assert_eq!(tokens().pieces(" la\u{a0}\tla ", 99), [1, 4, 4, 2]);
        assert_eq!(tokens().pieces("lasla", 99), [1, 4, 9, 5, 2]);
        assert_eq!(tokens().pieces("sion", 99), [1, 3, 7, 2]);
    }

    #[test]
    fn an_unknown_character_is_one_unknown_piece() {
        assert_eq!(tokens().pieces("la 誰", 99), [1, 4, 3, 0, 2]);
        assert_eq!(tokens().pieces("", 99), [1, 0, 2]);
        // Signs are no words.
        assert!(!tokens().pieces("<s>", 99)[1..].contains(&BEGIN));
    }

    #[test]
    fn a_long_text_is_read_to_the_limit() {
        assert_eq!(tokens().pieces(&"la ".repeat(50), 10).len(), 10);
    }

    #[test]
    fn forms_of_a_character_are_one() {
        assert_eq!(normalized("e\u{301}te\u{301}  ﬁn\u{200b}½"), "▁été▁fin▁1⁄2");
        assert_eq!(normalized("ＩＡ \u{ff5e}"), "▁IA▁\u{ff5e}");
    }
}
