//! Which requests look at the content of a thread, or take much out at once: they are logged.

use super::{Account, Request};
use crate::people::{Accessed, Exported};

/// What the access log says of a request that was answered; `None`: nothing.
pub(super) fn of(request: &Request) -> Option<Accessed> {
    let export = |export| Some(Accessed::Export { export });
    let account = |name: &str, change: &str| {
        Some(Accessed::Account { account: name.to_owned(), change: change.to_owned() })
    };
    match request {
        Request::Show { id } => Some(Accessed::Thread { thread: *id }),
        Request::Search { query } => Some(Accessed::Search { query: query.typed() }),
        Request::ResponseTimes { .. } | Request::Report { .. } => export(Exported::ResponseTimes),
        Request::Deposits => export(Exported::Deposits),
        Request::Told { .. } => export(Exported::Told),
        Request::Export { .. } => export(Exported::Store),
        Request::Backup { .. } => export(Exported::Backup),
        Request::Accesses { .. } => export(Exported::AccessLog),
        Request::IssuePassword { name } => account(name, "password"),
        Request::EndSessions { name } => account(name, "sessions"),
        Request::Accounts { account: Account::Add { name, .. } } => account(name, "add"),
        Request::Accounts { account: Account::Change { name, change } } => account(name, change.key()),
        _ => None,
    }
}
