//! The index on disk: opened if it is an index of this journal and of this program, made anew otherwise.
//!
//! Each commit carries a mark: the number of the last event that is in it, and the chain's link there. A
//! link covers everything before it, so a journal that was restored, shortened or exchanged has another
//! link at that number, or none.

use super::Unavailable;
use super::analysis::{self, Analysis};
use super::content::Content;
use crate::journal::Journal;
use crate::thread::ThreadId;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy, NoMergePolicy};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term};

/// Raised with every change of what is indexed or how: an older index is made anew.
const SCHEMA: u32 = 1;

/// Bytes of memory for what is not written yet: the least that tantivy takes. Each commit has a thread of
/// its own, and the allocator keeps for each what it gave back.
const MEMORY: usize = 15_000_000;

/// A segment of which so much was written over is made anew without it.
const MOST_DELETED: f32 = 0.3;

/// What an index knows of a thread. Nothing is kept in it to be shown: that is in the journal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// Its number.
    pub id: Field,
    /// All its texts.
    pub text: Field,
    /// Its subjects, once more: a word found here counts for more.
    pub subject: Field,
    /// Who writes.
    pub organisation: Field,
    /// The sort of body.
    pub kind: Field,
    pub state: Field,
    pub entry: Field,
    /// The names of the people who did something in it.
    pub by: Field,
    /// When its messages came or left. Seconds.
    pub moment: Field,
    /// The last of these.
    pub latest: Field,
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let words = |record| {
        let words = TextFieldIndexing::default().set_tokenizer(analysis::NAME).set_index_option(record);
        TextOptions::default().set_indexing_options(words)
    };
    let fields = Fields {
        id: schema.add_u64_field("id", INDEXED | FAST),
        text: schema.add_text_field("text", words(IndexRecordOption::WithFreqsAndPositions)),
        subject: schema.add_text_field("subject", words(IndexRecordOption::WithFreqsAndPositions)),
        organisation: schema.add_text_field("organisation", words(IndexRecordOption::Basic)),
        kind: schema.add_text_field("kind", STRING),
        state: schema.add_text_field("state", STRING),
        entry: schema.add_text_field("entry", STRING),
        by: schema.add_text_field("by", STRING),
        moment: schema.add_i64_field("moment", FAST),
        latest: schema.add_i64_field("latest", FAST),
    };
    (schema.build(), fields)
}

/// How far an index has come, as its commits say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    schema: u32,
    seq: u64,
    link: String,
}

/// What searches read; it sees the last commit.
#[derive(Clone)]
pub(super) struct Opened {
    pub reader: IndexReader,
    pub fields: Fields,
}

/// The index, open for writing.
pub(super) struct Index {
    index: tantivy::Index,
    writer: IndexWriter,
    opened: Opened,
    seq: u64,
}

impl Index {
    /// Opens what is in `dir`, or makes it anew from nothing.
    pub fn open(dir: &Path, journal: &Journal) -> Result<Self, Unavailable> {
        match Self::existing(dir, journal) {
            Ok(index) => Ok(index),
            // Nothing is wrong with an index for which there is no room.
            Err(Unavailable::Full) => Err(Unavailable::Full),
            Err(why) => {
                tracing::info!(%why, "the index of the search is made anew");
                Self::anew(dir)
            }
        }
    }

    /// What is in `dir`, if it is whole and of this journal.
    fn existing(dir: &Path, journal: &Journal) -> Result<Self, Unavailable> {
        let other = |why: &str| Err(Unavailable::Broken(why.to_owned()));
        if !dir.join("meta.json").exists() {
            return other("there is none");
        }
        let index = tantivy::Index::open_in_dir(dir)?;
        let mark = index.load_metas()?.payload.unwrap_or_default();
        let Ok(mark) = serde_json::from_str::<Mark>(&mark) else { return other("it carries no mark") };
        if mark.schema != SCHEMA || index.schema() != schema().0 {
            return other("it is of another version");
        }
        if journal.link(mark.seq)?.as_ref() != Some(&mark.link) {
            return other("it is of another journal");
        }
        if !index.validate_checksum()?.is_empty() {
            return other("it is damaged");
        }
        Self::of(index, mark.seq)
    }

