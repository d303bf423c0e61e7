//! Sender → organisation: who belongs together, and what to call them.
//!
//! Threading asks [`Organisations::of`] before it lets a mail join a thread, so an
//! error here shows one organisation another's mail. When in doubt two senders are
//! two counterparts: only the operator's table or a registrable domain joins people,
//! and free mail, bare public suffixes and unreadable addresses never do.
//!
//! Domains are compared in the ASCII form of IDNA (UTS #46); the registrable domain
//! comes from the public suffix list compiled into the binary.

mod address;
mod pattern;
#[cfg(test)]
mod tests;

use crate::tables::{Form, ProblemKind, Reader, Table};
use address::{Place, shown_domain};
use pattern::Pattern;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization as _;

pub use crate::tables::Problem;

/// The table shipped with the program, used where the operator has none.
pub const DEFAULT: &str = include_str!("../config/organisations.toml");

/// What sort of body an organisation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A college (cégep).
    Cegep,
    /// A university.
    Universite,
    /// A ministry.
    Ministere,
    /// A health establishment: CISSS, CIUSSS and the like.
    Cisss,
    /// A school service centre or school board.
    CentreServicesScolaire,
    /// A municipality.
    Municipalite,
    /// A state enterprise.
    SocieteEtat,
    /// Another public body.
    Organisme,
    /// A supplier.
    Fournisseur,
    /// A private person.
    Citoyen,
    /// A federation or association of bodies.
    Federation,
}

const KINDS: &[(&str, Kind)] = &[
    ("cegep", Kind::Cegep),
    ("universite", Kind::Universite),
    ("ministere", Kind::Ministere),
    ("cisss", Kind::Cisss),
    ("centre-services-scolaire", Kind::CentreServicesScolaire),
    ("municipalite", Kind::Municipalite),
    ("societe-etat", Kind::SocieteEtat),
    ("organisme", Kind::Organisme),
    ("fournisseur", Kind::Fournisseur),
    ("citoyen", Kind::Citoyen),
    ("federation", Kind::Federation),
];

impl Kind {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Ministere,
        Self::Organisme,
        Self::SocieteEtat,
        Self::Cisss,
        Self::CentreServicesScolaire,
        Self::Cegep,
        Self::Universite,
        Self::Municipalite,
        Self::Federation,
        Self::Fournisseur,
        Self::Citoyen,
    ];

    /// The name in config and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("organisme", |(name, _)| name)
    }
}

impl FromStr for Kind {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        KINDS.iter().find(|(of, _)| *of == name).map(|(_, kind)| *kind).ok_or(())
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whom a thread is with: an organisation, or a person where the address names none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Counterpart {
    /// What senders have in common: `name:…` from the table, `domain:…`, or `address:…`.
    /// Empty when the address names nobody; see [`Counterpart::same`].
    pub key: String,
    /// What people read.
    pub name: String,
    /// The sort of body, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
}

impl Counterpart {
    /// Whether both are known to be one and the same. Senders that name nobody are not
    /// the same as anyone, each other included.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        !self.key.is_empty() && self.key == other.key
    }

    /// Whether this stands for one address rather than for an organisation.
    #[must_use]
    pub fn is_address(&self) -> bool {
        self.key.is_empty() || self.key.starts_with("address:")
    }
}

/// The operator's table of organisations.
#[derive(Debug, Clone)]
pub struct Organisations {
    organisations: Vec<Organisation>,
    /// ASCII domain → index into `organisations`; subdomains follow.
    domains: BTreeMap<String, usize>,
    /// In the order of the file.
    patterns: Vec<(Pattern, usize)>,
    suffixes: BTreeSet<String>,
    shared: BTreeSet<String>,
    /// Suffix → the kind of all that lies under it.
    kinds: BTreeMap<String, Kind>,
}

#[derive(Debug, Clone)]
struct Organisation {
    key: String,
    name: String,
    kind: Kind,
}

