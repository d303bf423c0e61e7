//! New wordings: proposed by one person, approved by another, written into the library by the program.

use super::{Desk, Refusal, sound};
use crate::account::Permission;
use crate::classify::{Label, Model};
use crate::draft::{self, ChangedLine};
use crate::journal::Fault;
use crate::library;
use crate::replies::{Approval, Entry, Problem, Proposal, Replies};
use crate::thread::{Actor, Event, Proposed};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A proposal, with what a content owner judges it by.
#[derive(Debug, Clone)]
pub struct ProposalView {
    /// Who proposed it, and what became of it.
    pub proposed: Proposed,
    /// What it says.
    pub proposal: Proposal,
    /// Its lines beside those of the text as it stands.
    pub changes: Vec<ChangedLine>,
    /// Whether the text is another than the one that it was written against.
    pub is_outdated: bool,
}

impl Desk {
    /// Proposes a new wording. Nothing changes for letters until it is approved.
    ///
    /// # Errors
    /// A refusal without a name or the role, if the library would not read the file, or if the text is
    /// another by now than its author had; or if the store cannot be written.
    pub fn propose_text(&self, proposal: &Proposal, author: &Actor) -> Result<u64, Refusal> {
        self.may(author, Permission::TendTexts)?;
        let examples = proposal.examples.iter().map(|example| example.trim().to_owned());
        let proposal = Proposal {
            markdown: sound(proposal.markdown.clone())?,
            examples: examples.filter(|example| !example.is_empty()).collect(),
            ..proposal.clone()
        };
        if proposal.entry.variant.is_none() && proposal.effective > self.today() {
            return Err(Refusal::TextForLater { first: proposal.effective });
        }
        let present = self.standing_text(&proposal)?;
        self.would_be(&proposal, present.as_deref(), None)?;
        // On disk before the event that names it.
        let blob = self.journal.blobs().put(&serde_json::to_vec(&proposal).map_err(Fault::from)?)?;
        self.journal.write_synced(|writer| -> Result<u64, Refusal> {
            let event = Event::TextProposed { entry: proposal.entry.to_string(), blob };
            Ok(writer.append_to_desk(author.clone(), event)?)
        })
    }

