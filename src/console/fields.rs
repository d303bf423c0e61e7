//! What a form sent.

/// The fields of a form, in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(pub Vec<(String, String)>);

/// The field of the token that only our own pages know.
pub(super) const FORM_TOKEN: &str = "jeton";

impl Fields {
    /// The first field of this name; empty if there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// All fields of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(of, _)| of == name).map(|(_, value)| value.as_str())
    }

    /// Those of this name that say something, each trimmed.
    pub fn said<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.all(name).map(str::trim).filter(|value| !value.is_empty())
    }
}
