//! An address, taken apart for comparison. Takes whatever a mail may bring.

/// The longest text that is taken for an address, in bytes; RFC 5321 allows 254.
const LONGEST: usize = 320;

/// The two sides of an address, as they are compared.
pub(super) struct Place {
    /// The local part in lower case, without needless quotes; the whole text if there is no domain.
    pub local: String,
    /// The domain in ASCII; `None` if there is none that could name somebody.
    pub domain: Option<String>,
    /// What stood for the domain, for the address as it is shown.
    given: Option<String>,
}

impl Place {
    /// Splits at the last `@`: a quoted local part may hold others. `None` if the text is too
    /// long to be an address; a part of it must not stand for the whole.
    pub fn of(email: &str) -> Option<Self> {
        let email = email.trim();
        if email.len() > LONGEST {
            return None;
        }
        let visible: String = email.chars().map(|c| if is_hidden(c) { '\u{fffd}' } else { c }).collect();
        let clean = visible.trim_start_matches('<').trim_end_matches('>').to_lowercase();
        Some(match clean.rsplit_once('@') {
            Some((local, domain)) => Self {
                local: unquoted(local.trim()).to_owned(),
                domain: ascii_domain(domain),
                given: Some(domain.trim().to_owned()),
            },
            None => Self { local: clean, domain: None, given: None },
        })
    }

    /// The whole address in its compared form.
    pub fn address(&self) -> String {
        match (&self.domain, &self.given) {
            (Some(domain), _) | (None, Some(domain)) => format!("{}@{domain}", self.local),
            (None, None) => self.local.clone(),
        }
    }
}

/// The domain in lower-case ASCII (RFC 5890) without its final dot; `None` for address
/// literals, numbers and what no domain can be.
pub(super) fn ascii_domain(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('.');
    if text.is_empty() || text.len() > 253 {
        return None;
    }
    let ascii = idna::domain_to_ascii_cow(text.as_bytes(), idna::AsciiDenyList::URL).ok()?;
    let ascii = ascii.trim_end_matches('.');
    let sound = ascii.len() <= 253 && ascii.split('.').all(|label| !label.is_empty() && label.len() <= 63);
    // `[192.0.2.1]` and `192.0.2.1` name machines, and "2.1" is nobody's domain.
    let last = ascii.rsplit('.').next().unwrap_or_default();
    let names = !last.bytes().all(|b| b.is_ascii_digit()) && !ascii.contains(['[', ']', ':']);
    (sound && names).then(|| ascii.to_owned())
}

/// The domain as people read it. Only Latin letters are shown as letters: a Cyrillic look-alike
/// stays in its `xn--` form.
pub(super) fn shown_domain(ascii: &str) -> String {
    let (unicode, outcome) = idna::domain_to_unicode(ascii);
    let latin = unicode.chars().all(|c| c.is_ascii() || ('\u{c0}'..='\u{17f}').contains(&c));
    if outcome.is_ok() && latin { unicode } else { ascii.to_owned() }
}

/// `"jean"` → `jean` (RFC 5321, 4.1.2: both name the same mailbox); other quotes stay.
fn unquoted(local: &str) -> &str {
    let inner = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner) if !inner.is_empty() && inner.chars().all(is_atom) && !inner.contains("..") => inner,
        _ => local,
    }
}

fn is_atom(c: char) -> bool {
    c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c)
}

/// Controls, and what turns or hides text. They are replaced, not removed: without them the
/// address would be somebody else's.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
