//! Message-IDs that only we can have made.
//!
//! `<g<thread>.<nonce>.<mac>@<domain>`: the thread's number can be guessed, the keyed
//! hash (HMAC-SHA256, RFC 2104, cut to 16 bytes) cannot. So a mail that refers to one of
//! our letters is known even if the journal never saw the letter come back.

use crate::message::MessageId;
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const MAC_BYTES: usize = 16;

fn mac(key: &[u8], signed: &str) -> Option<Hmac<Sha256>> {
    // HMAC takes keys of any length; the error exists for other algorithms.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(b"greffier message-id 1\0");
    mac.update(signed.as_bytes());
    Some(mac)
}

/// Makes the Message-ID of a letter in `thread`.
///
/// `nonce` must be new for each letter; `domain` is ours, and an unusable one is
/// replaced by `greffier.invalid`. `None` only if the key cannot be used.
#[must_use]
pub fn issue(key: &[u8], thread: u64, nonce: &[u8; 12], domain: &str) -> Option<MessageId> {
    let signed = format!("g{thread}.{}", BASE32_NOPAD.encode(nonce).to_ascii_lowercase());
    let sum = mac(key, &signed)?.finalize().into_bytes();
    let sum = HEXLOWER.encode(sum.get(..MAC_BYTES)?);
    let id = |domain: &str| MessageId::parse(&format!("{signed}.{sum}@{}", domain.to_ascii_lowercase()));
    let sound =
        !domain.is_empty() && domain.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-');
    sound.then(|| id(domain)).flatten().or_else(|| id("greffier.invalid"))
}

/// The thread of a Message-ID that was issued with one of `keys` (the current one and
/// those before it); `None` for any other id. The hash is compared in constant time.
#[must_use]
pub fn verify(keys: &[&[u8]], id: &MessageId) -> Option<u64> {
    let (local, _) = id.as_str().rsplit_once('@')?;
    let (signed, sum) = local.rsplit_once('.')?;
    let (thread, nonce) = signed.strip_prefix('g')?.split_once('.')?;
    let number: u64 = thread.parse().ok()?;
    // `g+7` and `g07` are not what we write.
    if number.to_string() != thread || nonce.is_empty() {
        return None;
    }
    let sum = HEXLOWER.decode(sum.as_bytes()).ok().filter(|sum| sum.len() == MAC_BYTES)?;
    let mut known = false;
    for key in keys {
        known |= mac(key, signed).is_some_and(|mac| mac.verify_truncated_left(&sum).is_ok());
    }
    known.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: &[u8] = b"a key of the tests, long enough.";
    const OLD: &[u8] = b"the key of last year, retired...";

    #[test]
    fn an_id_names_its_thread() {
        let id = issue(KEY, 412, &[7; 12], "Ministere.example").unwrap();
        assert_eq!(
            id.as_str(),
            "g412.a4dqobyha4dqobyha4dq.06027ed7b1e6087121a50d2be4280fd3@ministere.example"
        );
        assert_eq!(verify(&[KEY], &id), Some(412));
        assert_eq!(issue(KEY, 412, &[7; 12], "Ministere.example").unwrap(), id);
        assert_ne!(issue(KEY, 412, &[8; 12], "Ministere.example").unwrap(), id);
    }

    #[test]
    fn keys_can_be_replaced() {
        let old = issue(OLD, 7, &[1; 12], "ministere.example").unwrap();
        assert_eq!(verify(&[KEY], &old), None);
        assert_eq!(verify(&[KEY, OLD], &old), Some(7));
        assert_eq!(verify(&[], &old), None);
    }

    #[test]
    fn a_changed_id_is_not_ours() {
        let id = issue(KEY, 412, &[7; 12], "ministere.example").unwrap();
        let (local, domain) = id.as_str().split_once('@').unwrap();
        for place in 0..local.len() {
            let mut changed = local.as_bytes().to_vec();
            changed[place] = if changed[place] == b'2' { b'3' } else { b'2' };
            let changed = format!("{}@{domain}", String::from_utf8(changed).unwrap());
            assert_eq!(verify(&[KEY], &MessageId::parse(&changed).unwrap()), None, "{changed}");
        }
        for cut in ["g412@x", "g412.a@x", "g412.a.00@x", ".@x", "a@x"] {
            assert_eq!(verify(&[KEY], &MessageId::parse(cut).unwrap()), None, "{cut}");
        }
    }

    #[test]
    fn a_domain_that_cannot_stand_in_an_id_is_replaced() {
        for domain in ["", "é.example", "a b", "a\r\nb", "a>b"] {
            let id = issue(KEY, 1, &[0; 12], domain).unwrap();
            assert!(id.as_str().ends_with("@greffier.invalid"));
            assert_eq!(verify(&[KEY], &id), Some(1));
        }
    }

    proptest! {
        #[test]
        fn what_is_issued_is_known(thread in any::<u64>(), nonce in any::<[u8; 12]>(), key in any::<Vec<u8>>()) {
            let id = issue(&key, thread, &nonce, "ministere.example").unwrap();
            prop_assert_eq!(verify(&[&key], &id), Some(thread));
        }

        #[test]
        fn other_ids_are_not(local in "[a-z0-9.]{1,60}") {
            if let Some(id) = MessageId::parse(&format!("{local}@ministere.example")) {
                prop_assert_eq!(verify(&[KEY], &id), None);
            }
        }
    }
}
