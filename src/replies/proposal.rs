//! A new wording of an entry, as somebody proposes it: a value, and the file that it would become.

use super::entry::{Approval, Entry, EntryId, Source};
use super::{Field, front};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use toml_edit::{Array, Datetime, DocumentMut, InlineTable, Item, Table, Value, value};

/// The front matter of a file that is not there yet.
const BLANK: &str = "attachments = []\nasks = []\nkeywords = []\n";

/// A new wording, and what it was written against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Which text it becomes.
    pub entry: EntryId,
    /// The digest of the text that its author had before them; `None` for a text that is new.
    pub base: Option<String>,
    /// The entry's title.
    pub title: String,
    /// The question that it answers.
    pub question: String,
    /// What sets a variant apart.
    pub variant_title: Option<String>,
    /// The text. Markdown with variables.
    pub markdown: String,
    /// What the reviewer must fill in.
    pub asks: Vec<Field>,
    /// Where its facts come from.
    pub source: Source,
    /// The first day on which it holds.
    pub effective: Date,
    /// The first day on which it holds no longer.
    pub superseded: Option<Date>,
    /// Wordings of the question: into the file of examples, or of a text that is new into its own.
    pub examples: Vec<String>,
}

impl Proposal {
    /// What stands now, to be written anew.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        Self {
            entry: entry.id.clone(),
            base: Some(entry.digest().to_owned()),
            title: entry.title.clone(),
            question: entry.question.clone(),
            variant_title: entry.variant_title.clone(),
            markdown: entry.markdown().to_owned(),
            asks: entry.asks.clone(),
            source: entry.source.clone(),
            effective: entry.effective,
            superseded: entry.superseded,
            examples: Vec::new(),
        }
    }

    /// The file that it becomes: `present` with what changes in it, so that comments, keywords and examples
    /// of its author stay. What `present` has that is no TOML is begun anew.
    #[must_use]
    pub fn file(&self, present: Option<&str>, version: u32, approval: Option<&Approval>) -> String {
        let toml = present.and_then(front::parts).map_or(BLANK, |(toml, _)| toml);
        let mut head: DocumentMut = toml.parse().unwrap_or_default();
        let table = head.as_table_mut();
        set(table, "title", value(&self.title));
        set(table, "question", value(&self.question));
        match &self.variant_title {
            Some(title) => set(table, "variant_title", value(title)),
            None => drop(table.remove("variant_title")),
        }
        if self.entry.variant.is_some() && !table.contains_key("default") {
            set(table, "default", value(false));
        }
        set(table, "version", value(i64::from(version)));
        set(table, "effective", date(self.effective));
        set(table, "superseded", self.superseded.map_or_else(|| value(""), date));
        let mut source = InlineTable::new();
        source.insert("document", self.source.document.as_str().into());
        source.insert("section", self.source.section.as_str().into());
        set(table, "source", value(source));
        let asks = self.asks.iter().map(|ask| {
            let mut field = InlineTable::new();
            field.insert("name", ask.name.as_str().into());
            field.insert("label", ask.label.as_str().into());
            Value::from(field)
        });
        set(table, "asks", value(asks.collect::<Array>()));
        if !table.contains_key("examples") {
            set(table, "examples", value(self.examples.iter().map(String::as_str).collect::<Array>()));
        }
        if let Some(approval) = approval {
            set(table, "approved_by", value(&approval.by));
            set(table, "approved_on", date(approval.on));
        }
        format!("{}\n{}{}\n\n{}\n", front::FENCE, head, front::FENCE, self.markdown.trim())
    }
}

/// In its place if it has one, with what stands around it.
fn set(table: &mut Table, key: &str, mut item: Item) {
    let Some(known) = table.get_mut(key) else { return drop(table.insert(key, item)) };
    if let (Some(old), Some(new)) = (known.as_value(), item.as_value_mut()) {
        *new.decor_mut() = old.decor().clone();
    }
    *known = item;
}

/// A day as TOML has it; a text where it has none.
fn date(day: Date) -> Item {
    match day.to_string().parse::<Datetime>() {
        Ok(day) => value(day),
        Err(_) => value(day.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    const PRESENT: &str = "+++\n# Relu chaque année.\ntitle = \"La durée\" # court\nquestion = \"Jusqu’à quand ?\"\n\
        version = 3\neffective = 2025-03-18\nsuperseded = \"\"\n\
        source = { document = \"FAQ\", section = \"4\" }\nattachments = []\nasks = []\n\
        keywords = [\"durée\"]\nexamples = [\n  \"Quand ?\",\n]\n+++\n\nJusqu’à décembre.\n";

    fn entry(text: &str) -> Entry {
        Entry::parse("fr/duree".parse().unwrap(), Path::new("fr/duree.md"), text).unwrap()
    }

    #[test]
    fn what_does_not_change_stays_where_it_stands() {
        let present = entry(PRESENT);
        let same = Proposal::of(&present).file(Some(PRESENT), 3, None);
        assert_eq!(same, PRESENT);
        let changed = Proposal {
            title: "La fin \"prévue\"\n".to_owned(),
            markdown: "Le {{ field.jour }}.".to_owned(),
            asks: vec![Field { name: "jour".to_owned(), label: "le jour".to_owned() }],
            superseded: Some(jiff::civil::date(2026, 3, 31)),
            ..Proposal::of(&present)
        };
        let approval = Approval { by: "Camille Roy".to_owned(), on: jiff::civil::date(2025, 12, 1) };
        let text = changed.file(Some(PRESENT), 4, Some(&approval));
        for kept in ["# Relu chaque année.", " # court\n", "keywords = [\"durée\"]", "  \"Quand ?\",\n"] {
            assert!(text.contains(kept), "{kept:?} is gone: {text}");
        }
        let text = entry(&text.replace("\\n", ""));
        assert_eq!((text.version, text.approval.as_ref()), (4, Some(&approval)));
        assert_eq!((text.superseded, &text.asks), (changed.superseded, &changed.asks));
        assert_eq!(text.markdown(), "Le {{ field.jour }}.");
    }

    #[test]
    fn a_text_that_is_new_is_a_whole_file() {
        let examples = vec!["Quand finit-elle ?".to_owned()];
        let new = Proposal { base: None, examples, ..Proposal::of(&entry(PRESENT)) };
        let text = entry(&new.file(None, 1, None));
        assert_eq!((text.version, &text.title, &text.source), (1, &new.title, &new.source));
        assert_eq!(text.examples, new.examples);
        let variant = Proposal {
            entry: "fr/duree.courriel".parse().unwrap(),
            variant_title: Some("Courriel".to_owned()),
            ..new
        };
        assert!(variant.file(None, 1, None).contains("default = false\n"));
    }
}
