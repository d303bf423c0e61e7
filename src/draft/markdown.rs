//! Markdown → what a mail carries: readable plain text, and HTML that nobody can inject into.
//!
//! CommonMark without extensions, with one difference: in a body every line end is a
//! line end, because that is what the reviewer sees while writing. Approved texts may
//! be wrapped in their files; [`unwrapped`] joins their lines before they come here.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use std::mem;

/// Joins the lines of wrapped paragraphs; hard line breaks, lists and code stay.
pub(super) fn unwrapped(markdown: &str) -> String {
    let mut joined = String::with_capacity(markdown.len());
    let mut done = 0;
    let mut quotes = 0_usize;
    for (event, range) in Parser::new_ext(markdown, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::BlockQuote(_)) => quotes += 1,
            Event::End(TagEnd::BlockQuote(_)) => quotes = quotes.saturating_sub(1),
            // In a block quote the next line begins with marks that are not part of the break.
            Event::SoftBreak if quotes == 0 && range.start >= done => {
                joined.push_str(markdown.get(done..range.start).unwrap_or_default().trim_end_matches(' '));
                joined.push(' ');
                let rest = markdown.get(range.end..).unwrap_or_default();
                done = markdown.len() - rest.trim_start_matches([' ', '\t']).len();
            }
            _ => {}
        }
    }
    joined.push_str(markdown.get(done..).unwrap_or_default());
    joined
}

/// The events of `markdown` with nothing left in them that could act on a reader:
/// raw HTML becomes text, links keep only web and mail addresses, images only their text.
fn harmless(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let mut links: Vec<bool> = Vec::new();
    Parser::new_ext(markdown, Options::empty()).filter_map(move |event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { link_type, dest_url, id, .. }) => {
            let followed = link_type == LinkType::Email || is_followed(&dest_url);
            links.push(followed);
            followed.then_some(Event::Start(Tag::Link {
                link_type,
                dest_url,
                title: CowStr::Borrowed(""),
                id,
            }))
        }
        Event::End(TagEnd::Link) => links.pop().unwrap_or(false).then_some(Event::End(TagEnd::Link)),
        event => Some(event),
    })
}

/// The links that no letter keeps: what people read, and where it would lead.
pub(super) fn dropped_links(markdown: &str) -> Vec<String> {
    let mut dropped = Vec::new();
    let mut open: Option<(CowStr<'_>, String)> = None;
    for event in Parser::new_ext(markdown, Options::empty()) {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, .. })
                if link_type != LinkType::Email && !is_followed(&dest_url) =>
            {
                open = Some((dest_url, String::new()));
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, read)) = &mut open {
                    read.push_str(&text);
                }
            }
            Event::End(TagEnd::Link) => {
                dropped.extend(open.take().map(|(url, read)| format!("{read} ({url})")));
            }
            _ => {}
        }
    }
    dropped
}

/// How many headings there are.
pub(super) fn headings(markdown: &str) -> usize {
    let heading = |event: &Event<'_>| matches!(event, Event::Start(Tag::Heading { .. }));
    Parser::new_ext(markdown, Options::empty()).filter(heading).count()
}

fn is_followed(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once(':') else { return false };
    ["https", "http", "mailto"].iter().any(|good| scheme.eq_ignore_ascii_case(good))
        && !rest.is_empty()
        && !url.chars().any(|c| c.is_control() || c.is_whitespace())
}

/// `markdown` as an HTML fragment.
pub(super) fn html(markdown: &str) -> String {
    let mut html = String::with_capacity(markdown.len() * 3 / 2);
    let events = harmless(markdown).map(|event| match event {
        Event::SoftBreak => Event::HardBreak,
        event => event,
    });
    pulldown_cmark::html::push_html(&mut html, events);
    html
}

/// `text` for HTML, with a `<br>` at each line end.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\n' => html.push_str("<br>\n"),
            c => html.push(c),
        }
    }
    html
}

/// `markdown` as plain text: one paragraph a line, lists with `- ` or their number,
/// links as `text (address)`, no stars. LF line ends, one at the end unless empty.
pub(super) fn text(markdown: &str) -> String {
    let mut writer = Writer::default();
    for event in harmless(markdown) {
        writer.take(event);
    }
    writer.end_line();
    writer.out
}

