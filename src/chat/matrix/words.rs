//! A message as Matrix shows it: plain, and as HTML of a few tags ("m.room.message msgtypes").

use crate::chat::channel::{Part, Say, escaped};

/// For whoever shows nothing else, and for what lies on a locked screen.
pub(super) fn plain(say: &Say) -> String {
    let parts = say.parts.iter().map(|part| match part {
        Part::Line(line) | Part::Link(line) | Part::Button { told: line, .. } => line.clone(),
        Part::Quote(text) => text.lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n"),
    });
    parts.collect::<Vec<_>>().join("\n")
}

/// Whatever a part holds is text: nothing in it becomes a tag or an address.
pub(super) fn html(say: &Say) -> String {
    let mut html = String::new();
    for (place, part) in say.parts.iter().enumerate() {
        let (text, is_quote) = match part {
            Part::Line(line) | Part::Link(line) | Part::Button { told: line, .. } => (escaped(line), false),
            Part::Quote(text) => (format!("<blockquote>{}</blockquote>", escaped(text.trim_end())), true),
        };
        // A quotation stands apart by itself.
        if place > 0 && !is_quote && !html.ends_with("</blockquote>") {
            html.push_str("<br>\n");
        }
        html.push_str(&text);
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_beneath_each_other_and_no_markup_gets_through() {
        let line = |text: &str| Part::Line(text.to_owned());
        let parts = vec![
            line("№ 1 · <b>Cégep</b>"),
            line("à réviser"),
            Part::Quote("Bonjour,\n\n<script>".to_owned()),
            Part::Button { label: "A".to_owned(), command: "b".to_owned(), told: "Pour a : b".to_owned() },
            Part::Link("https://x.example/fils/1".to_owned()),
        ];
        let say = Say { parts };
        let told =
            "№ 1 · <b>Cégep</b>\nà réviser\n> Bonjour,\n> \n> <script>\nPour a : b\nhttps://x.example/fils/1";
        assert_eq!(plain(&say), told);
        assert_eq!(
            html(&say),
            "№ 1 · &lt;b&gt;Cégep&lt;/b&gt;<br>\nà réviser<blockquote>Bonjour,<br>\n<br>\n&lt;script&gt;</blockquote>\
             Pour a : b<br>\nhttps://x.example/fils/1"
        );
        assert_eq!((plain(&Say::default()), html(&Say::default())), (String::new(), String::new()));
    }
}
