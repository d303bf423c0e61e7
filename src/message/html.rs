//! HTML to text, for messages without a text part.
//!
//! One pass over the tags with a bounded list of open elements: mail is hostile, and a
//! tree of a million nested elements overflows a stack. Hidden text (`display:none`,
//! size 0) is left out, since people do not see it; quotes become `> ` lines, so that
//! [`mod@super::newest`] needs no second way to know them.

use mail_parser::decoders::html::add_html_token;
use std::collections::BTreeSet;

/// Elements that are kept open; deeper ones still give their text.
const MAX_OPEN: usize = 256;
/// Quotes inside each other that are marked.
const MAX_QUOTES: usize = 10;
/// Bytes that may be spent on attributes with unusual quoting, in all.
const QUOTING_BUDGET: usize = 2 * 1024 * 1024;

/// The visible text of `html`: a line a block, a blank line between paragraphs.
pub(super) fn to_text(html: &str) -> String {
    let mut page = Page { hidden_classes: hidden_classes(html), ..Page::default() };
    page.read(html);
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
    open: Vec<Open>,
    hidden_classes: BTreeSet<String>,
    quotes: usize,
    /// Quotes around the last word.
    quotes_before: usize,
    /// Line ends to put before the next word.
    breaks: usize,
    /// A space to put before the next word.
    space: bool,
    /// Whether the current line holds a word already.
    begun: bool,
}

#[derive(Clone, Copy, Default)]
struct Looks {
    hidden: bool,
    tiny: bool,
    pre: bool,
}

struct Open {
    name: String,
    looks: Looks,
    quote: bool,
    /// The next number of an ordered list; 0 in an unordered one.
    item: Option<usize>,
}

impl Page {
    fn read(&mut self, html: &str) {
        let mut rest = html;
        let mut budget = QUOTING_BUDGET;
        loop {
            let Some(at) = rest.find('<') else {
                self.words(rest);
                return;
            };
            let (before, tag) = rest.split_at(at);
            self.words(before);
            rest = match tag.as_bytes().get(1) {
                Some(b'!') if tag.starts_with("<!--") => after(tag, "-->").unwrap_or_default(),
                Some(b'!' | b'?') => after(tag, ">").unwrap_or_default(),
                Some(b'/' | b'a'..=b'z' | b'A'..=b'Z') => {
                    let Some(end) = tag_end(tag, &mut budget) else {
                        // Nothing closes this tag, nor any after it.
                        self.words(tag.get(1..).unwrap_or_default());
                        return;
                    };
                    let inner = tag.get(1..end).unwrap_or_default();
                    let following = tag.get(end + 1..).unwrap_or_default();
                    self.tag(inner, following)
                }
                _ => {
                    self.words("<");
                    tag.get(1..).unwrap_or_default()
                }
            };
        }
    }

