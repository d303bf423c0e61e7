//! Reads Rust as far as the import table needs it: which paths stand in a file, where,
//! and in which inline module. Comments and texts do not count.

/// A path as it stands in the code, such as `crate::config::Tls`.
pub struct Said {
    pub parts: Vec<String>,
    pub line: usize,
    /// Inline modules that it stands in.
    pub within: Vec<String>,
}

/// Every path of two or more parts in the text, groups in braces written out.
pub fn paths(text: &str) -> Vec<Said> {
    paths_of(&tokens(text))
}

/// A word, or one of the signs that matter here; everything else is left out.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    /// `::`
    Path,
    Sign(char),
}

/// Cuts Rust into tokens; comments, strings and characters are gone.
fn tokens(text: &str) -> Vec<(Token, usize)> {
    let chars: Vec<char> = text.chars().collect();
    let at = |place: usize| chars.get(place).copied().unwrap_or('\0');
    let (mut tokens, mut place, mut line) = (Vec::new(), 0, 1);
    while place < chars.len() {
        let start = place;
        let c = at(place);
        if c == '/' && at(place + 1) == '/' {
            while place < chars.len() && at(place) != '\n' {
                place += 1;
            }
        } else if c == '/' && at(place + 1) == '*' {
            let mut depth = 0;
            loop {
                match (at(place), at(place + 1)) {
                    ('/', '*') => (depth, place) = (depth + 1, place + 2),
                    ('*', '/') => (depth, place) = (depth - 1, place + 2),
                    _ => place += 1,
                }
                if depth == 0 || place >= chars.len() {
                    break;
                }
            }
        } else if c == '"' {
            place = end_of_string(&chars, place);
        } else if c == '\'' {
            // A lifetime has no closing quote; what it names is no path.
            place = if at(place + 1) == '\\' {
                let mut end = place + 3;
                while at(end) != '\'' {
                    end += 1;
                }
                end + 1
            } else if at(place + 2) == '\'' {
                place + 3
            } else {
                place + 1
            };
        } else if c.is_alphabetic() || c == '_' {
            while at(place).is_alphanumeric() || at(place) == '_' {
                place += 1;
            }
            let word: String = chars[start..place].iter().collect();
            if matches!(word.as_str(), "r" | "br" | "cr") && matches!(at(place), '"' | '#') {
                let hashes = chars[place..].iter().take_while(|c| **c == '#').count();
                if at(place + hashes) == '"' {
                    place += hashes + 1;
                    while place < chars.len()
                        && !(at(place) == '"' && (1..=hashes).all(|n| at(place + n) == '#'))
                    {
                        place += 1;
                    }
                    place += hashes + 1;
                } // else: a raw identifier, whose word comes next.
            } else {
                tokens.push((Token::Word(word), line));
            }
        } else if c == ':' && at(place + 1) == ':' {
            tokens.push((Token::Path, line));
            place += 2;
        } else {
            if matches!(c, '{' | '}' | ',' | ';' | '*' | '<' | '>' | '(' | ')' | '#' | '=') {
                tokens.push((Token::Sign(c), line));
            }
            place += 1;
        }
        line += chars[start..place.min(chars.len())].iter().filter(|c| **c == '\n').count();
    }
    tokens
}

fn end_of_string(chars: &[char], start: usize) -> usize {
    let mut place = start + 1;
    while place < chars.len() && chars[place] != '"' {
        place += if chars[place] == '\\' { 2 } else { 1 };
    }
    place + 1
}

fn paths_of(tokens: &[(Token, usize)]) -> Vec<Said> {
    let mut said = Vec::new();
    // One entry a brace: the name of the inline module that it opens.
    let mut braces: Vec<Option<String>> = Vec::new();
    let mut place = 0;
    let token = |place: usize| tokens.get(place).map(|(token, _)| token);
    while let Some((now, line)) = tokens.get(place) {
        match now {
            Token::Word(word) if word == "mod" && token(place + 2) == Some(&Token::Sign('{')) => {
                let Some(Token::Word(name)) = token(place + 1) else { panic!("mod without a name") };
                braces.push(Some(name.clone()));
                place += 3;
            }
            Token::Sign('{') => {
                braces.push(None);
                place += 1;
            }
            Token::Sign('}') => {
                braces.pop();
                place += 1;
            }
            Token::Word(_) if token(place.wrapping_sub(1)) != Some(&Token::Path) => {
                let within: Vec<String> = braces.iter().flatten().cloned().collect();
                let mut found = Vec::new();
                let end = tree(tokens, place, &[], &mut found);
                for parts in found.into_iter().filter(|parts| parts.len() > 1) {
                    said.push(Said { parts, line: *line, within: within.clone() });
                }
                place = end;
            }
            _ => place += 1,
        }
    }
    said
}

/// Reads the path tree that begins at `place`; gives where it ends.
fn tree(
    tokens: &[(Token, usize)],
    mut place: usize,
    before: &[String],
    found: &mut Vec<Vec<String>>,
) -> usize {
    let mut parts = before.to_vec();
    let token = |place: usize| tokens.get(place).map(|(token, _)| token);
    loop {
        match token(place) {
            Some(Token::Word(word)) => {
                parts.push(word.clone());
                place += 1;
            }
            Some(Token::Sign('*')) => {
                parts.push("*".to_owned());
                place += 1;
            }
            Some(Token::Sign('{')) => {
                place += 1;
                loop {
                    match token(place) {
                        Some(Token::Sign('}')) | None => break,
                        Some(Token::Sign(',')) => place += 1,
                        // `name as other` within a group: the other name leads nowhere new.
                        Some(Token::Word(word)) if word == "as" => place += 2,
                        Some(_) => place = tree(tokens, place, &parts, found),
                    }
                }
                return place + 1;
            }
            // `::<` of a turbofish, or something that is no path at all.
            _ => {
                found.push(parts);
                return place.max(1);
            }
        }
        if token(place) != Some(&Token::Path) {
            found.push(parts);
            return place;
        }
        place += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        paths(text).iter().map(|said| said.parts.join("::")).collect()
    }

    #[test]
    fn every_way_to_write_a_path_is_seen() {
        for (text, expected) in [
            ("use crate::config::Tls;", &["crate::config::Tls"][..]),
            (
                "use crate::{config, clock::{now, later}};",
                &["crate::config", "crate::clock::now", "crate::clock::later"],
            ),
            (
                "use crate::{\n a::{self, b::*}, // crate::no\n c as d,\n};",
                &["crate::a::self", "crate::a::b::*", "crate::c"],
            ),
            (
                "pub(in crate::a) fn f(x: &crate::b::C<crate::d::E>) {}",
                &["crate::a", "crate::b::C", "crate::d::E"],
            ),
            ("let a = \"crate::x\"; let b = r#\"crate::y\"#; let c = '\"'; crate::z::f();", &["crate::z::f"]),
            ("/* crate::a /* crate::b */ */ super::super::c::d()", &["super::super::c::d"]),
            ("fn f<'a>(x: &'a str) { crate::m!(x); x.parse::<crate::n::O>() }", &["crate::m", "crate::n::O"]),
            ("let c = '\\''; let d = b'\\\\'; crate::e::f", &["crate::e::f"]),
            ("std::fs::read(r\"a\\\")", &["std::fs::read"]),
        ] {
            assert_eq!(said(text), expected, "{text}");
        }
    }
}
