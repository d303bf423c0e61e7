//! The table of turns: which event may happen to a thread in which state.

use super::{Event, State};

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
            | Event::LinkProposed { .. }
            | Event::LinkConfirmed { .. }
            | Event::LinkRefused { .. } => true,
            // What may have left, or is about to, must stay accountable until that is known.
            Event::Purged { .. } => !matches!(self, Approved | Sending | Uncertain),
            Event::Received(arrival) => self != Approved || !arrival.is_human() || arrival.history,
            Event::Classified { .. } => matches!(self, New | Closed | Answered),
            Event::DraftPrepared { .. } => matches!(self, New | ToReview),
            Event::Claimed => {
                matches!(
                    self,
                    New | ToReview | ToSign | SetAside | ForInformation | AwaitingAsker | Uncertain | Failed
                )
            }
            Event::DraftEdited { .. } | Event::Reclassified { .. } => matches!(self, ToReview | Failed),
            Event::Approved(_) => matches!(self, ToReview),
            Event::ApprovalVoided { .. } | Event::Withdrawn | Event::SendAttempted { .. } => self == Approved,
            Event::Sent { .. }
            | Event::SendDeferred { .. }
            | Event::SendFailed { .. }
            | Event::SendUncertain { .. } => self == Sending,
            Event::UncertainSettled { .. } => self == Uncertain,
            Event::AnsweredOutside(_) | Event::AnswerFound { .. } | Event::Bounced { .. } => self != Approved,
            Event::ClosedWithoutReply(_) => {
                matches!(self, New | ToReview | ToSign | SetAside | ForInformation | AwaitingAsker | Failed)
            }
            Event::Merged { .. } | Event::MergedInto { .. } => {
                !matches!(self, Approved | Sending | Uncertain)
            }
            Event::Reopened => matches!(
                self,
                Answered | SetAside | ForInformation | AwaitingAsker | Failed | Transferred | Closed
            ),
        }
    }
}