    /// Takes a tag (without its brackets); gives where reading goes on.
    fn tag<'h>(&mut self, inner: &str, following: &'h str) -> &'h str {
        let (closing, inner) = match inner.strip_prefix('/') {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        let name_length = inner.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inner.len());
        let name: String = inner.get(..name_length.min(32)).unwrap_or_default().to_ascii_lowercase();
        let attributes = inner.get(name_length..).unwrap_or_default();
        match name.as_str() {
            "script" | "style" | "title" | "template" | "textarea" | "svg" | "math" | "object" | "xml"
                if !closing =>
            {
                if attributes.ends_with('/') {
                    return following;
                }
                return past_end(following, &name).unwrap_or_default();
            }
            "br" => self.line_break(),
            "hr" => {
                self.block(1);
                self.words("________________________________");
                self.block(1);
            }
            "img" | "input" | "meta" | "link" | "base" | "col" | "wbr" | "area" | "source" => {}
            _ => {
                // Cells stand beside each other.
                self.space |= matches!(name.as_str(), "td" | "th");
                if closing { self.close(&name) } else { self.start(name, attributes) }
            }
        }
        following
    }

    fn start(&mut self, name: String, attributes: &str) {
        let lines = block_lines(&name, attributes);
        if lines > 0 {
            // A paragraph ends where the next block starts, said or not.
            if self.open.last().is_some_and(|open| open.name == "p" || (open.name == "li" && name == "li")) {
                let last = self.open.last().map(|open| open.name.clone()).unwrap_or_default();
                self.close(&last);
            }
            self.block(lines);
        }
        let quote = name == "blockquote" && self.quotes < MAX_QUOTES;
        if name == "li" {
            self.bullet();
        }
        if self.open.len() >= MAX_OPEN {
            return;
        }
        let around = self.looks();
        let looks = looks(&name, attributes, around, &self.hidden_classes);
        let item = match name.as_str() {
            "ol" => Some(1),
            "ul" => Some(0),
            _ => None,
        };
        if quote {
            self.quotes += 1;
        }
        self.open.push(Open { name, looks, quote, item });
    }

    fn close(&mut self, name: &str) {
        // Looking a bounded way back keeps a million stray end tags cheap.
        let Some(back) = self.open.iter().rev().take(40).position(|open| open.name == name) else { return };
        self.block(block_lines(name, ""));
        for _ in 0..=back {
            if let Some(open) = self.open.pop()
                && open.quote
            {
                self.quotes -= 1;
            }
        }
    }

    fn bullet(&mut self) {
        let number = self.open.iter_mut().rev().take(40).find_map(|open| open.item.as_mut());
        let bullet = match number {
            Some(0) | None => "-".to_owned(),
            Some(number) => {
                *number += 1;
                format!("{}.", *number - 1)
            }
        };
        self.words(&bullet);
        self.space = true;
    }

    fn looks(&self) -> Looks {
        self.open.last().map(|open| open.looks).unwrap_or_default()
    }

    fn block(&mut self, lines: usize) {
        if lines > 0 && self.begun {
            self.breaks = self.breaks.max(lines);
            self.space = false;
        }
    }

    fn line_break(&mut self) {
        if self.begun {
            self.breaks = (self.breaks + 1).min(2);
            self.space = false;
        }
    }

    fn words(&mut self, text: &str) {
        let looks = self.looks();
        if looks.hidden || looks.tiny || text.is_empty() {
            return;
        }
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if c.is_ascii_whitespace() {
                rest = rest.get(1..).unwrap_or_default();
                match (looks.pre, c) {
                    (true, '\n') => self.line_break(),
                    _ => self.space = true,
                }
                continue;
            }
            let length = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
            let (word, after) = rest.split_at(length);
            self.word(word);
            rest = after;
        }
    }

    fn word(&mut self, word: &str) {
        if self.breaks > 0 || !self.begun {
            for left in (0..self.breaks).rev() {
                self.text.push('\n');
                if left > 0 {
                    // A blank line inside a quote is quoted too.
                    self.text.push_str("> ".repeat(self.quotes.min(self.quotes_before)).trim_end());
                }
            }
            self.text.push_str(&"> ".repeat(self.quotes));
            self.quotes_before = self.quotes;
        } else if self.space {
            self.text.push(' ');
        }
        (self.breaks, self.space, self.begun) = (0, false, true);
        let mut rest = word;
        while let Some(at) = rest.find('&') {
            let (before, entity) = rest.split_at(at);
            self.text.push_str(before);
            let end = entity.as_bytes().iter().take(34).position(|byte| *byte == b';');
            let length = end.map_or(1, |end| end + 1);
            let (entity, after) = entity.split_at_checked(length).unwrap_or((entity, ""));
            add_html_token(&mut self.text, entity.as_bytes(), false);
            rest = after;
        }
        self.text.push_str(rest);
    }
}

fn after<'h>(text: &'h str, end: &str) -> Option<&'h str> {
    text.split_once(end).map(|(_, rest)| rest)
}

