//! What a notice says, in both languages, and how a mail program reads it.

use super::*;
use crate::message::{self, Automatic, Banners};
use jiff::tz::TimeZone;
use mail_parser::{HeaderValue, MessageParser};

const ALIASES: [String; 0] = [];
const LINK: &str = "https://greffier.ministere.example/";

fn ours() -> Ours<'static> {
    Ours {
        address: "encadrement.ia@Ministere.example",
        aliases: &ALIASES,
        display_name: "Boîte Encadrement IA",
    }
}

fn frame(to: &[&str], link: Option<&str>, language: Language) -> Frame {
    let to: Vec<String> = to.iter().map(|to| (*to).to_owned()).collect();
    Frame::new(&ours(), &to, link.map(str::to_owned), language).unwrap()
}

fn morning() -> ZonedDateTime {
    let at: jiff::civil::DateTime = "2026-07-06 08:30".parse().unwrap();
    at.to_zoned_datetime(TimeZone::get("America/Toronto").unwrap()).unwrap()
}

fn notice(language: Language, waiting: usize, late: usize) -> Notice {
    Notice::write(&frame(&["equipe@ministere.example"], Some(LINK), language), waiting, late, &morning())
        .unwrap()
}

/// Subject and text, as a parser that is not ours gives them.
fn said(notice: &Notice) -> (String, String) {
    let parsed = MessageParser::default().parse(notice.bytes()).unwrap();
    let text = parsed.body_text(0).unwrap().into_owned();
    (parsed.subject().unwrap().to_owned(), text.replace("\r\n", "\n"))
}

#[test]
fn it_counts_in_both_languages() {
    for (language, waiting, late, subject, line) in [
        (Language::Fr, 1, 0, "1 fil attend une décision", "1 fil attend une décision."),
        (Language::Fr, 1, 1, "1 fil attend une décision", "1 fil attend une décision, hors cible."),
        (Language::Fr, 5, 0, "5 fils attendent une décision", "5 fils attendent une décision."),
        (
            Language::Fr,
            5,
            2,
            "5 fils attendent une décision",
            "5 fils attendent une décision, dont 2 hors cible.",
        ),
        (Language::En, 1, 0, "1 thread awaits a decision", "1 thread awaits a decision."),
        (Language::En, 1, 1, "1 thread awaits a decision", "1 thread awaits a decision, past the target."),
        (Language::En, 5, 0, "5 threads await a decision", "5 threads await a decision."),
        (
            Language::En,
            5,
            2,
            "5 threads await a decision",
            "5 threads await a decision, 2 of them past the target.",
        ),
    ] {
        let (greeting, end) = match language {
            Language::Fr => ("Bonjour.", "Avis automatique de greffier; ne répondez pas."),
            Language::En => ("Good morning.", "Automatic notice from greffier; please do not reply."),
        };
        let expected = format!("{greeting}\n\n{line}\n{LINK}\n\n{end}\n");
        assert_eq!(said(&notice(language, waiting, late)), (subject.to_owned(), expected));
    }
}

#[test]
fn without_an_address_of_the_console_there_is_no_link() {
    let frame = frame(&["equipe@ministere.example"], None, Language::Fr);
    let (_, text) = said(&Notice::write(&frame, 5, 2, &morning()).unwrap());
    assert_eq!(
        text,
        "Bonjour.\n\n5 fils attendent une décision, dont 2 hors cible.\n\n\
         Avis automatique de greffier; ne répondez pas.\n"
    );
}

#[test]
fn its_headers_are_those_of_a_machine_and_no_others() {
    let notice = notice(Language::Fr, 5, 2);
    let parsed = MessageParser::default().parse(notice.bytes()).unwrap();
    let names: Vec<&str> = parsed.headers().iter().map(|header| header.name()).collect();
    assert_eq!(names.len(), HEADERS.len(), "{names:?}");
    let raw = |name: &str| match parsed.header_raw(name) {
        Some(value) => value.trim().to_owned(),
        None => panic!("{name} is missing"),
    };
    assert_eq!(raw("Date"), "Mon, 6 Jul 2026 08:30:00 -0400");
    assert_eq!(raw("Auto-Submitted"), "auto-generated");
    assert_eq!(raw("X-Auto-Response-Suppress"), "All");
    assert_eq!(raw("X-Greffier-Notice"), "2026-07-06");
    assert_eq!(raw("Content-Transfer-Encoding"), "quoted-printable");
    assert!(matches!(parsed.header("Content-Type"), Some(HeaderValue::ContentType(kind))
        if kind.ctype() == "text" && kind.subtype() == Some("plain")));
    assert!(
        raw("Message-ID").starts_with("<notice.2026-07-06.")
            && raw("Message-ID").ends_with("@ministere.example>")
    );
}

