//! Which decisions a page offers in which state. What is not offered is refused by the desk all the same.

use crate::thread::State;

/// Whether the state offers a decision, by its name in addresses and forms.
pub(super) fn offers(state: State, verb: &str) -> bool {
    use State as S;
    match verb {
        "noter" => true,
        "approuver" | "modifier" | "ajuster" | "remplir" | "reclasser" => state == S::ToReview,
        "viser" => state == S::ToSign,
        "reprendre" => matches!(state, S::Approved | S::ToSign),
        "regler" => state == S::Uncertain,
        "rouvrir" => {
            matches!(
                state,
                S::Answered | S::SetAside | S::ForInformation | S::Closed | S::Failed | S::Transferred
            )
        }
        "rectifier" => state == S::Answered,
        "relancer" => state == S::AwaitingAsker,
        "prendre" => !matches!(state, S::Answered | S::Closed | S::Transferred | S::Sending),
        "fermer" => matches!(
            state,
            S::New | S::ToReview | S::SetAside | S::ForInformation | S::AwaitingAsker | S::Failed
        ),
        "attendre" | "accuser" | "repondu" => {
            matches!(state, S::ToReview | S::ForInformation | S::AwaitingAsker)
        }
        "transferer" | "avis" => {
            matches!(state, S::ToReview | S::ForInformation | S::AwaitingAsker | S::SetAside)
        }
        _ => false,
    }
}
