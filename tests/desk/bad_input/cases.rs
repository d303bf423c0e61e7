//! The bad mails: what each is, what becomes of it, and what must be seen of it.

use crate::desk::{UNTIL_WHEN, question};
use std::fmt::Write as _;

/// One bad mail.
pub struct Case {
    pub name: &'static str,
    pub raw: Vec<u8>,
    pub fate: Fate,
    /// Words that `show` has.
    pub shown: &'static [&'static str],
    /// Defects that `show --json` names.
    pub defects: &'static [&'static str],
}

/// What becomes of a mail.
#[derive(Debug, Clone, Copy)]
pub enum Fate {
    /// A draft waits: whoever wrote it can be answered.
    Draft,
    /// Set aside with this reason.
    Aside(&'static str),
    /// It waits for a person, one way or the other.
    Waits,
}

/// A sound question, from its own organisation.
pub fn good(id: &str, number: usize) -> String {
    let from = format!("Anne Roy <anne.roy@cegep{number}.example>");
    question(id, &from, &format!("Suspension {number}"), UNTIL_WHEN).replace('\n', "\r\n")
}

const ASKS: &str = "Bonjour,\r\n\r\nJusqu'a quand la suspension s'appliquera-t-elle ?\r\n";

/// A mail from the headers up: the usual ones where `headers` does not bring its own.
fn with(name: &str, headers: &str, body: &str) -> Vec<u8> {
    let mut raw = String::new();
    let usual = [
        ("Message-ID", format!("<{}@bad.example>", name.replace(' ', "-"))),
        ("Date", "Tue, 25 Mar 2025 10:05:00 -0400".to_owned()),
        ("From", "Anne Roy <anne.roy@bad.example>".to_owned()),
        ("To", "encadrement.ia@ministere.example".to_owned()),
        ("Subject", "Suspension".to_owned()),
    ];
    for (field, value) in usual {
        if !headers.lines().any(|line| line.starts_with(&format!("{field}:"))) {
            write!(raw, "{field}: {value}\r\n").unwrap();
        }
    }
    raw.push_str(&headers.replace("\r\n", "\n").replace('\n', "\r\n"));
    raw.push_str("\r\n");
    raw.push_str(body);
    raw.into_bytes()
}

fn plain(headers: &str) -> String {
    format!("{headers}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n")
}

struct Cases(Vec<Case>);

impl Cases {
    fn add(&mut self, name: &'static str, raw: impl Into<Vec<u8>>, fate: Fate) -> &mut Case {
        self.0.push(Case { name, raw: raw.into(), fate, shown: &[], defects: &[] });
        self.0.last_mut().unwrap()
    }

