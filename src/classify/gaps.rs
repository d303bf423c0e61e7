//! Questions without an entry that resemble one another: what the library may lack.

use super::space::Vector;
use super::{Mail, Model};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Groups are joined while their questions are this much alike on average (cosine). Chosen by reading what
/// comes out of the 515 French wordings that no entry answers: at 0.2, fourteen groups of three or more,
/// nearly all of one matter; at 0.14 many are mixed, at 0.25 two are left.
const ALIKE: f64 = 0.2;
/// How many words tell what a group is about.
const WORDS: usize = 6;

/// Questions that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Their places in what was given, rising.
    pub questions: Vec<usize>,
    /// Words that most of them share and that say most, strongest first.
    pub words: Vec<String>,
}

impl Model {
    /// Groups mail by what it asks, whatever the labels; single ones too, in the order of their first.
    #[must_use]
    pub fn gaps(&self, mails: &[Mail<'_>]) -> Vec<Gap> {
        let prepare =
            |mail: &Mail<'_>| self.space.prepare(&format!("{}. {}", mail.subject, mail.text), mail.language);
        let prepared: Vec<_> = mails.par_iter().map(prepare).collect();
        let vectors: Vec<Vector> =
            prepared.par_iter().map(|part| self.space.vector(std::iter::once(part))).collect();
        let groups = grouped(&likenesses(&vectors));
        let words = |places: &[usize]| {
            // In how many of the questions a word stands; the shown form is the first that was met.
            let mut counts: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
            for part in places.iter().filter_map(|place| prepared.get(*place)) {
                let mut here: Vec<&super::words::Word> =
                    part.words.iter().filter(|word| self.space.counts(word)).collect();
                here.sort_by(|a, b| a.plain.cmp(&b.plain));
                here.dedup_by(|a, b| a.plain == b.plain);
                for word in here {
                    counts.entry(&word.plain).or_insert((0, &word.shown)).0 += 1;
                }
            }
            let mut shared: Vec<(usize, &str, &str)> = counts
                .into_iter()
                .filter(|(plain, (count, _))| 2 * count > places.len() && plain.len() > 2)
                .map(|(plain, (count, shown))| (count, plain, shown))
                .collect();
            shared.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.len().cmp(&a.1.len())).then(a.1.cmp(b.1)));
            shared.into_iter().take(WORDS).map(|(.., shown)| shown.to_owned()).collect()
        };
        groups.into_iter().map(|questions| Gap { words: words(&questions), questions }).collect()
    }
}

/// The cosine of every pair: row by row, each row up to its own number.
fn likenesses(vectors: &[Vector]) -> Vec<Vec<f64>> {
    let lengths: Vec<f64> = vectors
        .iter()
        .map(|vector| vector.iter().map(|(_, value)| f64::from(*value).powi(2)).sum::<f64>().sqrt())
        .collect();
    let row = |(at, vector): (usize, &Vector)| {
        let others = vectors.iter().zip(&lengths).take(at);
        let own = lengths.get(at).copied().unwrap_or_default();
        others
            .map(|(other, length)| {
                let lengths = own * length;
                if lengths > 0.0 { product(vector, other) / lengths } else { 0.0 }
            })
            .collect()
    };
    vectors.par_iter().enumerate().map(|(at, vector)| row((at, vector))).collect()
}

/// Both rise by number.
fn product(one: &Vector, other: &Vector) -> f64 {
    let mut sum = 0.0;
    let mut rest = other.iter().peekable();
    for (number, value) in one {
        while rest.next_if(|(of, _)| of < number).is_some() {}
        if let Some((_, of)) = rest.next_if(|(of, _)| of == number) {
            sum += f64::from(*value) * f64::from(*of);
        }
    }
    sum
}

/// Joins the two groups that are most alike on average until none are enough (average linkage).
fn grouped(likenesses: &[Vec<f64>]) -> Vec<Vec<usize>> {
    let count = likenesses.len();
    let mut alike: Vec<Vec<f64>> = (0..count)
        .map(|row| {
            let of = |column: usize| likenesses.get(row.max(column)).and_then(|of| of.get(row.min(column)));
            (0..count).map(|column| of(column).copied().unwrap_or_default()).collect()
        })
        .collect();
    let mut groups: Vec<Vec<usize>> = (0..count).map(|place| vec![place]).collect();
    // For each group the one after it that is most like it.
    let nearest = |alike: &[Vec<f64>], groups: &[Vec<usize>], row: usize| {
        let live = groups.iter().enumerate().skip(row + 1).filter(|(_, group)| !group.is_empty());
        let likeness =
            |column: usize| alike.get(row).and_then(|of| of.get(column)).copied().unwrap_or_default();
        live.map(|(column, _)| (column, likeness(column)))
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
    };
    let mut best: Vec<Option<(usize, f64)>> = (0..count).map(|row| nearest(&alike, &groups, row)).collect();
    loop {
        let found = best
            .iter()
            .enumerate()
            .filter_map(|(row, of)| of.map(|(column, likeness)| (row, column, likeness)))
            .reduce(|best, next| if next.2 > best.2 { next } else { best });
        let Some((row, column, _)) = found.filter(|(.., likeness)| *likeness >= ALIKE) else { break };
        let taken = groups.get_mut(column).map(std::mem::take).unwrap_or_default();
        let sizes = [groups.get(row).map_or(0, Vec::len), taken.len()];
        #[allow(clippy::cast_precision_loss)]
        let [own, other] = sizes.map(|size| size as f64 / (sizes[0] + sizes[1]) as f64);
        let joined: Vec<f64> = alike
            .get(row)
            .into_iter()
            .flatten()
            .zip(alike.get(column).into_iter().flatten())
            .map(|(a, b)| own * a + other * b)
            .collect();
        for (place, likeness) in joined.iter().enumerate() {
            if let Some(cell) = alike.get_mut(place).and_then(|of| of.get_mut(row)) {
                *cell = *likeness;
            }
        }
        if let Some(line) = alike.get_mut(row) {
            *line = joined;
        }
        if let Some(group) = groups.get_mut(row) {
            group.extend(taken);
        }
        for at in 0..count {
            let stale = at == row
                || best.get(at).copied().flatten().is_some_and(|(to, _)| to == row || to == column)
                || at < row;
            let live = groups.get(at).is_some_and(|group| !group.is_empty());
            if let Some(of) = best.get_mut(at)
                && stale
            {
                *of = if live { nearest(&alike, &groups, at) } else { None };
            }
            if let Some(of) = best.get_mut(at)
                && !live
            {
                *of = None;
            }
        }
    }
    let mut groups: Vec<Vec<usize>> = groups.into_iter().filter(|group| !group.is_empty()).collect();
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups.sort();
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_comes_together() {
        let vectors: [Vector; 5] =
            [vec![(0, 1.0)], vec![(1, 1.0)], vec![(0, 0.9), (2, 0.1)], vec![], vec![(1, 0.8), (3, 0.2)]];
        assert_eq!(grouped(&likenesses(&vectors)), [vec![0, 2], vec![1, 4], vec![3]]);
        assert!(grouped(&likenesses(&[])).is_empty());
    }
}
