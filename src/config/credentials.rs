//! `[credentials]`: when what the desk proves itself with comes to its end.

use super::table::Reader;
use jiff::civil::Date;

/// Something that ends: a token, a client's secret, an account's password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// What people call it.
    pub name: String,
    /// The last day on which it holds.
    pub until: Date,
}

/// In the order of the days.
pub(super) fn read(root: &mut Reader) -> Vec<Credential> {
    let mut section = root.section("credentials");
    let dates = section.dates();
    root.finish(section);
    let mut credentials: Vec<Credential> =
        dates.into_iter().map(|(name, until)| Credential { name, until }).collect();
    credentials.sort_by_key(|credential| credential.until);
    credentials
}
