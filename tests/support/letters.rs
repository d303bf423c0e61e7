//! Letters as their receivers read them: a parser that is not ours takes them apart.

use mail_parser::{HeaderValue, MessageParser, MimeHeaders as _};

/// A letter, taken apart.
pub struct Letter {
    /// Everything that a mail program may show or search: headers as they stand, every text decoded.
    pub all: String,
    pub message_id: String,
    pub in_reply_to: Vec<String>,
    pub references: Vec<String>,
    /// The addresses of To and Cc, in lower case and in order.
    pub recipients: Vec<String>,
    pub subject: String,
    pub text: String,
    /// The attached files by their names.
    pub attachments: Vec<(String, Vec<u8>)>,
}

impl Letter {
    pub fn read(raw: &[u8]) -> Self {
        let parsed = MessageParser::default().parse(raw).expect("a letter that can be read");
        let text = parsed.body_text(0).unwrap_or_default().into_owned();
        let mut all = String::from_utf8_lossy(raw).into_owned();
        all.push_str(&text);
        all.push_str(&parsed.body_html(0).unwrap_or_default());
        for header in parsed.headers() {
            all.push_str(&format!("\n{}: {:?}", header.name(), header.value()));
        }
        let mut recipients = Vec::new();
        for people in [parsed.to(), parsed.cc()].into_iter().flatten() {
            recipients.extend(people.iter().filter_map(|one| one.address()).map(str::to_lowercase));
        }
        let attachments = parsed.attachments().map(|part| {
            let name = part.attachment_name().unwrap_or_default().to_owned();
            // A mail inside a mail is a part of its own kind: its bytes are what was attached.
            (name, part.contents().to_vec())
        });
        Self {
            message_id: parsed.message_id().unwrap_or_default().to_owned(),
            in_reply_to: ids(parsed.in_reply_to()),
            references: ids(parsed.references()),
            recipients,
            subject: parsed.subject().unwrap_or_default().to_owned(),
            attachments: attachments.collect(),
            text,
            all,
        }
    }

    /// Whether a mail program may show `text` somewhere, line breaks aside.
    pub fn tells(&self, text: &str) -> bool {
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        plain(&self.all).contains(&plain(text))
    }
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Text(id) => vec![id.to_string()],
        HeaderValue::TextList(ids) => ids.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}