/// What stands before the lines of a list item or a block quote.
struct Margin {
    first: Option<String>,
    others: String,
}

#[derive(Default)]
struct Writer {
    out: String,
    line: String,
    margins: Vec<Margin>,
    /// The number of the next item of each open list; `None` for bullets.
    lists: Vec<Option<u64>>,
    /// An empty line is due before the next block.
    gap: bool,
    /// The open link's address and where its text begins in `line`.
    link: Option<(String, usize)>,
}

impl Writer {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_)) => self.begin_block(),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock) => self.end_block(),
            Event::Start(Tag::BlockQuote(_)) => {
                self.begin_block();
                self.margins.push(Margin { first: None, others: "> ".to_owned() });
            }
            Event::End(TagEnd::BlockQuote(_)) => {
                self.end_line();
                self.margins.pop();
                self.gap = true;
            }
            Event::Start(Tag::List(number)) => {
                self.end_line();
                if self.lists.is_empty() {
                    self.begin_block();
                }
                self.lists.push(number);
            }
            Event::End(TagEnd::List(_)) => {
                self.lists.pop();
                self.gap = self.gap || self.lists.is_empty();
            }
            Event::Start(Tag::Item) => self.begin_item(),
            Event::End(TagEnd::Item) => {
                if self.margins.last().is_some_and(|margin| margin.first.is_some()) {
                    self.write_line();
                }
                self.end_line();
                self.margins.pop();
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                self.link = Some((dest_url.into_string(), self.line.len()));
            }
            Event::End(TagEnd::Link) => self.end_link(),
            Event::Text(text) => {
                // Only code and raw HTML have line ends within a text.
                for (number, part) in text.split('\n').enumerate() {
                    if number > 0 {
                        self.write_line();
                    }
                    self.line.push_str(part);
                }
            }
            Event::Code(text) => self.line.push_str(&text),
            Event::SoftBreak | Event::HardBreak => self.write_line(),
            Event::Rule => {
                self.begin_block();
                self.line.push_str("----");
                self.end_block();
            }
            _ => {}
        }
    }

    fn begin_block(&mut self) {
        self.end_line();
        if mem::take(&mut self.gap) && !self.out.is_empty() {
            self.write_line();
        }
    }

    fn end_block(&mut self) {
        self.end_line();
        self.gap = true;
    }

    fn begin_item(&mut self) {
        self.begin_block();
        let marker = match self.lists.last_mut() {
            Some(Some(number)) => {
                let marker = format!("{number}. ");
                *number = number.saturating_add(1);
                marker
            }
            _ => "- ".to_owned(),
        };
        let others = " ".repeat(marker.len());
        self.margins.push(Margin { first: Some(marker), others });
    }

    fn end_link(&mut self) {
        let Some((url, start)) = self.link.take() else { return };
        // A link over a line break shows its address after its last line.
        let shown = self.line.get(start..).unwrap_or_default();
        let address = url.strip_prefix("mailto:").unwrap_or(&url);
        if shown != url && shown != address {
            let address = format!(" ({address})");
            self.line.push_str(&address);
        }
    }

    fn end_line(&mut self) {
        if !self.line.is_empty() {
            self.write_line();
        }
    }

    fn write_line(&mut self) {
        if let Some((_, start)) = &mut self.link {
            *start = 0;
        }
        let line = mem::take(&mut self.line);
        let start = self.out.len();
        // An empty line between items must not use up the next item's mark.
        let open = self.margins.iter().rposition(|margin| margin.first.is_some());
        for (depth, margin) in self.margins.iter_mut().enumerate() {
            let first = if open.is_some_and(|open| depth <= open) { margin.first.take() } else { None };
            match first {
                Some(first) => self.out.push_str(&first),
                None => self.out.push_str(&margin.others),
            }
        }
        self.out.push_str(&line);
        let kept = self.out.get(start..).unwrap_or_default().trim_end_matches(' ').len();
        self.out.truncate(start + kept);
        self.out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_answer_reads_well_as_plain_text() {
        let markdown = "Bonjour,\n\nVoici **la liste** :\n\n- *un* ;\n- deux [Énoncé](https://e.example/a) ;\n  suite\n- trois\n\n\
            1. premier\n2. second\n   - dedans\n\n### Titre\n\n> cité\n> encore\n\nÀ <a@b.example> ou <https://c.example>.\\\nFin\n\n\
            Marie\nMinistère";
        assert_eq!(
            text(markdown),
            "Bonjour,\n\nVoici la liste :\n\n- un ;\n- deux Énoncé (https://e.example/a) ;\n  suite\n- trois\n\n\
             1. premier\n2. second\n   - dedans\n\nTitre\n\n> cité\n> encore\n\nÀ a@b.example ou https://c.example.\nFin\n\n\
             Marie\nMinistère\n"
        );
    }

    #[test]
    fn loose_lists_and_empty_items_keep_their_marks() {
        assert_eq!(text("- un\n\n- deux\n\n  suite\n\n-\n\nfin"), "- un\n\n- deux\n\n  suite\n\n-\n\nfin\n");
        assert_eq!(text("7. a\n8. b"), "7. a\n8. b\n");
        assert_eq!(text("    code *brut*\n\nfin"), "code *brut*\n\nfin\n");
        assert_eq!(text(""), "");
    }

    #[test]
    fn html_of_others_is_only_text() {
        let hostile = "<script>alert(1)</script>\n\nBonjour <img src=x onerror=alert(1)> [ici](javascript:alert(1)) \
            ![suivi](https://pisteur.example/p.gif) [là](https://c.example \"titre\")";
        let made = html(hostile);
        assert_eq!(
            made,
            "<p>&lt;script&gt;alert(1)&lt;/script&gt;\n</p>\n<p>Bonjour &lt;img src=x onerror=alert(1)&gt; ici \
             suivi <a href=\"https://c.example\">là</a></p>\n"
        );
        assert!(text(hostile).contains("<script>alert(1)</script>"));
        assert!(!text(hostile).contains("javascript"));
    }

    #[test]
    fn lines_are_kept_in_a_body_and_joined_in_a_wrapped_text() {
        assert_eq!(html("Marie\nMinistère"), "<p>Marie<br />\nMinistère</p>\n");
        assert_eq!(
            unwrapped("    code\n    code\n\nun\ndeux  \n  trois\n\n- quatre\n  cinq\n- six\\\n  sept\n"),
            "    code\n    code\n\nun deux  \n  trois\n\n- quatre cinq\n- six\\\n  sept\n"
        );
        assert_eq!(unwrapped("> un\n> deux"), "> un\n> deux");
        assert_eq!(unwrapped("Dès 2025,\n2024 ne compte plus"), "Dès 2025, 2024 ne compte plus");
    }

    proptest! {
        #[test]
        fn no_tag_but_ours_gets_out(markdown in "[<>a-z/!\\[\\]()*`&;:\"'=#\\-\n ]{0,80}") {
            let made = html(&markdown);
            for tag in made.split('<').skip(1) {
                let name: String =
                    tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                prop_assert!(
                    ["p", "a", "br", "em", "strong", "ul", "ol", "li", "code", "pre", "hr", "blockquote", "h1", "h2",
                     "h3", "h4", "h5", "h6"].contains(&name.as_str()),
                    "{} in {}", name, made
                );
            }
        }

        #[test]
        fn every_word_of_the_body_is_in_the_text(words in proptest::collection::vec("[a-zé]{1,6}", 1..12)) {
            let markdown = format!("{}\n\n- {}", words.join(" "), words.join("\n- "));
            let made = text(&markdown);
            for word in &words {
                prop_assert!(made.contains(word.as_str()));
            }
        }

        #[test]
        fn joining_lines_changes_nothing_but_the_lines(
            lines in proptest::collection::vec("( {0,4}|- |[0-9][.] |# )[a-z*_`.()\\[\\]]{0,6}( [a-z*]{1,3}){0,2}", 1..8),
        ) {
            let wrapped = lines.join("\n");
            let mut expected = String::new();
            let spaced = harmless(&wrapped).map(|event| match event {
                Event::SoftBreak => Event::Text(CowStr::Borrowed(" ")),
                event => event,
            });
            pulldown_cmark::html::push_html(&mut expected, spaced);
            prop_assert_eq!(html(&unwrapped(&wrapped)), expected, "{}", unwrapped(&wrapped));
        }

        #[test]
        fn any_input_gives_text_and_html(markdown in any::<String>()) {
            let _ = (text(&markdown), html(&markdown), unwrapped(&markdown));
        }
    }
}
