//! Files of example wordings: one wording a paragraph, `#` for comments.

/// The wordings of one file, each on one line, in order.
pub(super) fn parse(text: &str) -> Vec<String> {
    let mut wordings = Vec::new();
    let mut current = String::new();
    for line in text.lines().chain([""]) {
        let line = line.trim();
        if line.starts_with('#') {
            continue;
        }
        if line.is_empty() {
            if !current.is_empty() {
                wordings.push(std::mem::take(&mut current));
            }
            continue;
        }
        if !current.is_empty() {
            current.push(' ');
        }
        current.push_str(line);
    }
    wordings
}