    /// A question with these headers, which must get a draft all the same.
    fn asks(&mut self, name: &'static str, headers: &str) -> &mut Case {
        self.add(name, with(name, &plain(headers), ASKS), Fate::Draft)
    }
}

/// All of them.
pub fn cases() -> Vec<Case> {
    let mut cases = Cases(Vec::new());
    sizes(&mut cases);
    encodings(&mut cases);
    ids_and_dates(&mut cases);
    injections(&mut cases);
    kinds(&mut cases);
    cases.0
}

fn sizes(cases: &mut Cases) {
    cases.add("empty", "", Fate::Waits);
    cases.add("one line end", "\r\n", Fate::Waits);
    cases.add("header only", "From: a@bad.example\r\nSubject: x", Fate::Waits);
    let line = format!("{}\r\n", "QUJDREVGR0hJSktMTU5P".repeat(3));
    let attachment =
        "Content-Type: application/pdf; name=\"annexe.pdf\"\nContent-Transfer-Encoding: base64\n";
    cases
        .add(
            "60 megabytes",
            with("60 megabytes", attachment, &line.repeat(60_000_000 / line.len())),
            Fate::Aside("too-large"),
        )
        .defects = &["too-large"];
    let mut nested = String::new();
    for depth in 0..10_000 {
        write!(nested, "Content-Type: multipart/mixed; boundary=\"b{depth}\"\r\n\r\n--b{depth}\r\n").unwrap();
    }
    nested.push_str("Content-Type: text/plain\r\n\r\nBonjour\r\n");
    let nested = format!("From: anne.roy@bad.example\r\nMIME-Version: 1.0\r\n{nested}");
    cases.add("10,000 nested parts", nested, Fate::Waits).defects = &["too-much"];
    let mut siblings = String::new();
    for number in 0..10_000 {
        write!(siblings, "--b\r\nContent-Type: text/plain\r\n\r\npart {number}\r\n").unwrap();
    }
    let mixed = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n";
    cases.add("10,000 parts side by side", with("side by side", mixed, &siblings), Fate::Waits);
    let mut to = "To: encadrement.ia@ministere.example".to_owned();
    for number in 0..1_000_000 {
        write!(to, ",\n a{number}@bad.example").unwrap();
    }
    to.push('\n');
    cases.add("a million recipients", with("a million", &plain(&to), ASKS), Fate::Waits).defects =
        &["too-much"];
    cases.asks("a header of 1 MB", &format!("X-Long: {}\n", "x".repeat(1 << 20)));
    cases.asks("a subject of 1 MB", &format!("Subject: Suspension {}\n", "x\n ".repeat(1 << 18)));
    cases.asks(
        "a display name of 1 MB",
        &format!("From: \"{}\" <anne.roy@bad.example>\n", "x ".repeat(1 << 19)),
    );
    let mut headers = String::new();
    for number in 0..50_000 {
        writeln!(headers, "X-H{number}: x").unwrap();
    }
    cases.asks("50,000 headers", &headers);
    let references = format!("References: {}\n", "<a@bad.example>\n ".repeat(50_000));
    cases.asks("50,000 references", &references);
    cases.add("one line of 5 MB", with("one line", &plain(""), &"mot ".repeat(1_250_000)), Fate::Waits);
    let html = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n";
    cases.add("100,000 nested divs", with("divs", html, &"<div>".repeat(100_000)), Fate::Waits);
    let tables = "<table><tr><td>".repeat(5_000);
    cases.add("5,000 nested tables", with("tables", html, &tables), Fate::Waits);
    cases.add(
        "20,000 levels of quotes",
        with("quotes", &plain(""), &format!("{} mot\r\n", ">".repeat(20_000))),
        Fate::Waits,
    );
    cases.add(
        "quotes beneath quotes",
        with("beneath", &plain(""), &"Le 3 mars, Luc a écrit :\r\n> oui\r\n".repeat(5_000)),
        Fate::Waits,
    );
}

fn encodings(cases: &mut Cases) {
    let base64 =
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n";
    cases.add(
        "broken base64",
        with("broken base64", base64, "Qm9uam91ciw=*§§~~\r\n==Sm9=uc\r\n"),
        Fate::Draft,
    );
    let quoted = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n";
    cases.add(
        "broken quoted-printable",
        with("broken quoted", quoted, "Bonjour =ZZ =\r\n=4 Jusqu'=E0 quand ?="),
        Fate::Draft,
    );
    for (name, charset) in [
        ("an unknown charset", "klingon-8"),
        ("a charset of controls", "\"utf\u{7}8\""),
        ("a charset that lies", "us-ascii"),
        ("another charset that lies", "utf-8"),
        ("a wide charset that lies", "utf-16"),
    ] {
        let kind = format!(
            "MIME-Version: 1.0\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n"
        );
        let mut raw = with(name, &kind, "");
        raw.extend(
            b"Bonjour,\r\n\r\nJusqu'\xe0 quand la suspension s'appliquera-t-elle ? D\xe9j\xe0 merci.\r\n",
        );
        // Bytes taken by twos are no words in which anybody could find a question.
        let wide = charset.contains("16");
        let case = cases.add(name, raw, if wide { Fate::Waits } else { Fate::Draft });
        if !wide {
            case.shown = &["Jusqu'à quand", "Déjà merci"];
        }
    }
    let mut nuls = with("NUL bytes", &plain("Subject: Sus\0pension\nX-\0: \0\n"), "");
    nuls.extend(b"Bonjour,\0\0\r\n\r\nJusqu'a quand\0 ?\r\n");
    cases.add("NUL bytes", nuls, Fate::Draft).shown = &["Bonjour,"];
    let binary: Vec<u8> = (0..65_536_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    cases.add("noise", binary, Fate::Waits);
    cases.add("NULs only", vec![0; 10_000], Fate::Waits);
    let bare =
        "From: anne.roy@bad.example\rTo: encadrement.ia@ministere.example\rSubject: Suspension\r\rBonjour";
    cases.add("bare CR as line ends", bare, Fate::Waits);
    let lf = String::from_utf8(with("bare LF", &plain(""), ASKS)).unwrap().replace("\r\n", "\n");
    cases.add("bare LF as line ends", lf, Fate::Draft);
    let terminal = "Bonjour \x1b]0;titre\x07 \x1b[2J \u{202e}evil\u{202c}, jusqu'a quand ?\r\n";
    let escapes = "Subject: Suspension \x1b[31m \u{202e}txt\u{202c}\nFrom: \"Anne \x1b[2J\u{202e}\" <anne.roy@bad.example>\n";
    cases.add("commands to a terminal", with("terminal", &plain(escapes), terminal), Fate::Draft).shown =
        &["Bonjour"];
}

fn ids_and_dates(cases: &mut Cases) {
    let none = String::from_utf8(with("no id", &plain(""), ASKS)).unwrap();
    let none = none.replace("Message-ID: <no-id@bad.example>\r\n", "");
    cases.add("no Message-ID", none, Fate::Draft).defects = &["no-message-id"];
    cases.asks("two Message-IDs", "Message-ID: <one@bad.example>\nMessage-ID: <two@bad.example>\n");
    cases.asks(
        "an id that is no id",
        "Message-ID: <>\nIn-Reply-To: not an id\nReferences: <<>> @ <a@b <c@d>>\n",
    );
    cases.asks("an id of 5,000 bytes", &format!("Message-ID: <{}@bad.example>\n", "x".repeat(5_000)));
    for (name, date) in [
        ("a date in 1970", "Thu, 01 Jan 1970 00:00:00 +0000"),
        ("a date in 2090", "Wed, 01 Mar 2090 10:00:00 -0500"),
        ("no date at all", "hier matin"),
        ("an impossible date", "Tue, 99 Foo 99999 99:99:99 +9999"),
    ] {
        cases.asks(name, &format!("Date: {date}\n"));
    }
    let nobody = String::from_utf8(with("nobody", &plain("From:\n"), ASKS)).unwrap();
    cases.add("an empty From", nobody, Fate::Waits);
    cases.add("an empty address", with("null", &plain("From: <>\n"), ASKS), Fate::Waits);
    cases.add(
        "a group as From",
        with("group", &plain("From: Nous: a@bad.example, b@bad.example;\n"), ASKS),
        Fate::Waits,
    );
    let two = "From: anne.roy@bad.example\nFrom: autre@autre.example\n";
    cases.add("two From headers", with("two from", &plain(two), ASKS), Fate::Waits).defects =
        &["untrusted-from"];
}

fn injections(cases: &mut Cases) {
    cases.asks("CR LF in the subject", "Subject: =?utf-8?q?Suspension=0D=0ABcc:_evil@evil.example?=\n");
    cases.asks(
        "CR LF in the subject, base64",
        "Subject: =?utf-8?b?U3VzcGVuc2lvbg0KQmNjOiBldmlsQGV2aWwuZXhhbXBsZQ0KDQpUZXh0?=\n",
    );
    cases.asks(
        "CR LF in the name",
        "From: =?utf-8?q?Anne=0D=0ABcc:_evil@evil.example?= <anne.roy@bad.example>\n",
    );
    cases.asks(
        "a name that closes its address",
        "From: \"x\\\" <evil@evil.example>, \\\"\" <anne.roy@bad.example>\n",
    );
    cases.asks("a name that is an address", "From: \"evil@evil.example\" <anne.roy@bad.example>\n");
    let word = "From: =?utf-8?q?anne=0D=0ABcc:_evil?=@bad.example\n";
    cases.add("CR LF in the address", with("address", &plain(word), ASKS), Fate::Waits);
    let quoted = "From: \"anne\r\n Bcc: evil\"@bad.example\n";
    cases.add("a folded local part", with("folded", &plain(quoted), ASKS), Fate::Waits);
    cases.asks("CR LF in an id", "Message-ID: =?utf-8?q?<a=0D=0ABcc:_evil=40evil.example>?=\n");
    cases.asks(
        "CR LF in References",
        "References: <a@bad.example>\n =?utf-8?q?=0D=0ABcc:_evil=40evil.example?= <b@bad.example>\n",
    );
    cases.asks("a subject of separators", "Subject: =?utf-8?q?Suspension=E2=80=A8Bcc:_evil=C2=85=0B=0C?=\n");
    cases.asks("our own header", "X-Greffier-Letter: 0000\nX-Greffier-Letter: =?utf-8?q?=0D=0A?=\n");
    cases.asks(
        "Bcc and Reply-To ourselves",
        "Bcc: evil@evil.example\nReply-To: anne.roy@bad.example, encadrement.ia@ministere.example\n",
    );
}

fn kinds(cases: &mut Cases) {
    let tnef = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n";
    let body = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\n{ASKS}\r\n--b\r\nContent-Type: application/ms-tnef; name=\"winmail.dat\"\r\n\
         Content-Disposition: attachment; filename=\"winmail.dat\"\r\nContent-Transfer-Encoding: base64\r\n\r\neJ8+IgEA\r\n--b--\r\n"
    );
    let case = cases.add("a winmail.dat", with("winmail", tnef, &body), Fate::Draft);
    (case.shown, case.defects) = (&["winmail.dat"], &["tnef"]);
    let pgp = "MIME-Version: 1.0\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=\"b\"\n";
    let body = "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\n\
                -----BEGIN PGP MESSAGE-----\r\n\r\nhQEM\r\n-----END PGP MESSAGE-----\r\n--b--\r\n";
    cases.add("encrypted, PGP", with("pgp", pgp, body), Fate::Waits).defects = &["encrypted"];
    let smime = "MIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data; name=\"smime.p7m\"\nContent-Transfer-Encoding: base64\n";
    cases
        .add("encrypted, S/MIME", with("smime", smime, "MIAGCSqGSIb3DQEHA6CAMIACAQA=\r\n"), Fate::Waits)
        .defects = &["encrypted"];
    let signed = "MIME-Version: 1.0\nContent-Type: multipart/signed; micalg=sha-256; protocol=\"application/pkcs7-signature\"; boundary=\"b\"\n";
    let body = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\n{ASKS}\r\n--b\r\nContent-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHAqCA\r\n--b--\r\n"
    );
    cases.add("signed", with("signed", signed, &body), Fate::Draft).shown = &["quand la suspension"];
    let own = plain("From: Boite <ENCADREMENT.IA@ministere.example>\n");
    cases.add("from our own address", with("own", &own, ASKS), Fate::Aside("own-address"));
    let sender =
        plain("Sender: encadrement.ia@ministere.example\nReply-To: encadrement.ia@ministere.example\n");
    cases.add("an answer to ourselves", with("answer", &sender, ASKS), Fate::Waits);
    let attached = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n";
    let body = format!(
        "--b\r\nContent-Type: text/plain\r\n\r\n{ASKS}\r\n--b\r\nContent-Type: application/pdf\r\n\
         Content-Disposition: attachment; filename=\"../../\u{202e}etc/passwd\\x\"\r\n\r\n%PDF\r\n--b--\r\n"
    );
    cases.add("a file name that climbs", with("climbs", attached, &body), Fate::Draft);
}