    /// All proposals, newest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn proposals(&self) -> Result<Vec<Proposed>, Fault> {
        let mut proposals = self.journal.proposals()?;
        proposals.reverse();
        Ok(proposals)
    }

    /// One proposal whole.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn proposal(&self, id: u64) -> Result<Option<ProposalView>, Refusal> {
        let Some(proposed) = self.journal.proposals()?.into_iter().find(|of| of.id == id) else {
            return Ok(None);
        };
        let proposal = self.read_proposal(&proposed)?;
        let replies = self.library.current();
        let present = replies.by_id(&proposal.entry);
        let changes = draft::diff(present.map_or("", Entry::markdown), &proposal.markdown);
        let is_outdated = present.map(Entry::digest) != proposal.base.as_deref();
        Ok(Some(ProposalView { proposed, proposal, changes, is_outdated }))
    }

    /// The classifier with the library as it is, and as it would be with a proposal.
    ///
    /// # Errors
    /// As [`Desk::approve_text`].
    pub fn models_of(&self, proposal: &Proposal) -> Result<(Arc<Model>, Model), Refusal> {
        let (ids, taught) = self.taught()?;
        let present =
            self.library.text_of(&proposal.entry).map_err(|error| self.unreadable(proposal, error))?;
        let after = self.would_be(proposal, present.as_deref(), None)?;
        let label = || Label::Entry(proposal.entry.slug.to_string());
        let new = proposal.examples.iter().map(|text| (label(), proposal.entry.language, text.clone()));
        let after = self.library.model(&after, taught.iter().cloned().chain(new));
        Ok((self.library.learned(&self.library.current(), ids, taught), after))
    }

    /// Makes a proposal the text: the program writes the file, with the next version and the name of
    /// whoever approves.
    ///
    /// # Errors
    /// A refusal to its author, without the role, if it was settled before, or if the text is another by
    /// now; or if file or store cannot be written.
    pub fn approve_text(&self, id: u64, owner: &Actor) -> Result<(), Refusal> {
        self.may(owner, Permission::ApproveTexts)?;
        self.journal.write_synced(|writer| -> Result<(), Refusal> {
            let proposed = self.waiting(id)?;
            if proposed.by == owner.name {
                return Err(Refusal::OwnProposal);
            }
            let proposal = self.read_proposal(&proposed)?;
            let version = match self.written_already(&proposal, owner)? {
                Some(version) => version,
                None => self.write_text(&proposal, owner)?,
            };
            if proposal.base.is_some() {
                self.add_examples(&proposal, id)?;
            }
            Ok(writer
                .append_to_desk(owner.clone(), Event::TextApproved { proposal: id, version })
                .map(drop)?)
        })
    }

    /// Says that a proposal is not taken.
    ///
    /// # Errors
    /// A refusal without a reason or the role, or if it was settled before; or if the store cannot be
    /// written. An author may withdraw what is theirs.
    pub fn decline_text(&self, id: u64, reason: &str, actor: &Actor) -> Result<(), Refusal> {
        let reason = sound(reason.to_owned())?;
        self.journal.write_synced(|writer| -> Result<(), Refusal> {
            let own = self.waiting(id)?.by == actor.name;
            self.may(actor, if own { Permission::TendTexts } else { Permission::ApproveTexts })?;
            Ok(writer
                .append_to_desk(actor.clone(), Event::TextDeclined { proposal: id, reason })
                .map(drop)?)
        })
    }

    fn waiting(&self, id: u64) -> Result<Proposed, Refusal> {
        let found = self.journal.proposals()?.into_iter().find(|of| of.id == id);
        found.filter(|of| of.settled.is_none()).ok_or(Refusal::NoProposal { id })
    }

    fn read_proposal(&self, proposed: &Proposed) -> Result<Proposal, Fault> {
        Ok(serde_json::from_slice(&self.journal.blobs().get(&proposed.blob)?)?)
    }

    /// The file as it lies there, if it is still the text that the proposal was written against.
    fn standing_text(&self, proposal: &Proposal) -> Result<Option<String>, Refusal> {
        let replies = self.library.current();
        if replies.by_id(&proposal.entry).map(Entry::digest) != proposal.base.as_deref() {
            return Err(Refusal::TextMoved { entry: proposal.entry.to_string() });
        }
        self.library.text_of(&proposal.entry).map_err(|error| self.unreadable(proposal, error))
    }

    fn unreadable(&self, proposal: &Proposal, error: std::io::Error) -> Refusal {
        Refusal::TextFile { path: self.library.path_of(&proposal.entry), error: error.to_string() }
    }

    /// The library with the proposal in it.
    fn would_be(
        &self,
        proposal: &Proposal,
        present: Option<&str>,
        approval: Option<&Approval>,
    ) -> Result<Replies, Refusal> {
        let text = proposal.file(present, self.next_version(proposal), approval);
        self.library.tried(&proposal.entry, &text).map_err(|problems| {
            // Whoever writes texts knows them by their names, not by where they lie.
            let inside =
                |file: PathBuf| file.strip_prefix(self.library.dir()).map(Path::to_owned).unwrap_or(file);
            let near = |problem: Problem| Problem { file: inside(problem.file), ..problem };
            Refusal::BadText { problems: problems.into_iter().map(near).collect() }
        })
    }

    fn next_version(&self, proposal: &Proposal) -> u32 {
        self.library.current().by_id(&proposal.entry).map_or(1, |entry| entry.version.saturating_add(1))
    }

    /// The version of the text, if it is the proposal already: a kill came between the file and the event.
    fn written_already(&self, proposal: &Proposal, owner: &Actor) -> Result<Option<u32>, Refusal> {
        let replies = self.library.current();
        let Some(entry) = replies.by_id(&proposal.entry) else { return Ok(None) };
        let Some(approval) = entry.approval.as_ref().filter(|approval| approval.by == owner.name) else {
            return Ok(None);
        };
        let present =
            self.library.text_of(&proposal.entry).map_err(|error| self.unreadable(proposal, error))?;
        let same = proposal.file(present.as_deref(), entry.version, Some(approval));
        Ok((present.as_deref() == Some(same.as_str())).then_some(entry.version))
    }

    fn write_text(&self, proposal: &Proposal, owner: &Actor) -> Result<u32, Refusal> {
        let present = self.standing_text(proposal)?;
        let approval = Approval { by: owner.name.clone(), on: self.today() };
        self.would_be(proposal, present.as_deref(), Some(&approval))?;
        let version = self.next_version(proposal);
        let text = proposal.file(present.as_deref(), version, Some(&approval));
        self.library.write(&proposal.entry, &text).map_err(|error| self.unreadable(proposal, error))?;
        Ok(version)
    }

    /// Puts its wordings into the file of examples; those that stand there already are left.
    fn add_examples(&self, proposal: &Proposal, id: u64) -> Result<(), Refusal> {
        let label = Label::Entry(proposal.entry.slug.to_string());
        for wording in &proposal.examples {
            let (dir, replies) = (self.library.dir(), self.library.current());
            let situation = format!("proposition-{id}");
            library::adopt(dir, &replies, proposal.entry.language, &label, wording, &situation)
                .map_err(|error| self.unreadable(proposal, error))?;
            self.library.reload();
        }
        Ok(())
    }
}
