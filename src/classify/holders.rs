//! Which lessons hold a feature: what evidence looks up to name the wording behind a word.

use super::space::Vector;
use std::ops::Range;

/// The lessons of every feature in one row: two allocations instead of one a feature.
pub(super) struct Holders {
    /// Where the lessons of each feature begin, and at the end where the last ones end.
    starts: Vec<u32>,
    /// Feature by feature, by rising number: the lesson, and the value of the feature in it.
    held: Vec<(u32, f32)>,
}

impl Holders {
    /// Turns the vectors of the lessons, which are numbered in their order, around; features
    /// from number `features` on are left out.
    pub fn of(vectors: &[Vector], features: usize) -> Self {
        let mut starts = vec![0_u32; features + 1];
        let of_words = |(feature, _): &&(u32, f32)| (*feature as usize) < features;
        for (feature, _) in vectors.iter().flat_map(|vector| vector.iter().take_while(of_words)) {
            if let Some(next) = starts.get_mut(*feature as usize + 1) {
                *next += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut places = starts.clone();
        let mut held = vec![(0, 0.0); sum as usize];
        for (lesson, vector) in (0_u32..).zip(vectors) {
            for (feature, value) in vector.iter().take_while(of_words) {
                if let Some(place) = places.get_mut(*feature as usize) {
                    if let Some(held) = held.get_mut(*place as usize) {
                        *held = (lesson, *value);
                    }
                    *place += 1;
                }
            }
        }
        Self { starts, held }
    }

    /// Those of these lessons that hold a feature, and its value there.
    pub fn among(&self, lessons: &Range<u32>, feature: u32) -> &[(u32, f32)] {
        let at = feature as usize;
        let (Some(start), Some(end)) = (self.starts.get(at), self.starts.get(at + 1)) else { return &[] };
        let held = self.held.get(*start as usize..*end as usize).unwrap_or_default();
        let from = held.partition_point(|(lesson, _)| *lesson < lessons.start);
        let to = held.partition_point(|(lesson, _)| *lesson < lessons.end);
        held.get(from..to).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_feature_has_the_lessons_that_hold_it_in_order() {
        let vectors = [vec![(0, 0.1), (2, 0.2)], vec![(2, 0.3)], vec![], vec![(0, 0.4), (1, 0.5)]];
        let holders = Holders::of(&vectors, 3);
        assert_eq!(holders.among(&(0..4), 0), [(0, 0.1), (3, 0.4)]);
        assert_eq!(holders.among(&(0..4), 1), [(3, 0.5)]);
        assert_eq!(holders.among(&(0..4), 2), [(0, 0.2), (1, 0.3)]);
        assert_eq!(holders.among(&(1..3), 2), [(1, 0.3)]);
        assert_eq!(holders.among(&(1..3), 0), []);
        assert_eq!(holders.among(&(0..4), 3), [], "unknown");
    }
}
