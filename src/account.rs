//! An account as a value: who somebody is, what they may do, and when they are away.

mod role;

pub use role::{Permission, Role};

use crate::wording::Language;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Days on which somebody is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Who is proposed for what they had in hand.
    pub delegate: Option<String>,
}

/// Somebody of the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The name under which decisions are recorded.
    pub name: String,
    /// What they are.
    pub roles: BTreeSet<Role>,
    /// Since when the account exists.
    pub since: Timestamp,
    /// Since when it is disabled; the name stays in the history.
    pub disabled: Option<Timestamp>,
    /// The last day of the account; after it, it is as if disabled.
    #[serde(default)]
    pub until: Option<Date>,
    /// When they are away.
    pub absences: Vec<Absence>,
    /// Who they are to the identity provider; `None`: they come in by a password only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// What they set for themselves.
    #[serde(default)]
    pub settings: Settings,
}

/// Who somebody is to the identity provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Identity {
    /// Whoever comes next by the provider under the account's name is this person.
    Awaited,
    /// The person whom the provider knows so.
    Known {
        /// The provider.
        issuer: String,
        /// Its mark for the person.
        subject: String,
    },
}

/// How somebody wants the console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Whether single keys act (WCAG 2.1.4 asks that they can be turned off).
    pub shortcuts: bool,
    /// The language of the pages; the browser's choice, else the config's, if `None`.
    pub language: Option<Language>,
    /// Light or dark.
    pub theme: Theme,
}

impl Default for Settings {
    fn default() -> Self {
        Self { shortcuts: true, language: None, theme: Theme::Auto }
    }
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the browser says.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// Its name in forms and in the pages.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl Person {
    /// An account that may do nothing yet.
    #[must_use]
    pub fn new(name: &str, since: Timestamp) -> Self {
        Self {
            name: name.to_owned(),
            roles: BTreeSet::new(),
            since,
            disabled: None,
            until: None,
            absences: Vec::new(),
            identity: None,
            settings: Settings::default(),
        }
    }

    /// Whether they are away on this day, and who is proposed in their place.
    #[must_use]
    pub fn absence(&self, day: Date) -> Option<&Absence> {
        self.absences.iter().find(|absence| (absence.from..=absence.to).contains(&day))
    }

    /// Whether the account counts on this day: it is neither disabled nor past its end.
    #[must_use]
    pub fn is_active(&self, day: Date) -> bool {
        self.disabled.is_none() && self.until.is_none_or(|last| day <= last)
    }

    /// Whether one of their roles gives this permission; an account that does not count gives none.
    #[must_use]
    pub fn may(&self, permission: Permission, day: Date) -> bool {
        self.is_active(day) && permission.is_given_by(&self.roles)
    }
}
