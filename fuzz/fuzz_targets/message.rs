//! Any bytes as a message: no panic outwards, and nothing that breaks a header's line.
//! `cargo +nightly fuzz run message fuzz/corpus/message tests/mail -- -max_len=65536`
#![no_main]

use greffier::message::{Banners, Defect, read, read_head};

libfuzzer_sys::fuzz_target!(|raw: &[u8]| {
    for message in [read(raw, &Banners::default()), read_head(raw, &Banners::default())] {
        let breaks = |text: &str| text.contains(['\r', '\n', '\0']);
        assert!(!breaks(&message.subject));
        let people = message.from.iter().chain(&message.reply_to).chain(&message.to).chain(&message.cc);
        for person in people {
            assert!(!breaks(&person.email) && person.email.matches('@').count() == 1);
            assert!(person.name.as_ref().is_none_or(|name| !breaks(name)));
        }
        // A panic inside is caught and said; here it is a find.
        let has_header = raw.windows(6).any(|window| window.eq_ignore_ascii_case(b"\nfrom:"));
        assert!(!(has_header && message.defects.contains(&Defect::Unparsable) && message.text.is_empty()));
    }
});
