//! References that lead nowhere: links that no letter keeps, and points of the letter that it does not have.

use super::{Draft, markdown};
use regex::Regex;
use std::sync::LazyLock;

/// "le point 3 ci-dessous", "question 2 above": a number of this very letter.
static POINT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:point|question|réponse|answer|section)s?\s+(\d{1,2})\s+(?:ci-dess(?:us|ous)|above|below)",
    )
    .ok()
});

impl Draft {
    /// The references in the body that lead nowhere, as they stand there.
    #[must_use]
    pub fn dead_references(&self) -> Vec<String> {
        let mut dead = markdown::dropped_links(&self.body);
        let points = markdown::headings(&self.body);
        for found in POINT.iter().flat_map(|point| point.captures_iter(&self.body)) {
            let number = found.get(1).and_then(|number| number.as_str().parse::<usize>().ok());
            if let (Some(whole), Some(number)) = (found.get(0), number)
                && !(1..=points).contains(&number)
            {
                dead.push(whole.as_str().to_owned());
            }
        }
        dead
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ours, parts, question};
    use super::super::{Draft, prepare};
    use jiff::tz::TimeZone;

    fn draft() -> Draft {
        prepare(&question(), &[], &parts(Vec::new()), &ours(), &TimeZone::UTC)
    }

    #[test]
    fn links_and_points_that_are_not_there() {
        let letter = "### 1. Un\n\nVoir le point 2 ci-dessous et [le guide](#guide).\n\n### 2. Deux\n\n\
                      Voir la question 3 ci-dessus, l’article 9 de la Loi, [ici](https://a.example) et \
                      [là](guide.md).\n";
        let dead = draft().with_body(letter).dead_references();
        assert_eq!(dead, ["le guide (#guide)", "là (guide.md)", "question 3 ci-dessus"]);
        assert_eq!(
            draft().with_body("Bonjour,\n\nVoir le point 1.\n").dead_references(),
            Vec::<String>::new()
        );
    }
}
