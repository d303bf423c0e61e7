//! What may leave: a closed set, so that nothing else can be handed to a way out.
//!
//! Both ways out take a [`Parcel`], and only this file can make a type one: a [`Letter`], which nothing but
//! an approval makes, or a [`Notice`], which is made of numbers.

use crate::letter::Letter;
use crate::notice::Notice;

/// What a way out may be handed.
pub trait Parcel: sealed::Sealed + Sync {
    /// The very bytes that leave, with CR LF line ends.
    fn bytes(&self) -> &[u8];
    /// Their SHA-256, in hex.
    fn sha256(&self) -> &str;
    /// Its own Message-ID, without brackets.
    fn message_id(&self) -> &str;
    /// Envelope sender (RFC 5321 reverse-path).
    fn envelope_from(&self) -> &str;
    /// Envelope recipients (RFC 5321 forward-paths).
    fn recipients(&self) -> &[String];
}

impl Parcel for Letter {
    fn bytes(&self) -> &[u8] {
        self.bytes()
    }

    fn sha256(&self) -> &str {
        self.seal().sha256()
    }

    fn message_id(&self) -> &str {
        self.seal().message_id().as_str()
    }

    fn envelope_from(&self) -> &str {
        self.seal().envelope_from()
    }

    fn recipients(&self) -> &[String] {
        self.seal().recipients()
    }
}

impl Parcel for Notice {
    fn bytes(&self) -> &[u8] {
        self.bytes()
    }

    fn sha256(&self) -> &str {
        self.sha256()
    }

    fn message_id(&self) -> &str {
        self.message_id().as_str()
    }

    fn envelope_from(&self) -> &str {
        self.envelope_from()
    }

    fn recipients(&self) -> &[String] {
        self.recipients()
    }
}

mod sealed {
    /// Out of reach for everybody else, who therefore cannot add to what may leave.
    pub trait Sealed {}
    impl Sealed for crate::letter::Letter {}
    impl Sealed for crate::notice::Notice {}
}
