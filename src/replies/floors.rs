//! `floors.toml`: how far the classifier's scores can be believed. Made by
//! `greffier evaluate --floors`, never by hand.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where *sure*, *unsure* and *none* begin, measured on wordings left out by situation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floors {
    /// Scores are divided by this before they become probabilities.
    pub temperature: f64,
    /// From this confidence on a sentence is an ask of its own.
    pub split: f64,
    /// Below this confidence no entry is suggested.
    pub none: f64,
    /// From this confidence on an entry is *sure*, by slug. One that is not here is never sure.
    pub sure: BTreeMap<String, f64>,
}

impl Default for Floors {
    /// Nothing is sure, and nothing suggested that is not more likely than all the rest.
    fn default() -> Self {
        Self { temperature: 0.3, split: 0.5, none: 0.3, sure: BTreeMap::new() }
    }
}
