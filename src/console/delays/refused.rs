//! What the page says where it can show nothing: what is wrong, and where to go on.

use super::super::Console;
use super::super::page::Failure;
use super::Asked;
use crate::organisation::Kind;
use crate::report::{By, Counted, Period, Unreported};
use crate::wording::Wording;
use axum::http::StatusCode;
use jiff::civil::Date;
use std::fmt::Display;
use std::str::FromStr;

/// A field of an address that takes no free text, and whether a value can be read.
type Field = (&'static str, fn(&str) -> bool);

const READ: [Field; 6] = [
    ("du", reads::<Date>),
    ("au", reads::<Date>),
    ("type", reads::<Kind>),
    ("par", reads::<By>),
    ("compte", reads::<Counted>),
    ("selon", reads::<By>),
];

fn reads<T: FromStr>(text: &str) -> bool {
    text.parse::<T>().is_ok()
}

impl Asked {
    /// Itself, unless a value cannot be read: left out, it would widen what is shown without a word.
    pub(super) fn read(self, wording: &'static Wording) -> Result<Self, Failure> {
        let wrong = |(name, reads): &Field| {
            let value = self.get(name);
            (!value.is_empty() && !reads(value)).then_some((*name, value))
        };
        let Some((name, value)) = READ.iter().find_map(wrong) else { return Ok(self) };
        let values: [(&str, &dyn Display); 2] = [("field", &name), ("value", &value)];
        let failure =
            Failure::new(StatusCode::BAD_REQUEST, wording, wording.with("delays-unreadable", &values));
        let without = self.address("/delais", &[(name, "")]);
        Err(failure.leading_to(without, wording.text("delays-without")))
    }

    /// Why there is no report, with a way to one if there is.
    pub(super) fn refused(&self, console: &Console, wording: &'static Wording, why: Unreported) -> Failure {
        let onward = match &why {
            Unreported::Unconfirmed { .. } => {
                Some((self.address("/delais", &[("provisoire", "1")]), "delays-provisional"))
            }
            Unreported::Beyond(unreached) => {
                unreached.told.map(|told| (self.received(told), "delays-within"))
            }
            _ => None,
        };
        let line = super::unreported(console, wording, why);
        let failure = Failure::new(StatusCode::CONFLICT, wording, line);
        match onward {
            Some((address, label)) => failure.leading_to(address, wording.text(label)),
            None => failure,
        }
    }

    /// The same page of the questions received in another period.
    fn received(&self, period: Period) -> String {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        self.address("/delais", &[("du", &day(period.from)), ("au", &day(period.to))])
    }
}
