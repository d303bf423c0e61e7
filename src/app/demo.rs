//! `greffier demo` and `greffier init`: a whole folder to start from, compiled into the binary.

use super::Problem;
use crate::config::{self, Config};
use crate::{calendar, organisation};
use std::fs;
use std::path::{Path, PathBuf};

/// The library, the sample mail and the configs: listed by `build.rs`.
mod shipped {
    include!(concat!(env!("OUT_DIR"), "/shipped.rs"));
}

/// Writes the demo into `dir`, but for its config: mail, replies, settings.
///
/// # Errors
/// If the folder cannot be written.
pub fn demo(dir: &Path) -> Result<Config, Problem> {
    // Nobody compares the days of a demo with a published calendar, and its figures are to be seen.
    let calendar = calendar::DEFAULT.replace("\nconfirmed = false", "\nconfirmed = true");
    lay_out(dir, shipped::DEMO_ORGANISATIONS, &calendar)?;
    for folder in ["new", "cur", "tmp", ".Sent/new", ".Sent/cur", ".Sent/tmp"] {
        let path = dir.join("mail").join(folder);
        fs::create_dir_all(&path).map_err(failed(&path))?;
    }
    let tmp = dir.join("mail/tmp");
    for (name, content) in shipped::DEMO_MAIL {
        deliver(&dir.join("mail/new"), &tmp, name, content)?;
    }
    for (name, content) in shipped::DEMO_SENT {
        deliver(&dir.join("mail/.Sent/cur"), &tmp, &format!("{name}:2,S"), content)?;
    }
    config::parse(shipped::DEMO_CONFIG, &dir.join("greffier.toml"), &[]).map_err(Problem::Config)
}

/// Writes the demo's config, last and by rename: whoever sees it can use it.
///
/// # Errors
/// If the folder cannot be written.
pub fn write_config(dir: &Path) -> Result<PathBuf, Problem> {
    let path = dir.join("greffier.toml");
    let beside = dir.join("greffier.toml.new");
    fs::write(&beside, shipped::DEMO_CONFIG).map_err(failed(&beside))?;
    fs::rename(&beside, &path).map_err(failed(&path))?;
    Ok(path)
}

/// Writes a commented config and the folders to start from; never over what is there.
///
/// # Errors
/// If the folder cannot be written, or holds a config already.
pub fn init(dir: &Path) -> Result<PathBuf, Problem> {
    let path = dir.join("greffier.toml");
    if path.exists() {
        return Err(failed(&path)(std::io::Error::from(std::io::ErrorKind::AlreadyExists)));
    }
    lay_out(dir, organisation::DEFAULT, calendar::DEFAULT)?;
    fs::write(&path, shipped::EXAMPLE_CONFIG).map_err(failed(&path))?;
    Ok(path)
}

fn lay_out(dir: &Path, organisations: &str, calendar: &str) -> Result<(), Problem> {
    for (name, content) in shipped::REPLIES {
        write_new(&dir.join("replies").join(name), content)?;
    }
    write_new(&dir.join("calendar.toml"), calendar.as_bytes())?;
    write_new(&dir.join("organisations.toml"), organisations.as_bytes())
}

fn write_new(path: &Path, content: &[u8]) -> Result<(), Problem> {
    if path.exists() {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed(folder))?;
    }
    fs::write(path, content).map_err(failed(path))
}

/// As a mail server delivers: written beside and renamed, once.
fn deliver(folder: &Path, tmp: &Path, name: &str, content: &[u8]) -> Result<(), Problem> {
    let path = folder.join(name);
    if path.exists() {
        return Ok(());
    }
    let beside = tmp.join(name);
    fs::write(&beside, content).map_err(failed(&beside))?;
    fs::rename(&beside, &path).map_err(failed(&path))
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> Problem + use<> {
    let path = path.display().to_string();
    move |error| Problem::File { path, error }
}
