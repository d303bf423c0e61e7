//! `[chat.verbs]`: in which rooms, and from whom, a verb is obeyed.

use super::known;
use crate::account::Role;
use crate::config::ProblemKind;
use crate::config::table::Reader;
use std::collections::{BTreeMap, BTreeSet};

/// The verbs, by their English names, which are the keys of the section.
pub const VERBS: [&str; 15] = [
    "queue",
    "show",
    "explain",
    "claim",
    "release",
    "reclassify",
    "edit",
    "approve",
    "reject",
    "withdraw",
    "settle",
    "note",
    "status",
    "times",
    "help",
];

/// `[chat.verbs.approve]` and the like. What the desk itself allows is asked besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VerbRule {
    /// The rooms in which it is obeyed; `None`: in all of them.
    pub rooms: Option<Vec<String>>,
    /// The roles of which one is needed; `None`: none in particular.
    pub roles: Option<BTreeSet<Role>>,
}

pub(super) fn read(section: &mut Reader, rooms: &[String]) -> BTreeMap<&'static str, VerbRule> {
    let mut rules = BTreeMap::new();
    for verb in VERBS {
        let mut of_verb = section.section(verb);
        if !of_verb.is_empty() {
            let rule = VerbRule { rooms: known(&mut of_verb, "rooms", rooms), roles: roles(&mut of_verb) };
            rules.insert(verb, rule);
        }
        section.finish(of_verb);
    }
    rules
}

fn roles(section: &mut Reader) -> Option<BTreeSet<Role>> {
    let given = section.strings("roles")?;
    let roles: Option<BTreeSet<Role>> = given.iter().map(|name| Role::of_key(name)).collect();
    if roles.is_none() {
        let names: Vec<String> = Role::ALL.iter().map(|role| format!("{:?}", role.key())).collect();
        section.problem("roles", ProblemKind::OneOf(names.join(", ")));
    }
    roles
}
