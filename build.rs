//! Lists the files that the binary carries: approved texts, sample mail, configs.

#![allow(clippy::expect_used, reason = "a build that cannot go on stops with the reason")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let mut code = String::new();
    list(&mut code, "REPLIES", &root.join("replies"));
    list(&mut code, "DEMO_MAIL", &root.join("demo/mail"));
    list(&mut code, "DEMO_SENT", &root.join("demo/sent"));
    let single = [
        ("DEMO_CONFIG", "config/demo.toml"),
        ("DEMO_ORGANISATIONS", "demo/organisations.toml"),
        ("EXAMPLE_CONFIG", "config/example.toml"),
    ];
    for (name, path) in single {
        let path = root.join(path);
        println!("cargo::rerun-if-changed={}", path.display());
        writeln!(code, "pub const {name}: &str = include_str!({path:?});").expect("a string takes all");
    }
    let out = PathBuf::from(env::var("OUT_DIR").expect("set by cargo"));
    fs::write(out.join("shipped.rs"), code).expect("OUT_DIR can be written");
}

/// One constant: every file under `folder` with its path from there, in order.
fn list(code: &mut String, name: &str, folder: &Path) {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    writeln!(code, "pub const {name}: &[(&str, &[u8])] = &[").expect("a string takes all");
    for path in files {
        let short = path.strip_prefix(folder).expect("found beneath it");
        writeln!(code, "    ({short:?}, include_bytes!({path:?})),").expect("a string takes all");
    }
    code.push_str("];\n");
}
