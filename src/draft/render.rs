//! The two bodies of a letter: plain text and HTML, mark and quote included.

use super::{Draft, clean, markdown};
use crate::wording::Wording;

impl Draft {
    /// The letter's text part, quote included. LF line ends.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        if self.sample {
            text.push_str(&Wording::of(self.language).text("letter-sample"));
            text.push_str("\n\n");
        }
        text.push_str(&self.body_text());
        if let Some(quote) = &self.quote {
            text.push('\n');
            text.push_str(&clean::line(&quote.intro, usize::MAX));
            text.push('\n');
            for line in clean::block(&quote.text).lines() {
                text.push_str(if line.is_empty() { ">" } else { "> " });
                text.push_str(line);
                text.push('\n');
            }
        }
        text
    }

    /// The body as the text part has it.
    #[must_use]
    pub fn body_text(&self) -> String {
        markdown::text(&clean::block(&self.body))
    }

    /// The body as the HTML part has it: no markup but ours, whatever was typed.
    #[must_use]
    pub fn body_html(&self) -> String {
        markdown::html(&clean::block(&self.body))
    }

    /// The letter's HTML part: a whole document. LF line ends.
    #[must_use]
    pub fn html(&self) -> String {
        let title = markdown::escaped(&clean::line(&self.subject, clean::LONGEST_SUBJECT));
        let mut html = format!(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title}</title>\n</head>\n<body>\n",
            self.language
        );
        if self.sample {
            let marker = markdown::escaped(&Wording::of(self.language).text("letter-sample"));
            html.push_str(&format!("<p><strong>{marker}</strong></p>\n"));
        }
        html.push_str(&self.body_html());
        if let Some(quote) = &self.quote {
            let intro = markdown::escaped(&clean::line(&quote.intro, usize::MAX));
            let text = markdown::escaped(&clean::block(&quote.text));
            html.push_str(&format!("<p>{intro}</p>\n<blockquote type=\"cite\">{text}</blockquote>\n"));
        }
        html.push_str("</body>\n</html>\n");
        html
    }
}
