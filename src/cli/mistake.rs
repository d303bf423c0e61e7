//! A wrong command line, in words: what is wrong, and the nearest right form.

use crate::wording::Wording;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// One or two lines for people.
pub(super) fn lines(error: &clap::Error, wording: &Wording) -> String {
    let get = |kind| error.get(kind).map(text).unwrap_or_default();
    let arg = get(ContextKind::InvalidArg);
    let value = get(ContextKind::InvalidValue);
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue]
        .into_iter()
        .find_map(|kind| error.get(kind).map(text))
        .filter(|near| !near.is_empty());
    let line = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            wording.with("mistake-command", &[("command", &get(ContextKind::InvalidSubcommand))])
        }
        ErrorKind::UnknownArgument => wording.with("mistake-unknown", &[("arg", &arg)]),
        ErrorKind::MissingRequiredArgument => wording.with("mistake-missing", &[("arg", &arg)]),
        ErrorKind::MissingSubcommand => {
            wording.with("mistake-no-command", &[("known", &get(ContextKind::ValidSubcommand))])
        }
        ErrorKind::InvalidValue if value.is_empty() => wording.with("mistake-no-value", &[("arg", &arg)]),
        ErrorKind::InvalidValue => wording.with(
            "mistake-value-of",
            &[("arg", &arg), ("value", &value), ("known", &get(ContextKind::ValidValue))],
        ),
        ErrorKind::ValueValidation => wording.with("mistake-value", &[("arg", &arg), ("value", &value)]),
        ErrorKind::ArgumentConflict => wording.with("mistake-twice", &[("arg", &arg)]),
        _ => wording.text("mistake-other"),
    };
    let help = match near {
        Some(near) => wording.with("mistake-near", &[("near", &near)]),
        None => wording.text("mistake-help"),
    };
    format!("{line} {help}")
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        other => other.to_string(),
    }
}
