//! The table of turns: which event may happen to a thread in which state.

use super::{Event, State};
use crate::draft::LetterKind;

/// An event that cannot happen to a thread in its state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{event} cannot happen to a thread that is {state}")]
pub struct WrongTurn {
    /// The state, or `None` if there is no thread yet.
    pub state: State,
    /// The event's name.
    pub event: &'static str,
}

impl State {
    /// Whether `event` may happen to a thread in this state.
    #[must_use]
    pub fn may(self, event: &Event) -> bool {
        use State::{
            Answered, Approved, AwaitingAsker, Closed, Failed, ForInformation, New, Sending, SetAside,
            ToReview, ToSign, Transferred, Uncertain,
        };
        match event {
            Event::SetAside { .. }
            | Event::Noted { .. }
            | Event::Released
            | Event::NoteAdded { .. }
            | Event::ExampleAdded { .. }
            | Event::ExampleWithdrawn { .. }
            | Event::ExampleAdopted { .. }
            | Event::CopyFiled { .. }
            | Event::SentSeen(_)
            | Event::HoldingSent(_)
            | Event::OpinionAsked { .. }
            | Event::OpinionReceived(_)
            | Event::ReceivedCorrected { .. }
            | Event::LinkProposed { .. }
            | Event::LinkConfirmed { .. }
            | Event::LinkRefused { .. } => true,
            // What may have left, or is about to, must stay accountable until that is known.
            Event::Purged { .. } | Event::Merged { .. } | Event::MergedInto { .. } => {
                !matches!(self, Approved | ToSign | Sending | Uncertain)
            }
            Event::Received(arrival) => {
                !matches!(self, Approved | ToSign) || !arrival.is_human() || arrival.history
            }
            // Where the asker owes us something: journals of earlier builds have it there.
            Event::Classified { .. } => matches!(self, New | Closed | Answered | AwaitingAsker),
            Event::DraftPrepared { draft, .. } => match draft.kind {
                LetterKind::Answer => matches!(self, New | ToReview | AwaitingAsker),
                LetterKind::Holding => matches!(self, New | ToReview | AwaitingAsker | Failed),
                LetterKind::Acknowledgement => matches!(self, New | ToReview | ForInformation),
                LetterKind::Correction => matches!(self, Answered | ToReview),
                LetterKind::Transfer => {
                    matches!(self, New | ToReview | ForInformation | SetAside | AwaitingAsker | Failed)
                }
            },
            // They belong to the desk; no thread has them.
            Event::EntrySuspended { .. }
            | Event::EntryResumed { .. }
            | Event::TextProposed { .. }
            | Event::TextApproved { .. }
            | Event::TextDeclined { .. } => false,
            // Only as the beginning of a thread.
            Event::Opened { .. } => self == Closed,
            Event::DraftDiscarded => matches!(self, ToReview | Failed),
            Event::Deposited { .. } => matches!(self, New | ToReview | ForInformation | Closed),
            Event::AwaitingAsker { .. } | Event::AnsweredOtherwise { .. } => {
                matches!(self, New | ToReview | AwaitingAsker | Failed)
            }
            // Wherever a clock may stand still: while a letter that makes them wait is written and leaves.
            Event::Resumed { .. } => {
                matches!(self, New | ToReview | AwaitingAsker | Failed | Sending | Uncertain)
            }
            Event::OutsideJudged { .. } => !matches!(self, Approved | ToSign | Sending | Uncertain),
            Event::Claimed => {
                matches!(
                    self,
                    New | ToReview | ToSign | SetAside | ForInformation | AwaitingAsker | Uncertain | Failed
                )
            }
            Event::DraftEdited { .. } | Event::DraftAdjusted { .. } | Event::Reclassified { .. } => {
                matches!(self, ToReview | Failed)
            }
            Event::Approved(_) => matches!(self, ToReview),
            Event::SignedOff { .. } => self == ToSign,
            Event::ApprovalVoided { .. } | Event::Withdrawn => matches!(self, Approved | ToSign),
            Event::SendAttempted { .. } => self == Approved,
            Event::Sent { .. }
            | Event::SendDeferred { .. }
            | Event::SendFailed { .. }
            | Event::SendUncertain { .. } => self == Sending,
            Event::UncertainSettled { .. } => self == Uncertain,
            Event::AnsweredOutside(_) | Event::AnswerFound { .. } | Event::Bounced { .. } => {
                !matches!(self, Approved | ToSign)
            }
            Event::ClosedWithoutReply(_) => {
                matches!(self, New | ToReview | SetAside | ForInformation | AwaitingAsker | Failed)
            }
            Event::Reopened => matches!(
                self,
                New | Answered | SetAside | ForInformation | AwaitingAsker | Failed | Transferred | Closed
            ),
        }
    }
}