    /// An empty index in the place of what is in `dir`.
    pub fn anew(dir: &Path) -> Result<Self, Unavailable> {
        match fs::remove_dir_all(dir) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => fs::create_dir_all(dir)?,
        }
        Self::of(tantivy::Index::create_in_dir(dir, schema().0)?, 0)
    }

    fn of(index: tantivy::Index, seq: u64) -> Result<Self, Unavailable> {
        index.tokenizers().register(analysis::NAME, Analysis);
        let writer = writer(&index)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { index, writer, opened: Opened { reader, fields: schema().1 }, seq })
    }

    /// The number of the last event that is in it.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    pub fn opened(&self) -> Opened {
        self.opened.clone()
    }

    /// Puts a thread in the place of what is known under its number; `None` takes it out.
    pub fn put(&self, id: ThreadId, content: Option<&Content>) -> Result<(), Unavailable> {
        let fields = self.opened.fields;
        self.writer.delete_term(Term::from_field_u64(fields.id, id));
        if let Some(content) = content {
            self.writer.add_document(document(fields, content))?;
        }
        Ok(())
    }

    /// Makes what was put durable and visible: the events up to `seq` are in it.
    pub fn commit(&mut self, seq: u64, journal: &Journal) -> Result<(), Unavailable> {
        let link = journal.link(seq)?.unwrap_or_default();
        let mark = Mark { schema: SCHEMA, seq, link };
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(&serde_json::to_string(&mark).unwrap_or_default());
        prepared.commit()?;
        self.opened.reader.reload()?;
        self.seq = seq;
        Ok(())
    }

    /// Writes every segment anew that holds words of a thread taken out: a deletion alone only hides them.
    /// For what a purge destroys.
    pub fn scour(self) -> Result<Self, Unavailable> {
        let Self { index, writer: before, opened, seq } = self;
        // A segment that is being merged cannot be written anew by us.
        before.wait_merging_threads()?;
        let mut writer = writer(&index)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for segment in index.searchable_segment_metas()? {
            if segment.has_deletes() {
                writer.merge(&[segment.id()]).wait()?;
            }
        }
        opened.reader.reload()?;
        writer.garbage_collect_files().wait()?;
        writer.set_merge_policy(policy());
        Ok(Self { index, writer, opened, seq })
    }
}

fn writer(index: &tantivy::Index) -> Result<IndexWriter, Unavailable> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .num_merge_threads(1)
        .memory_budget_per_thread(MEMORY)
        .build();
    let writer = index.writer_with_options(options)?;
    writer.set_merge_policy(policy());
    Ok(writer)
}

fn policy() -> Box<LogMergePolicy> {
    let mut policy = LogMergePolicy::default();
    policy.set_del_docs_ratio_before_merge(MOST_DELETED);
    Box::new(policy)
}

fn document(fields: Fields, content: &Content) -> TantivyDocument {
    let thread = &content.thread;
    let mut document = TantivyDocument::new();
    document.add_u64(fields.id, thread.id);
    for part in &content.parts {
        document.add_text(fields.text, &part.text);
        if part.place.is_subject() {
            document.add_text(fields.subject, &part.text);
        }
    }
    document.add_text(fields.organisation, &thread.counterpart.name);
    document.add_text(fields.organisation, &thread.counterpart.key);
    if let Some(kind) = thread.counterpart.kind {
        document.add_text(fields.kind, kind.as_str());
    }
    document.add_text(fields.state, thread.state.name());
    content.entries().iter().for_each(|entry| document.add_text(fields.entry, entry));
    content.people.iter().for_each(|name| document.add_text(fields.by, analysis::name(name)));
    content.moments.iter().for_each(|at| document.add_i64(fields.moment, at.as_second()));
    document.add_i64(fields.latest, content.latest().as_second());
    document
}
