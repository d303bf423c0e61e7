//! A moment on the command line: `2026-03-25T10:06` by the clock of the desk, or with an offset of its own.

use super::Stop;
use crate::config::Config;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::str::FromStr;

/// What was given; the zone is in the calendar, which is not read before the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// With an offset.
    Exact(Timestamp),
    /// By the clock of the desk.
    Here(DateTime),
}

impl Moment {
    pub fn at(self, zone: &TimeZone) -> Timestamp {
        match self {
            Self::Exact(moment) => moment,
            // Only in the last hours of the year 9999 is there no such moment.
            Self::Here(moment) => zone.to_timestamp(moment).unwrap_or(Timestamp::MAX),
        }
    }
}

impl FromStr for Moment {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        text.parse().map(Self::Exact).or_else(|_| {
            let moment: DateTime = text.parse()?;
            TimeZone::UTC.to_timestamp(moment)?;
            Ok(Self::Here(moment))
        })
    }
}

/// The zone of the desk: whoever reads a file, or says when something was, lives by its clock.
pub(super) fn zone(config: &Config) -> Result<TimeZone, Stop> {
    Ok(crate::app::calendar(config)?.zone().clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_without_an_offset_is_read_by_the_clock_of_the_desk() {
        let at = |text: &str, zone: &str| {
            let zone = TimeZone::get(zone).unwrap();
            text.parse::<Moment>().unwrap().at(&zone).to_string()
        };
        assert_eq!(at("2026-03-25T10:06", "America/Vancouver"), "2026-03-25T17:06:00Z");
        assert_eq!(at("2026-03-25T10:06", "America/Toronto"), "2026-03-25T14:06:00Z");
        assert_eq!(at("2026-03-25T10:06-05:00", "America/Vancouver"), "2026-03-25T15:06:00Z");
        for wrong in ["", "hier", "2026-13-01T00:00", "9999-12-31T23:59"] {
            assert!(wrong.parse::<Moment>().is_err(), "{wrong}");
        }
    }
}
