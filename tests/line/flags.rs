//! Outlook is told what was answered, if the operator wants it; and folders beside the inbox are watched.

use crate::desk::{UNTIL_WHEN, question};
use crate::dovecot::{Dovecot, Options};
use crate::line::{Line, Setting};

fn asked(folders: &'static [&'static str], mark: bool) -> Line {
    let mut known = vec![("Sent", "\\Sent")];
    known.extend(folders.iter().map(|name| (*name, "\\Junk")));
    let dovecot = Options { folders: known, ..Options::default() };
    let line = Line::new(Setting { dovecot, ..Setting::default() });
    line.desk.edit_config("[outbox]", &format!("folders = {folders:?}\nmark_answered = {mark}\n[outbox]"));
    line
}

fn flags(line: &Line, folder: Option<&str>) -> Vec<String> {
    let place = folder.map_or_else(|| line.dovecot.inbox(), |name| line.dovecot.folder(name));
    let names = Dovecot::files(&place).into_iter();
    names.map(|name| name.split_once(":2,").map_or("", |(_, flags)| flags).to_owned()).collect()
}

#[test]
fn what_is_answered_is_marked_in_the_inbox_and_in_junk() {
    let mut line = asked(&["Courrier indésirable"], true);
    line.deliver(&question("q1@cegep.example", "anne.roy@cegep.example", "Suspension", UNTIL_WHEN));
    let in_junk = question("q2@hopital.example", "luc@hopital.example", "Suspension", UNTIL_WHEN);
    line.dovecot.deliver_to("Courrier indésirable", in_junk.replace('\n', "\r\n").as_bytes());
    line.desk.start();
    for id in [1, 2] {
        line.desk.until_state(id, "to-review");
    }
    line.deliver(&question("q3@ville.example", "eve@ville.example", "Suspension", UNTIL_WHEN));
    line.desk.until_state(3, "to-review");
    // Reading and drafting mark nothing.
    assert!(
        flags(&line, None).iter().chain(&flags(&line, Some("Courrier indésirable"))).all(String::is_empty)
    );
    for id in [1, 2] {
        line.desk.approve(id);
        line.desk.until_state(id, "answered");
    }
    line.desk.until("both are marked", || {
        let inbox = flags(&line, None).iter().filter(|flags| *flags == "RS").count();
        (inbox == 1 && flags(&line, Some("Courrier indésirable")) == ["RS"]).then_some(())
    });
    // Flags are no mail: nothing is read a second time.
    line.until_read_again();
    assert_eq!(line.desk.threads().len(), 3);
    assert_eq!(
        flags(&line, None).iter().filter(|flags| flags.is_empty()).count(),
        1,
        "who waits stays unread"
    );
    line.desk.stop();
    assert!(line.desk.ok(&["store", "verify"]).contains("Journal intact"));
    let log = line.desk.log();
    for secret in ["anne.roy", "hopital.example", "Suspension", "indésirable"] {
        assert!(!log.contains(secret), "the log tells {secret:?}");
    }
}

#[test]
fn without_the_option_an_answer_leaves_every_flag_as_it_was() {
    let mut line = asked(&["Indésirables"], false);
    let junk = question("q1@cegep.example", "anne.roy@cegep.example", "Suspension", UNTIL_WHEN);
    line.dovecot.deliver_to("Indésirables", junk.replace('\n', "\r\n").as_bytes());
    line.deliver(&question("q2@hopital.example", "luc@hopital.example", "Suspension", UNTIL_WHEN));
    line.desk.start();
    for id in [1, 2] {
        line.desk.until_state(id, "to-review");
        line.desk.approve(id);
        line.desk.until_state(id, "answered");
    }
    line.until_read_again();
    assert_eq!(flags(&line, Some("Indésirables")), [""]);
    line.finish(&[]);
}
