//! Files of example wordings: one wording a paragraph, `#` for comments.
//!
//! `# situation: name` groups the wordings that follow: they share people and a matter, so
//! that a measurement can leave all of them out at once. A paragraph may begin with a line
//! `Objet : …` or `Subject: …`.

/// A wording as people really ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The wording, on one line; what stood as its subject comes first.
    pub text: String,
    /// The group that it belongs to, if any.
    pub situation: Option<String>,
}

impl Example {
    /// A wording that stands alone.
    pub(super) fn alone(text: impl Into<String>) -> Self {
        Self { text: text.into(), situation: None }
    }
}

/// The wordings of one file, in order.
pub(super) fn parse(text: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let (mut current, mut situation) = (String::new(), None);
    for line in text.lines().chain([""]) {
        let line = line.trim();
        if let Some(comment) = line.strip_prefix('#') {
            if let Some(name) = comment.trim_start().strip_prefix("situation:") {
                situation = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
            }
            continue;
        }
        if line.is_empty() {
            if !current.is_empty() {
                examples.push(Example { text: std::mem::take(&mut current), situation: situation.clone() });
            }
            continue;
        }
        if !current.is_empty() {
            current.push(' ');
            current.push_str(line);
        } else if let Some(subject) = subject(line) {
            current.push_str(subject);
            if !subject.ends_with(['.', '?', '!', ':']) {
                current.push('.');
            }
        } else {
            current.push_str(line);
        }
    }
    examples
}

/// What stands behind `Objet :` or `Subject:`.
fn subject(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("Objet").or_else(|| line.strip_prefix("Subject"))?;
    let subject = rest.trim_start().strip_prefix(':')?.trim();
    (!subject.is_empty()).then_some(subject)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_a_sentence_and_a_comment_names_the_situation() {
        let found = parse(
            "un\n\n# rem\n# situation: ville\nObjet : Gel\ndeux\nsuite\n\nObjet : Quand ?\n\nObjets perdus",
        );
        let of = |text: &str, situation: Option<&str>| Example {
            text: text.to_owned(),
            situation: situation.map(str::to_owned),
        };
        let ville = Some("ville");
        assert_eq!(
            found,
            [of("un", None), of("Gel. deux suite", ville), of("Quand ?", ville), of("Objets perdus", ville)]
        );
    }
}