impl Organisations {
    /// Reads the table.
    ///
    /// # Errors
    /// Every problem of the text, in the order of the lines.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let (mut reader, mut root) = Reader::open(text)?;
        let mut table = Self {
            organisations: Vec::new(),
            domains: BTreeMap::new(),
            patterns: Vec::new(),
            suffixes: BTreeSet::new(),
            shared: BTreeSet::new(),
            kinds: BTreeMap::new(),
        };
        for (key, set) in [("own_suffixes", &mut table.suffixes), ("shared_domains", &mut table.shared)] {
            for (line, text) in reader.strings(&mut root, key) {
                if let Some(domain) = domain(&mut reader, line, key, &text)
                    && !set.insert(domain)
                {
                    reader.problem(line, ProblemKind::Twice(text));
                }
            }
        }
        for mut under in reader.tables(&mut root, "kinds") {
            let kind = reader.one_of(&mut under, "kind", KINDS);
            for (line, text) in reader.strings(&mut under, "under") {
                if let Some(domain) = domain(&mut reader, line, "kinds.under", &text)
                    && let Some(kind) = kind
                    && table.kinds.insert(domain, kind).is_some()
                {
                    reader.problem(line, ProblemKind::Twice(text));
                }
            }
            reader.close(under);
        }
        for organisation in reader.tables(&mut root, "organisation") {
            table.add(&mut reader, organisation);
        }
        reader.close(root);
        reader.finish(table)
    }

    fn add<'a>(&mut self, reader: &mut Reader<'a>, mut from: Table<'a>) {
        let name = reader.string(&mut from, "name");
        let kind = reader.one_of(&mut from, "kind", KINDS);
        let domains = reader.strings(&mut from, "domains");
        let addresses = reader.strings(&mut from, "addresses");
        let index = self.organisations.len();
        if domains.is_empty() && addresses.is_empty() {
            let name = name.as_ref().map_or("organisation", |(_, name)| name);
            reader.problem(from.line, ProblemKind::NoAddress(name.to_owned()));
        }
        for (line, text) in domains {
            let Some(domain) = domain(reader, line, "organisation.domains", &text) else { continue };
            if self.joins_strangers(&domain) {
                reader.problem(line, ProblemKind::TooWide(text));
            } else if self.domains.insert(domain, index).is_some() {
                reader.problem(line, ProblemKind::Twice(text));
            }
        }
        for (line, text) in addresses {
            let Some(pattern) = Pattern::parse(&text) else {
                reader.problem(line, ProblemKind::Wrong("organisation.addresses".to_owned(), Form::Pattern));
                continue;
            };
            if pattern.takes_all() && self.joins_strangers(pattern.domain()) {
                reader.problem(line, ProblemKind::TooWide(text));
            } else if self.patterns.iter().any(|(known, _)| *known == pattern) {
                reader.problem(line, ProblemKind::Twice(text));
            } else {
                self.patterns.push((pattern, index));
            }
        }
        reader.close(from);
        if let (Some((line, name)), Some(kind)) = (name, kind) {
            let key = format!("name:{}", slug(&name));
            if self.organisations.iter().any(|known| known.key == key) {
                reader.problem(line, ProblemKind::Twice(name.clone()));
            }
            self.organisations.push(Organisation { key, name, kind });
        }
    }

    /// Whom mail from `email` comes from. Takes any text; what is not an address stands for itself.
    #[must_use]
    pub fn of(&self, email: &str) -> Counterpart {
        let Some(place) = Place::of(email) else {
            let name = email.chars().filter(|c| !c.is_control()).take(40).chain(['…']).collect();
            return Counterpart { key: String::new(), name, kind: None };
        };
        if let Some(domain) = &place.domain {
            if let Some(organisation) = self.listed(&place.local, domain) {
                let Organisation { key, name, kind } = organisation;
                return Counterpart { key: key.clone(), name: name.clone(), kind: Some(*kind) };
            }
            if let Some(registrable) = self.registrable(domain) {
                return Counterpart {
                    name: shown_domain(registrable),
                    kind: self.kind_under(domain),
                    key: format!("domain:{registrable}"),
                };
            }
        }
        let address = place.address();
        let key = if address.is_empty() { String::new() } else { format!("address:{address}") };
        let kind = place.domain.as_deref().and_then(|domain| self.kind_under(domain));
        Counterpart { key, name: address, kind }
    }

    /// Whether both addresses belong to one counterpart, by the table as it is now.
    #[must_use]
    pub fn same(&self, one: &str, other: &str) -> bool {
        self.of(one).same(&self.of(other))
    }

    /// The organisations of the table that a text names in full, whatever its accents and capitals.
    pub fn named_in<'a>(&'a self, text: &str) -> impl Iterator<Item = &'a str> {
        let text = format!("-{}-", slug(text));
        let named = move |known: &&Organisation| {
            known.key.strip_prefix("name:").is_some_and(|name| text.contains(&format!("-{name}-")))
        };
        self.organisations.iter().filter(named).map(|known| known.name.as_str())
    }

    /// Whether `email` lies in a domain that says nothing about who belongs together
    /// (free mail, a bare public suffix), and no pattern of the table claims it.
    #[must_use]
    pub fn is_shared(&self, email: &str) -> bool {
        self.of(email).is_address()
    }

    /// The organisation of the table whose domain or pattern says most about the address.
    fn listed(&self, local: &str, domain: &str) -> Option<&Organisation> {
        let by_domain =
            parents(domain).find_map(|parent| self.domains.get(parent).map(|index| (parent.len(), *index)));
        let by_pattern = self
            .patterns
            .iter()
            .filter(|(pattern, _)| pattern.matches(local, domain))
            .map(|(pattern, index)| (pattern.literal(), *index))
            // The first of equals, as the operator sees them in the file.
            .reduce(|best, next| if next.0 > best.0 { next } else { best });
        let index = match (by_domain, by_pattern) {
            (Some(domain), Some(pattern)) if domain.0 > pattern.0 => domain.1,
            (_, Some(pattern)) => pattern.1,
            (Some(domain), None) => domain.1,
            (None, None) => return None,
        };
        self.organisations.get(index)
    }

    /// The part of `domain` that one body has to itself; `None` where people share it.
    fn registrable<'a>(&self, domain: &'a str) -> Option<&'a str> {
        if parents(domain).any(|parent| self.shared.contains(parent) && !self.suffixes.contains(parent)) {
            return None;
        }
        let listed = psl::domain_str(domain);
        // The longest own suffix: what lies one label above it is the organisation.
        let mut below: Option<&str> = None;
        for parent in parents(domain) {
            if self.suffixes.contains(parent) {
                let own = below?;
                return Some(match listed {
                    Some(listed) if listed.len() > own.len() => listed,
                    _ => own,
                });
            }
            below = Some(parent);
        }
        listed
    }

    fn kind_under(&self, domain: &str) -> Option<Kind> {
        parents(domain).find_map(|parent| self.kinds.get(parent)).copied()
    }

    /// Whether `domain` as a whole cannot stand for one organisation.
    fn joins_strangers(&self, domain: &str) -> bool {
        self.registrable(domain).is_none()
    }
}

/// `a.b.c`, `b.c`, `c`.
fn parents(domain: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(domain), |domain| domain.split_once('.').map(|(_, parent)| parent))
}

fn domain(reader: &mut Reader<'_>, line: usize, key: &str, text: &str) -> Option<String> {
    let domain = address::ascii_domain(text);
    if domain.is_none() {
        reader.problem(line, ProblemKind::Wrong(key.to_owned(), Form::Domain));
    }
    domain
}

/// Letters and digits of the name, in lower case and without accents, joined by hyphens.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)) {
        if c.is_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}
