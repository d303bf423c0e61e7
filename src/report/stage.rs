//! Where the time of one question went: the stages from receipt to answer, without the pauses.
//!
//! Every stage ends with something that happened. The time up to it is read off the question's watch, which
//! stands still in pauses, and a stage is the difference of two readings: so the stages add up to the whole,
//! to the second, by the clock on the wall and by business hours alike.

use crate::calendar::{BeyondCalendar, Taken, Watch};
use crate::thread::{Channel, Question};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// One part of the way from a question to its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Received → draft ready: the machine.
    Draft,
    /// Draft ready → taken in hand by a person. Whoever asks for an opinion or approves without a claim takes it
    /// in hand by that.
    Claim,
    /// Taken in hand → approved, without the time for which an opinion was awaited.
    Writing,
    /// Opinion asked → opinion received.
    Opinion,
    /// Approved → signed by a second person.
    Signature,
    /// Approved, or signed → taken by the mail server: the hold and the server.
    Delivery,
    /// Up to an answer that was given elsewhere, from the last stage that is known.
    Elsewhere,
}

impl Stage {
    /// All of them, in order.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Claim,
        Self::Writing,
        Self::Opinion,
        Self::Signature,
        Self::Delivery,
        Self::Elsewhere,
    ];

    /// The name in JSON and in wording keys.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Claim => "claim",
            Self::Writing => "writing",
            Self::Opinion => "opinion",
            Self::Signature => "signature",
            Self::Delivery => "delivery",
            Self::Elsewhere => "elsewhere",
        }
    }
}

impl FromStr for Stage {
    type Err = ();

    fn from_str(key: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|stage| stage.key() == key).ok_or(())
    }
}

/// How long one stage took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageTime {
    /// Which.
    pub stage: Stage,
    /// How long.
    #[serde(flatten)]
    pub taken: Taken,
}

/// The stages up to the answer, in order, each once; nothing before there is one.
pub(super) fn stages(watch: &Watch<'_>, question: &Question) -> Result<Vec<StageTime>, BeyondCalendar> {
    let mut stages: Vec<StageTime> = Vec::new();
    let mut before = Taken::default();
    for (stage, moment) in milestones(question) {
        let now = watch.at(moment)?;
        // A milestone that came out of order ends a stage that took no time.
        let now = Taken {
            wall_seconds: now.wall_seconds.max(before.wall_seconds),
            business_seconds: now.business_seconds.max(before.business_seconds),
        };
        let taken = Taken {
            wall_seconds: now.wall_seconds - before.wall_seconds,
            business_seconds: now.business_seconds - before.business_seconds,
        };
        match stages.iter_mut().find(|of| of.stage == stage) {
            Some(of) => {
                of.taken.wall_seconds += taken.wall_seconds;
                of.taken.business_seconds += taken.business_seconds;
            }
            None => stages.push(StageTime { stage, taken }),
        }
        before = now;
    }
    Ok(stages)
}

/// What ended each stage, the answer last.
fn milestones(question: &Question) -> Vec<(Stage, Timestamp)> {
    let Some(answer) = &question.answer else { return Vec::new() };
    let inside = answer.channel == Channel::Inside;
    // What a letter of ours left behind says nothing of an answer that was given elsewhere.
    let approved = question.approved.filter(|_| inside);
    let in_hand = [question.claimed, question.opinion_asked, approved].into_iter().flatten().min();
    let opinion = question.opinion_received.and(question.opinion_asked);
    let found = [
        (Stage::Draft, question.drafted),
        (Stage::Claim, in_hand),
        (Stage::Writing, opinion),
        (Stage::Opinion, question.opinion_received),
        (Stage::Writing, approved),
        (Stage::Signature, question.signed.filter(|_| inside)),
    ];
    let mut milestones: Vec<(Stage, Timestamp)> = found
        .into_iter()
        .filter_map(|(stage, at)| Some((stage, at.filter(|at| *at <= answer.at)?)))
        .collect();
    milestones.push((if inside { Stage::Delivery } else { Stage::Elsewhere }, answer.at));
    milestones
}

#[cfg(test)]
mod tests;