/// Past `</name … >`, whatever its case.
fn past_end<'h>(text: &'h str, name: &str) -> Option<&'h str> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find("</") {
        let start = from + at + 2;
        let tail = text.get(start..)?;
        if tail.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return after(tail, ">");
        }
        from = start;
    }
    None
}

/// Where the tag at the start of `tag` ends; a `>` between quotes does not end it.
fn tag_end(tag: &str, budget: &mut usize) -> Option<usize> {
    let plain = tag.find('>')?;
    let head = tag.as_bytes().get(..plain).unwrap_or_default();
    let odd = |quote: u8| head.iter().filter(|byte| **byte == quote).count() % 2 == 1;
    if !odd(b'"') && !odd(b'\'') {
        return Some(plain);
    }
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate().take(8 * 1024) {
        let Some(left) = budget.checked_sub(1) else { return Some(plain) };
        *budget = left;
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') if tag.as_bytes().get(at.wrapping_sub(1)) == Some(&b'=') => {
                quote = Some(byte)
            }
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    Some(plain)
}

/// How many line ends stand around an element: 0 inline, 1 a line, 2 a paragraph.
fn block_lines(name: &str, attributes: &str) -> usize {
    match name {
        // Outlook writes one such paragraph a line, without space between them.
        "p" if attributes.contains("MsoNormal") || attributes.contains("MsoPlainText") => 1,
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "blockquote" | "pre" | "table"
        | "dl" => 2,
        "div" | "tr" | "li" | "section" | "article" | "header" | "footer" | "center" | "dt" | "dd"
        | "address" | "form" | "fieldset" | "body" | "caption" | "main" | "aside" | "nav" | "figure" => 1,
        _ => 0,
    }
}

fn looks(name: &str, attributes: &str, around: Looks, hidden_classes: &BTreeSet<String>) -> Looks {
    let mut looks = around;
    looks.pre |= name == "pre";
    if attributes.is_empty() {
        return looks;
    }
    let attributes: String = attributes
        .chars()
        .take(4_096)
        .filter(|c| !c.is_ascii_whitespace())
        .collect::<String>()
        .to_ascii_lowercase();
    looks.hidden |= hides(&attributes);
    // `hidden` may stand alone; spaces are gone, so it is sought as a whole attribute.
    looks.hidden |=
        attributes == "hidden" || attributes.ends_with("\"hidden") || attributes.contains("hidden=\"");
    if let Some(size) = font_size(&attributes) {
        looks.tiny = size == 0.0;
    }
    if !hidden_classes.is_empty()
        && let Some((_, class)) = attributes.split_once("class=")
    {
        let quote = class.chars().next().filter(|c| matches!(c, '"' | '\''));
        let class = class.trim_start_matches(['"', '\'']);
        let class = match quote {
            Some(quote) => class.split(quote).next().unwrap_or_default(),
            None => class,
        };
        looks.hidden |= hidden_classes.contains(class);
    }
    looks
}

/// Whether declarations (lower case, without spaces) hide what they stand on.
fn hides(style: &str) -> bool {
    let starts = |name: &str, ends: &[&str]| {
        style.match_indices(name).any(|(at, _)| {
            let value = style.get(at + name.len()..).unwrap_or_default();
            ends.iter().any(|end| value.starts_with(end))
        })
    };
    let zero = ["0;", "0px", "0pt", "0em", "0%", "0\"", "0'", "0}", "0!"];
    style.contains("display:none")
        || style.contains("visibility:hidden")
        || style.contains("mso-hide:all")
        || starts(";opacity:", &zero)
        || starts("\"opacity:", &zero)
        || starts("max-height:", &zero)
}

fn font_size(style: &str) -> Option<f64> {
    let (_, value) = style.rsplit_once("font-size:")?;
    let number: String = value.chars().take_while(|c| c.is_ascii_digit() || *c == '.').take(10).collect();
    number.parse().ok()
}

