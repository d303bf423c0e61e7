//! Any text: every line that is not blank ends up in the newest text or in a cut.
//! `cargo +nightly fuzz run newest`
#![no_main]

use greffier::message::{Banners, newest};
use std::collections::BTreeSet;

libfuzzer_sys::fuzz_target!(|text: &str| {
    for found in [newest("", text, &Banners::default()), newest("TR : x", text, &Banners::default())] {
        // A forward that was quoted as a whole loses its marks.
        let bare = |line: &str| line.trim_start_matches(['>', ' ']).trim().to_owned();
        let cuts = found.cut.iter().flat_map(|cut| cut.text.lines());
        let kept: BTreeSet<String> = found.text.lines().chain(cuts).map(bare).collect();
        for line in text.lines().map(bare).filter(|line| !line.is_empty()) {
            assert!(kept.contains(&line), "lost {line:?}");
        }
    }
});
