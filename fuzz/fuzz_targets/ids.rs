//! Any field as References: what comes out can stand in a header, and a subject's base is
//! stable. `cargo +nightly fuzz run ids`
#![no_main]

use greffier::message::{ids_in, thread_subject};

libfuzzer_sys::fuzz_target!(|field: &str| {
    for id in ids_in(field) {
        assert!(id.as_str().len() <= 250 && id.as_str().contains('@'));
        assert!(id.as_str().bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte)));
    }
    let base = thread_subject(field);
    assert_eq!(thread_subject(&format!("RE: {base}")), base);
});