/// Classes that the style sheets hide: a preheader is often hidden that way. Rules inside
/// `@media` are for some screens only and do not count.
fn hidden_classes(html: &str) -> BTreeSet<String> {
    let mut classes = BTreeSet::new();
    let mut rest = html.get(..html.floor_char_boundary(256 * 1024)).unwrap_or(html);
    while let Some(at) = rest.find("<style").or_else(|| rest.find("<STYLE")) {
        let sheet = rest.get(at..).unwrap_or_default();
        let Some((sheet, following)) = sheet.split_once("</") else { break };
        rest = following;
        let mut depth = 0_usize;
        for rule in sheet.split_inclusive(['{', '}']).collect::<Vec<_>>().windows(2) {
            let [selectors, declarations] = rule else { continue };
            let at_media = selectors.contains('@');
            if selectors.ends_with('{') && !at_media && depth == 0 && declarations.ends_with('}') {
                let style: String = declarations.chars().filter(|c| !c.is_ascii_whitespace()).collect();
                let style = style.to_ascii_lowercase();
                if hides(&style) || font_size(&style) == Some(0.0) {
                    let names = selectors.trim_end_matches('{').split(',').filter_map(|one| {
                        let one = one.rsplit(['>', '}', ';']).next().unwrap_or(one).trim();
                        let (before, class) = one.rsplit_once('.')?;
                        let simple = before.bytes().all(|b| b.is_ascii_alphanumeric())
                            && class.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
                        (simple && !class.is_empty()).then(|| class.to_ascii_lowercase())
                    });
                    classes.extend(names.take(50));
                }
            }
            match selectors.chars().last() {
                Some('{') if at_media => depth += 1,
                Some('}') if depth > 0 && declarations.trim() == "}" => depth -= 1,
                _ => {}
            }
        }
    }
    classes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_entities_lists_and_quotes() {
        let html = "<html><head><title>x</title><style>p{}</style></head><body><p>Bonjour&nbsp;!</p><p>L&rsquo;&eacute;t&#233; &lt;ici&gt; &bogus; &amp</p><ul><li>un<li>deux</ul><ol><li>a</li><li>b</li></ol><blockquote>cit&eacute;<p>encore<blockquote>plus</blockquote></blockquote>fin</body>";
        assert_eq!(
            to_text(html),
            "Bonjour\u{a0}!\n\nL’été <ici> &bogus; &amp\n\n- un\n- deux\n\n1. a\n2. b\n\n> cité\n>\n> encore\n>\n> > plus\n\nfin"
        );
    }

    #[test]
    fn hidden_text_stays_hidden() {
        for hidden in [
            "<div style=\"display:none\">non</div>oui",
            "<div style='Display : None !important'><p>non</p><div>non</div></div>oui",
            "<span style=\"font-size:0px\">non</span>oui",
            "<span style=\"font-size: 0\">non</span>oui",
            "<span style=\"mso-hide:all\">non</span>oui",
            "<p hidden>non</p>oui",
            "<style>.preheader { display: none } @media screen { .big { display: none } }</style><div class=\"preheader\">non</div><b class=big>oui</b>",
            "<!-- non --><script>non</script>oui<template>non</template>",
            "<td style=\"font-size:0\">non<div style=\"font-size:14px\">oui</div></td>",
        ] {
            assert_eq!(to_text(hidden).trim(), "oui", "{hidden}");
        }
    }

    #[test]
    fn hostile_html_is_cheap() {
        for piece in [
            "<div>",
            "</div>",
            "<a \"",
            "<",
            "&",
            "<li>",
            "<blockquote>",
            "<style>",
            "<!--",
            "<a b='>",
            "<b><p>",
        ] {
            let html = piece.repeat(1_000_000 / piece.len());
            let began = std::time::Instant::now();
            let _ = to_text(&html);
            assert!(began.elapsed().as_secs() < 20, "{piece}: {:?}", began.elapsed());
        }
    }
}
