//! Addresses out of From, Reply-To, To and Cc (RFC 5322, 3.4).
//!
//! An address that leaves this file can stand in a header and in an SMTP command as it
//! is: one `@`, no space, no control, no bracket, no quote.

use super::{Address, charset, words};
use data_encoding::BASE64;
use mail_parser::HeaderValue;
use mail_parser::parsers::MessageStream;

/// Addresses of one field that are kept.
pub(super) const MAX_PEOPLE: usize = 200;
/// Characters of a display name.
const MAX_NAME: usize = 128;
/// Bytes of a field that are parsed: room for 200 addresses with names.
const MAX_BYTES: usize = 32 * 1024;

/// What a field of addresses held.
#[derive(Debug, Default)]
pub(super) struct People {
    pub(super) list: Vec<Address>,
    /// Some were left out for their number.
    pub(super) too_much: bool,
    /// Some could not be taken: two addresses glued into one, no domain, odd characters.
    pub(super) unusable: bool,
    /// Some name had to be repaired.
    pub(super) repaired: bool,
}

/// The people in all the `values` of one field.
pub(super) fn people<'a>(values: impl Iterator<Item = &'a str>) -> People {
    let mut found = People::default();
    for value in values {
        if found.list.len() >= MAX_PEOPLE {
            found.too_much = true;
            break;
        }
        add(&mut found, value);
    }
    found
}

fn add(found: &mut People, value: &str) {
    let value = match value.get(..value.floor_char_boundary(MAX_BYTES)) {
        Some(short) if short.len() < value.len() => {
            found.too_much = true;
            // What stands after the last comma was cut through.
            short.rsplit_once(',').map_or("", |(whole, _)| whole)
        }
        _ => value,
    };
    // Names are decoded first, so that one cut inside a letter or labelled wrongly is
    // sound, and put back as a word that no comma or bracket inside it can break.
    let (clean, repaired) =
        words::decode(value, |text| format!("=?utf-8?B?{}?=", BASE64.encode(text.as_bytes())));
    found.repaired |= repaired;
    let line = clean + "\n";
    let parsed = MessageStream::new(line.as_bytes()).parse_address();
    let HeaderValue::Address(parsed) = parsed else { return };
    for person in parsed.iter() {
        if found.list.len() >= MAX_PEOPLE {
            found.too_much = true;
            return;
        }
        let name =
            person.name().map(|name| charset::one_line(name, MAX_NAME)).filter(|name| !name.is_empty());
        match person.address().and_then(email) {
            Some(email) => {
                // Outlook repeats the address as the name.
                let name = name.filter(|name| !name.trim_matches(['\'', '"']).eq_ignore_ascii_case(&email));
                let name = name.map(|name| unquoted(&name).to_owned());
                if !found.list.iter().any(|known| known.same_mailbox(&email)) {
                    found.list.push(Address { name, email });
                }
            }
            None => found.unusable = true,
        }
    }
}

/// Outlook puts names in single quotes: `'Nom, Prénom'`.
fn unquoted(name: &str) -> &str {
    name.strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(name)
}

/// `local@domain` with the domain in lower case, or `None` if it could not be written to.
pub(super) fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.split_once('@')?;
    let local_sound = !local.is_empty()
        && local.len() <= 64
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b));
    let domain = domain.strip_suffix('.').unwrap_or(domain).to_lowercase();
    let domain_sound = domain.len() <= 189
        && !domain.starts_with(['.', '-'])
        && !domain.contains("..")
        && !domain.is_empty()
        && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'));
    (local_sound && domain_sound).then(|| format!("{local}@{domain}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &str) -> Vec<String> {
        people([value].into_iter()).list.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn names_and_groups() {
        assert_eq!(
            shown("\"Roy, Élise\" <Elise.Roy@Cegep.EXAMPLE>, b@x.example"),
            ["Roy, Élise <Elise.Roy@cegep.example>", "b@x.example"]
        );
        assert_eq!(
            shown("=?iso-8859-1?Q?Roy=2C_=C9lise?= <e@x.example>, 'F' <f@x.example>"),
            ["Roy, Élise <e@x.example>", "F <f@x.example>"]
        );
        assert_eq!(shown("Direction: a@x.example, B <b@x.example>;"), ["a@x.example", "B <b@x.example>"]);
        assert_eq!(shown("undisclosed-recipients:;"), Vec::<String>::new());
    }

    #[test]
    fn glued_and_broken_addresses_are_refused() {
        for odd in ["\"A\" <a@x.example> <b@y.example>", "a b", "<a@>", "<@x.example>", "\"a b\"@x.example"] {
            let found = people([odd].into_iter());
            assert!(found.list.is_empty(), "{odd}: {:?}", found.list);
            assert!(found.unusable, "{odd}");
        }
    }

    #[test]
    fn a_name_cannot_break_a_line() {
        let found = people(["=?utf-8?Q?A=0D=0ABcc=3A_x=E2=80=AE?= <a@x.example>"].into_iter());
        assert_eq!(found.list.first().and_then(|who| who.name.as_deref()), Some("A Bcc: x"));
    }

    #[test]
    fn crowds_are_bounded() {
        let crowd: String = (0..50_000).map(|n| format!("p{n}@x.example, ")).collect();
        let found = people([crowd.as_str()].into_iter());
        assert_eq!((found.list.len(), found.too_much), (MAX_PEOPLE, true));
        let hostile = "=?((<\"".repeat(100_000);
        assert!(people([hostile.as_str()].into_iter()).list.len() <= MAX_PEOPLE);
    }
}