#[test]
fn our_own_reader_finds_it_sound_and_ours() {
    let notice = notice(Language::Fr, 5, 2);
    let read = message::read(notice.bytes(), &Banners::default());
    assert_eq!(read.defects, []);
    assert_eq!(read.automatic, Some(Automatic::Notice));
    assert_eq!(&read.id, notice.message_id());
    let from = read.from.unwrap();
    assert_eq!(
        (from.name.as_deref(), from.email.as_str()),
        (Some("Boîte Encadrement IA"), "encadrement.ia@ministere.example")
    );
    assert_eq!(read.to.iter().map(|to| to.email.as_str()).collect::<Vec<_>>(), ["equipe@ministere.example"]);
    assert_eq!((read.cc, read.reply_to, read.attachments), (Vec::new(), Vec::new(), Vec::new()));
    assert_eq!((read.in_reply_to, read.references, read.letter), (Vec::new(), Vec::new(), None));
    assert_eq!(read.date, Some(morning().timestamp()));
}

#[test]
fn without_its_own_header_it_is_a_machines_all_the_same() {
    let text = String::from_utf8(notice(Language::Fr, 5, 2).bytes().to_vec()).unwrap();
    let gone = text.replace("X-Greffier-Notice: 2026-07-06\r\n", "");
    assert_ne!(gone, text);
    assert_eq!(message::read(gone.as_bytes(), &Banners::default()).automatic, Some(Automatic::Generated));
}

#[test]
fn a_large_team_fits_into_lines_that_servers_take() {
    let team: Vec<String> =
        (0..200).map(|number| format!("prenom.nom-compose-{number}@direction.ministere.example")).collect();
    let team: Vec<&str> = team.iter().map(String::as_str).collect();
    let notice = Notice::write(&frame(&team, Some(LINK), Language::Fr), 1, 0, &morning()).unwrap();
    assert_eq!(notice.recipients().len(), 200);
    assert_eq!(message::read(notice.bytes(), &Banners::default()).to.len(), 200);
}

#[test]
fn whoever_is_named_twice_gets_one_mail() {
    let twice = frame(&["a@ministere.example", "A@Ministere.example"], None, Language::Fr);
    assert_eq!(twice.recipients(), ["a@ministere.example"]);
}

#[test]
fn the_same_numbers_of_a_day_give_the_same_bytes_and_each_desk_an_id_of_its_own() {
    assert_eq!(notice(Language::Fr, 5, 2), notice(Language::Fr, 5, 2));
    assert_eq!(notice(Language::Fr, 5, 2).message_id(), notice(Language::Fr, 6, 2).message_id());
    let next_day = morning().checked_add(jiff::SignedDuration::from_hours(24)).unwrap();
    let one = frame(&["a@ministere.example"], None, Language::Fr);
    let ids =
        |frame: &Frame, date: &ZonedDateTime| Notice::write(frame, 1, 0, date).unwrap().message_id().clone();
    assert_ne!(ids(&one, &morning()), ids(&one, &next_day));
    let other = Ours { address: "autre@ministere.example", ..ours() };
    let other = Frame::new(&other, &["a@ministere.example".to_owned()], None, Language::Fr).unwrap();
    assert_ne!(ids(&one, &morning()), ids(&other, &morning()));
}

#[test]
fn an_address_that_no_mail_can_carry_makes_no_frame() {
    for bad in
        ["", "equipe", "a b@x.example", "a@x.example\r\nBcc: b@y.example", "é@x.example", "=?x?@x.example"]
    {
        let made = Frame::new(&ours(), &[bad.to_owned()], None, Language::Fr);
        assert_eq!(made, Err(UnusableAddress(bad.to_owned())), "{bad}");
    }
    let nobody = Ours { address: "rené@ministere.example", ..ours() };
    assert!(Frame::new(&nobody, &[], None, Language::Fr).is_err());
}

#[test]
fn even_odd_settings_break_no_header() {
    let odd = Ours { display_name: "Boîte\r\nBcc: tous@x.example", ..ours() };
    let link = Some("https://x.example/\r\n.\r\nQUIT".to_owned());
    let frame = Frame::new(&odd, &["a@x.example".to_owned()], link, Language::Fr).unwrap();
    let notice = Notice::write(&frame, 1, 0, &morning()).unwrap();
    let parsed = MessageParser::default().parse(notice.bytes()).unwrap();
    assert!(parsed.header("Bcc").is_none());
    assert_eq!(parsed.headers().len(), HEADERS.len());
    let (_, text) = said(&notice);
    assert_eq!(text.lines().count(), 6, "the link is one line: {text}");
}
