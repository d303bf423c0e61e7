//! The JSON that a webhook takes: a template with places, filled in.
//!
//! A small part of the template language of Adaptive Cards, so that a card made for it serves here: `${text}`,
//! `${lines}`, `${link}` and `${$data}` within strings, `"$data": "${lines}"` for an object that is there once
//! for each line, `"$when": "${link}"` for one that is there only with a link. What is put in is put into a
//! string of JSON, and so stays a text whatever it holds.

use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// An Adaptive Card, as a workflow of Teams takes it ("When a Teams webhook request is received").
const TEAMS: &str = include_str!("teams.json");

/// Why a template does not serve.
#[derive(Debug, thiserror::Error)]
pub enum BadTemplate {
    /// The file.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// Its path.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// It is no JSON.
    #[error("{}: {error}", path.display())]
    NotJson {
        /// Its path.
        path: PathBuf,
        /// The parser's words, with line and column.
        error: serde_json::Error,
    },
    /// It names a place that is none.
    #[error("{}: ${{{name}}} is no place of a message; there are ${{text}}, ${{lines}} and ${{link}}", path.display())]
    UnknownPlace {
        /// Its path.
        path: PathBuf,
        /// The name.
        name: String,
    },
    /// Nothing of a message would be in it.
    #[error("{}: neither ${{text}} nor ${{lines}} is in it", path.display())]
    Empty {
        /// Its path.
        path: PathBuf,
    },
}

/// A template that holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Template(Value);

/// What is put into the places.
#[derive(Clone, Copy)]
struct Filling<'a> {
    lines: &'a [&'a str],
    link: Option<&'a str>,
    /// The line of the object that is there once for each.
    line: Option<&'a str>,
}

impl Template {
    /// Reads the file; the card for Teams without one.
    pub fn open(path: Option<&Path>) -> Result<Self, BadTemplate> {
        let Some(path) = path else { return Self::parse(TEAMS, Path::new("teams")) };
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|error| BadTemplate::Unreadable { path: path.to_owned(), error })?;
        Self::parse(&text, path)
    }

    fn parse(text: &str, path: &Path) -> Result<Self, BadTemplate> {
        let path = path.to_owned();
        let json: Value = match serde_json::from_str(text) {
            Ok(json) => json,
            Err(error) => return Err(BadTemplate::NotJson { path, error }),
        };
        let mut places = Vec::new();
        collect(&json, &mut places);
        match places.iter().find(|name| !["text", "lines", "link", "$data"].contains(&name.as_str())) {
            Some(name) => Err(BadTemplate::UnknownPlace { name: name.clone(), path }),
            None if places.iter().all(|name| name == "link" || name == "$data") => {
                Err(BadTemplate::Empty { path })
            }
            None => Ok(Self(json)),
        }
    }

    /// The JSON of a message.
    pub fn filled(&self, lines: &[&str], link: Option<&str>) -> Value {
        let filling = Filling { lines, link, line: None };
        filling.of(&self.0).into_iter().next().unwrap_or_default()
    }
}

impl Filling<'_> {
    /// What stands in the place of a value: nothing, one, or one for each line.
    fn of(self, value: &Value) -> Vec<Value> {
        match value {
            Value::String(text) => vec![Value::String(self.in_text(text))],
            Value::Array(items) => vec![Value::Array(items.iter().flat_map(|item| self.of(item)).collect())],
            Value::Object(fields) => {
                if fields.get("$when").is_some_and(|when| when == "${link}" && self.link.is_none()) {
                    return Vec::new();
                }
                if fields.get("$data").is_some_and(|data| data == "${lines}") {
                    let each =
                        self.lines.iter().map(|line| Filling { line: Some(line), ..self }.object(fields));
                    return each.collect();
                }
                vec![self.object(fields)]
            }
            other => vec![other.clone()],
        }
    }

    fn object(self, fields: &Map<String, Value>) -> Value {
        let kept = fields.iter().filter(|(name, _)| !matches!(name.as_str(), "$when" | "$data"));
        let filled =
            kept.filter_map(|(name, value)| Some((name.clone(), self.of(value).into_iter().next()?)));
        Value::Object(filled.collect())
    }

    /// Each place is filled once: what was put in is not read again.
    fn in_text(self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, name, after)) = next_place(rest) {
            filled.push_str(before);
            match name {
                "link" => filled.push_str(self.link.unwrap_or_default()),
                "$data" => filled.push_str(self.line.unwrap_or_default()),
                _ => filled.push_str(&self.lines.join("\n")),
            }
            rest = after;
        }
        filled + rest
    }
}

/// What stands before the first place, its name, and what stands behind it.
fn next_place(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

/// The names of all places.
fn collect(value: &Value, places: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let mut rest = text.as_str();
            while let Some((_, name, after)) = next_place(rest) {
                places.push(name.to_owned());
                rest = after;
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, places)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, places)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn template(json: &Value) -> Template {
        Template::parse(&json.to_string(), Path::new("t.json")).unwrap()
    }

    #[test]
    fn the_card_for_teams_has_a_block_a_line_and_a_button_with_a_link() {
        let teams = Template::open(None).unwrap();
        let card = teams.filled(&["№ 1 · **Cégep**", "à réviser"], Some("https://x.example/fils/1"));
        let content = &card["attachments"][0]["content"];
        assert_eq!(card["type"], "message");
        assert_eq!(content["type"], "AdaptiveCard");
        let body: Vec<&Value> = content["body"].as_array().unwrap().iter().collect();
        assert_eq!(body.len(), 2);
        assert_eq!(body[0]["inlines"][0]["text"], "№ 1 · **Cégep**");
        assert!(!card.to_string().contains("${"), "{card}");
        assert_eq!(content["actions"][0]["url"], "https://x.example/fils/1");
        let card = teams.filled(&["Une ligne"], None);
        assert_eq!(card["attachments"][0]["content"]["actions"], json!([]));
    }

    #[test]
    fn places_are_filled_and_what_was_put_in_is_text() {
        let of = template(&json!({ "text": "« ${text} »", "n": 1, "deep": [{ "u": "${link}" }, true] }));
        let hostile = "\",\"x\":\"${link}\n${text}";
        let filled = of.filled(&[hostile, "b"], Some("https://x.example"));
        let expected = json!({ "text": format!("« {hostile}\nb »"), "n": 1,
                               "deep": [{ "u": "https://x.example" }, true] });
        assert_eq!(filled, expected);
        assert_eq!(of.filled(&[], None)["deep"][0]["u"], "");
        let open = template(&json!({ "text": "${text} costs $5 ${" }));
        assert_eq!(open.filled(&["a"], None)["text"], "a costs $5 ${");
    }

    #[test]
    fn a_template_that_does_not_serve_is_refused_with_its_reason() {
        let refused = |text: &str| Template::parse(text, Path::new("t.json")).unwrap_err().to_string();
        assert!(refused("{").contains("t.json: EOF"), "{}", refused("{"));
        assert!(refused(r#"{"a":"${body}"}"#).contains("${body} is no place"));
        assert!(refused(r#"{"a":"${link}"}"#).contains("neither ${text} nor ${lines}"));
        assert!(refused("{}").contains("neither"));
        assert!(refused(r#"{"a":"${$data}"}"#).contains("neither"));
        let nowhere = Template::open(Some(Path::new("/nowhere/t.json"))).unwrap_err().to_string();
        assert!(nowhere.contains("/nowhere/t.json"), "{nowhere}");
    }
}
