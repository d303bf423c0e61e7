//! Response times: lists, figures, and both at once.

use super::{Answer, Local};
use crate::report::{By, Scope, Unreported};
use crate::review::Refusal;

impl Local {
    /// A line a question, or a line a group.
    pub(super) fn response_times(&self, scope: &Scope, by: Option<By>) -> Result<Answer, Refusal> {
        self.reported(match by {
            None => self.report.response_times(scope).map(Answer::ResponseTimes),
            Some(by) => self.report.figures(scope, by).map(Answer::Figures),
        })
    }

    /// The overview with its questions.
    pub(super) fn full_report(&self, scope: &Scope, by: By) -> Result<Answer, Refusal> {
        let full = self.report.full(scope, by);
        self.reported(full.map(|(overview, lines)| Answer::Report(Box::new(overview), lines)))
    }

    /// A report, or why there is none.
    fn reported(&self, made: Result<Answer, Unreported>) -> Result<Answer, Refusal> {
        made.or_else(|why| Ok(Answer::Refused { line: why.line(&self.wording)?, wrong_use: true }))
    }
}
