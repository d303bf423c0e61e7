//! The short code that an approval repeats: which letter somebody had before them.

use super::Draft;
use std::fmt;
use std::str::FromStr;

/// Characters of the longest text that fits into a chat's message whole: a message of Matrix has 64 KiB, one
/// of Teams 28.
pub const LONGEST_SHOWN: usize = 6_000;

/// Crockford's base32: no `I`, `L`, `O` or `U`, so that a code can be read aloud and retyped.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Bits that one character holds.
const BITS: u32 = 5;

/// The first 30 bits of a letter's digest, as six characters: `K7QM2X`.
///
/// **What it protects against: an old card.** Somebody approves from a card further up in
/// the room while the draft has changed since; their code is that of the former letter,
/// and the desk refuses it. **It does not protect against an attacker**: whoever can read
/// the room can read the code, and 30 bits can be found again by trying. Who may approve
/// is settled by who they are, and what is approved by the whole digest and the version
/// that belongs to the card. A code alone proves and permits nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u32);

/// The text is no [`Code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a code")]
pub struct BadCode;

impl Code {
    /// Characters of a code. Six are typed without looking twice, and two letters of one
    /// thread share a code once in a thousand million times: enough against an old card,
    /// which is all that a code is for.
    pub const LENGTH: u32 = 6;

    /// The code in examples: `K7QM2X`.
    pub const SAMPLE: Self = Self((19 << 25) | (7 << 20) | (23 << 15) | (20 << 10) | (2 << 5) | 29);

    /// The code of a SHA-256 digest in hex; `None` if the text is no such digest.
    #[must_use]
    pub fn of(digest_hex: &str) -> Option<Self> {
        if digest_hex.len() != 64 || !digest_hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let first = u32::from_str_radix(digest_hex.get(..8)?, 16).ok()?;
        Some(Self(first >> (u32::BITS - Self::LENGTH * BITS)))
    }
}

/// Why a letter cannot be approved by its code alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCode {
    /// A message can show it in part only: nobody approves what he could not see.
    TooLong,
    /// A recipient is unusual: the console asks about each.
    Unusual,
    /// Fields are still open.
    OpenFields,
}

impl NoCode {
    /// The key of what to tell.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::TooLong => "chat-card-long",
            Self::Unusual => "chat-card-unusual",
            Self::OpenFields => "chat-card-fields",
        }
    }
}

impl Draft {
    /// The code that its card shows.
    ///
    /// # Errors
    /// If it is to be approved elsewhere.
    pub fn code(&self) -> Result<Code, NoCode> {
        if self.body_text().trim_end().chars().nth(LONGEST_SHOWN).is_some() {
            return Err(NoCode::TooLong);
        }
        if !self.open_fields.is_empty() {
            return Err(NoCode::OpenFields);
        }
        if self.recipients.iter().any(|recipient| recipient.unusual.is_some()) {
            return Err(NoCode::Unusual);
        }
        // A digest always has one.
        Code::of(&self.digest()).ok_or(NoCode::TooLong)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digit = |place: u32| {
            let value = (self.0 >> (place * BITS)) & 31;
            usize::try_from(value).ok().and_then(|value| ALPHABET.get(value)).copied().unwrap_or(b'0')
        };
        (0..Self::LENGTH).rev().try_for_each(|place| write!(f, "{}", char::from(digit(place))))
    }
}

impl FromStr for Code {
    type Err = BadCode;

    fn from_str(text: &str) -> Result<Self, BadCode> {
        let middle = (Self::LENGTH / 2) as usize;
        let (mut value, mut count, mut hyphens) = (0, 0, 0);
        for (place, c) in text.chars().enumerate() {
            let digit = match c.to_ascii_uppercase() {
                '-' if place == middle && hyphens == 0 => {
                    hyphens += 1;
                    continue;
                }
                'O' => 0,
                'I' | 'L' => 1,
                c => (0_u32..).zip(ALPHABET).find(|(_, known)| char::from(**known) == c).ok_or(BadCode)?.0,
            };
            if count == Self::LENGTH {
                return Err(BadCode);
            }
            count += 1;
            value = (value << BITS) | digit;
        }
        if count == Self::LENGTH { Ok(Self(value)) } else { Err(BadCode) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_the_first_thirty_bits() {
        assert_eq!(Code::of(&"0".repeat(64)).unwrap().to_string(), "000000");
        assert_eq!(Code::of(&"f".repeat(64)).unwrap().to_string(), "ZZZZZZ");
        // 00000 00001 00010 00011 00100 00101 | 11 left out
        let digest = format!("00443217{}", "a".repeat(56));
        assert_eq!(Code::of(&digest).unwrap().to_string(), "012345");
        assert_eq!(Code::of(&digest.to_uppercase()), Code::of(&digest));
        for wrong in
            ["", "0044", &digest[1..], &format!("{digest}0"), &digest.replace('a', "g"), &"é".repeat(32)]
        {
            assert_eq!(Code::of(wrong), None, "{wrong}");
        }
        assert_eq!(Code::SAMPLE.to_string(), "K7QM2X");
    }

    #[test]
    fn a_code_is_read_as_people_write_it() {
        for text in ["K7QM2X", "k7qm2x", "K7Q-M2X", "k7q-m2x"] {
            assert_eq!(text.parse(), Ok(Code::SAMPLE), "{text}");
        }
        assert_eq!("oOiIlL".parse::<Code>(), "001111".parse());
        for text in [
            "",
            "K7QM2",
            "K7QM2XX",
            "K7-QM2X",
            "K7Q--M2X",
            "-K7QM2X",
            "K7QM2X-",
            "K7QM2U",
            "K7QM2É",
            "K7Q M2X",
            "Κ7QM2X",
            "K7QM２X",
            "K7Q‑M2X",
        ] {
            assert_eq!(text.parse::<Code>(), Err(BadCode), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read(bits in 0_u32..1 << 30) {
            let code = Code(bits);
            prop_assert_eq!(code.to_string().parse(), Ok(code));
            prop_assert_eq!(Code::of(&format!("{:08x}{}", bits << 2, "0".repeat(56))), Some(code));
        }
    }
}
