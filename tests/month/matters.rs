//! What kinds of matters there are: for each what happens in it, when, and what must come of it.
//!
//! Nothing here asks the program anything: the truth is what the plan says.

use crate::parts::DESK;
use crate::time::{Chance, HOUR, QUARTER, business, quarter};
use crate::truth::{
    ACCESS, Asked, CLAIM, COLLEAGUES, COMPLEMENT, Kind, NOTHING, NOTICE, OFF_FAQ, OFFICE, OPINION, SEVERAL,
    SURE, Truth,
};
use crate::world::{Deed, Matter, Plan, World, asks, first_id, written};
use greffier::thread::{Channel, State};

/// Plans the matter of this number, which begins with a mail at `at`, and says what must come of it. `text` is
/// what a question asks for that the classifier is sure of; any of those if `None`.
pub fn plan(
    plan: &mut Plan,
    chance: &mut Chance,
    kind: Kind,
    matter: Matter,
    at: i64,
    text: Option<&'static str>,
) -> Truth {
    let text = text.unwrap_or_else(|| chance.of(&SURE));
    let mut scene = Scene {
        plan,
        chance,
        matter,
        text,
        from: format!("personne{matter}@organisme{}.example", matter % 217),
        asked: Vec::new(),
        letters: Vec::new(),
        state: State::Answered,
        deposit: None,
        opinions: 0,
    };
    scene.play(kind, at);
    let Scene { state, asked, letters, deposit, opinions, .. } = scene;
    Truth { matter, kind, state, asked, letters, deposit, opinions }
}

/// A matter while it is planned.
struct Scene<'a> {
    plan: &'a mut Plan,
    chance: &'a mut Chance,
    matter: Matter,
    text: &'static str,
    from: String,
    asked: Vec<Asked>,
    letters: Vec<(String, Option<String>)>,
    state: State,
    deposit: Option<(String, i64, i64)>,
    opinions: usize,
}

impl Scene<'_> {
    fn id(&self) -> String {
        first_id(self.matter)
    }

    /// The subject asks nothing by itself.
    fn subject(&self) -> String {
        format!("Référence {}", self.matter)
    }

    /// A mail of the asker that cites `cites`.
    fn mail(&mut self, at: i64, id: &str, cites: &[&str], text: &str) {
        let raw = asks(id, &self.from, &self.subject(), cites, text);
        self.plan.mail(at, move |_| raw.clone());
    }

    /// A mail of the asker that cites what began the matter and the letter that answered it.
    fn mail_after_letter(&mut self, at: i64, id: &str, headers: &'static str, text: &str) {
        let (id, from, subject) = (id.to_owned(), self.from.clone(), self.subject());
        let (matter, text) = (self.matter, text.to_owned());
        self.plan.mail(at, move |world: &World| {
            let (first, letter) = (first_id(matter), world.letter(matter));
            let raw = asks(&id, &from, &format!("RE: {subject}"), &[&first, &letter], &text);
            raw.replacen("MIME-Version", &format!("{headers}MIME-Version"), 1)
        });
    }

    /// What somebody of ours wrote from Outlook beneath the asker's mail.
    fn outlook(&mut self, at: i64, id: &str, to: &str, text: &str) {
        let raw = written(id, DESK, to, &format!("RE: {}", self.subject()), &[&self.id()], text);
        self.plan.sent(at, move |_| raw.clone());
    }

    fn deed(&mut self, at: i64, deed: Deed) {
        self.plan.deed(at, self.matter, self.matter, deed);
    }

    fn question(&mut self, at: i64, text: &str) {
        let id = self.id();
        self.mail(at, &id, &[], text);
        self.counts(at);
    }

    fn sure_question(&mut self, at: i64) {
        self.question(at, self.text);
    }

    fn counts(&mut self, received: i64) {
        let (claimed, answered, wall, business) = (None, None, None, None);
        self.asked.push(Asked { received, claimed, answered, paused: 0, wall, business });
    }

    /// Every question that is open is answered at `at`; the clock stood still for `pauses`.
    fn answered(&mut self, channel: Channel, at: i64, pauses: &[(i64, i64)]) {
        for asked in self.asked.iter_mut().filter(|asked| asked.answered.is_none()) {
            let spared =
                |count: fn(i64, i64) -> i64| pauses.iter().map(|(from, to)| count(*from, *to)).sum::<i64>();
            asked.answered = Some((channel, at));
            asked.paused = spared(|from, to| to - from);
            asked.wall = Some(at - asked.received - asked.paused);
            asked.business = Some(business(asked.received, at) - spared(business));
        }
    }

    /// Approved and sent to the asker at `at`, as an answer to `to`.
    fn letter(&mut self, at: i64, to: &str) {
        self.deed(at, Deed::Approve);
        self.letters.push((self.from.clone(), Some(to.to_owned())));
    }

    /// Approved, sent, and the clocks of all that is open stop.
    fn answer(&mut self, at: i64, to: &str) {
        self.letter(at, to);
        self.answered(Channel::Inside, at, &[]);
    }

    /// A person writes the text: what follows a letter of ours in a few words is never a matter of course.
    fn put_in_words(&mut self, at: i64) {
        self.deed(
            at,
            Deed::Write("Bonjour,\n\nComme nous vous l’écrivions, oui.\n\nCordialement".to_owned()),
        );
    }

    fn play(&mut self, kind: Kind, at: i64) {
        let (id, matter) = (self.id(), self.matter);
        let second = format!("suite{matter}@asker.example");
        match kind {
            Kind::Sure => {
                self.sure_question(at);
                let done = self.chance.work(at);
                self.answer(done, &id);
            }
            Kind::Several => {
                self.question(at, SEVERAL);
                let done = self.chance.work(at);
                self.deed(done, Deed::Choose(vec!["organismes-vises", "duree-suspension"]));
                self.answer(done, &id);
            }
            Kind::OffFaq => {
                let text = self.chance.of(&OFF_FAQ);
                self.question(at, text);
                let done = self.chance.work(at);
                self.deed(
                    done,
                    Deed::Write("Bonjour,\n\nNous vous téléphonerons.\n\nCordialement".to_owned()),
                );
                self.answer(done, &id);
            }
            Kind::Opinion => self.opinion(at),
            Kind::Holding => {
                self.sure_question(at);
                let promised = self.chance.work(at) + 17;
                let to = self.from.clone();
                self.outlook(
                    promised,
                    &format!("h{matter}@outlook.example"),
                    &to,
                    "Bien reçu, on vous revient.",
                );
                let done = self.chance.work(promised);
                self.answer(done, &id);
            }
            Kind::Outside => {
                self.sure_question(at);
                let done = self.chance.work(at) + 123;
                let to = self.from.clone();
                let text = "Bonjour,\n\nLa suspension s’applique jusqu’à nouvel ordre.\n\nMarie";
                self.outlook(done, &format!("o{matter}@outlook.example"), &to, text);
                self.answered(Channel::Outside, done, &[]);
            }
            Kind::Misjudged => {
                self.sure_question(at);
                let seen = self.chance.work(at) + 123;
                let to = self.from.clone();
                self.outlook(seen, &format!("o{matter}@outlook.example"), &to, "Bien reçu, merci.\n\nMarie");
                let judged = self.chance.work(seen);
                self.deed(judged, Deed::NoAnswer);
                let done = self.chance.work(judged);
                self.answer(done, &id);
            }
            Kind::Thanks => {
                self.sure_question(at);
                let done = self.chance.work(at);
                self.answer(done, &id);
                let (thanked, text) = (self.chance.reply(done), self.chance.of(&NOTHING));
                self.mail_after_letter(thanked, &second, "", text);
                self.state = State::ForInformation;
            }
            Kind::Deposit => self.deposit(at),
            Kind::Access => {
                self.mail(at, &id, &[], ACCESS);
                self.state = State::ForInformation;
            }
            Kind::Absence => {
                let text = "Je suis absente jusqu’au 4 août. Pour toute urgence, jusqu’à quand ?";
                let raw = asks(&id, &self.from, "Réponse automatique : Votre boîte", &[], text);
                let raw = raw.replacen("MIME-Version", "Auto-Submitted: auto-replied\nMIME-Version", 1);
                self.plan.mail(at, move |_| raw.clone());
                self.state = State::SetAside;
            }
            Kind::AbsentAsker => {
                self.sure_question(at);
                let done = self.chance.work(at);
                self.answer(done, &id);
                let auto = "Auto-Submitted: auto-replied\n";
                self.mail_after_letter(done + 61, &second, auto, "Je suis absente jusqu’au 4 août.");
            }
            Kind::Bounce => {
                self.sure_question(at);
                let done = self.chance.work(at);
                self.letter(done, &id);
                let back = done + 2 * HOUR + 5;
                self.plan.mail(back, move |world: &World| bounced(matter, &world.letter(matter)));
                let called = self.chance.work(back);
                self.deed(called, Deed::Telephoned(300));
                self.answered(Channel::Telephone, called - 300, &[]);
            }
            Kind::FollowUp => {
                self.sure_question(at);
                let done = self.chance.work(at);
                self.answer(done, &id);
                let (again, text) = (self.chance.reply(done), self.chance.of(&SURE));
                self.mail_after_letter(again, &second, "", text);
                self.counts(again);
                let done = self.chance.work(again);
                self.put_in_words(done);
                self.answer(done, &second);
            }
            Kind::Twice | Kind::Voided | Kind::Merged => self.several_mails(kind, at, &second),
            Kind::WaitsForMail => {
                self.sure_question(at);
                let from = self.chance.work(at);
                self.deed(from, Deed::Wait);
                let to = self.chance.reply(from);
                self.mail(to, &second, &[&id], COMPLEMENT);
                let done = self.chance.work(to);
                self.letter(done, &id);
                self.answered(Channel::Inside, done, &[(from, to)]);
            }
            Kind::WaitsInVain => {
                self.sure_question(at);
                let from = self.chance.work(at);
                self.deed(from, Deed::Wait);
                let to = self.chance.work(from);
                self.deed(to, Deed::Resume);
                let done = self.chance.work(to);
                self.letter(done, &id);
                self.answered(Channel::Inside, done, &[(from, to)]);
            }
            Kind::Call => {
                let taken = self.chance.work(at);
                self.deed(taken, Deed::TakeCall(700));
                self.counts(taken - 700);
                let done = self.chance.work(taken);
                self.deed(done, Deed::Telephoned(60));
                self.answered(Channel::Telephone, done - 60, &[]);
            }
            Kind::Correction => {
                self.sure_question(at);
                let done = self.chance.work(at);
                self.answer(done, &id);
                let corrected = self.chance.work(done);
                self.deed(corrected, Deed::Correct);
                self.letter(corrected, &id);
            }
            Kind::Transfer => {
                self.mail(at, &id, &[], OFF_FAQ[0]);
                let done = self.chance.work(at);
                self.deed(done, Deed::Transfer);
                self.deed(done, Deed::Approve);
                self.letters.push((OFFICE.to_owned(), None));
                self.state = State::Transferred;
            }
            Kind::OutOfHand => self.out_of_hand(at),
            Kind::OnLeave => {
                // Who has it in hand goes on leave, and what was theirs is everybody's.
                self.sure_question(at);
                let claimed = self.chance.work(at);
                self.deed(claimed, Deed::TraineeClaims);
                let away = self.chance.work(claimed);
                self.deed(away, Deed::TraineeLeaves);
                let done = self.chance.work(away);
                self.asked[0].claimed = Some(claimed);
                self.answer(done, &id);
            }
            Kind::Closed => {
                self.question(at, OFF_FAQ[1]);
                let done = self.chance.work(at);
                self.deed(done, Deed::Close);
                self.state = State::Closed;
            }
            Kind::Open => {
                self.sure_question(at);
                self.state = State::ToReview;
            }
            Kind::First => {
                let written = self.chance.work(at);
                self.deed(written, Deed::WriteFirst(self.from.clone()));
                self.deed(written, Deed::Approve);
                self.letters.push((self.from.clone(), None));
                let (asked, text) = (self.chance.reply(written), self.chance.of(&SURE));
                let (from, answer) = (self.from.clone(), second.clone());
                self.plan.mail(asked, move |world: &World| {
                    asks(&answer, &from, "RE: Votre projet", &[&world.letter(matter)], text)
                });
                self.counts(asked);
                let done = self.chance.work(asked);
                self.put_in_words(done);
                self.answer(done, &second);
            }
            Kind::CameEarlier => {
                self.sure_question(at);
                let put_right = self.chance.work(at);
                let before = at - 26 * HOUR;
                self.deed(put_right, Deed::CameEarlier(before));
                self.asked[0].received = before;
                let done = self.chance.work(put_right);
                self.answer(done, &id);
            }
        }
    }

    /// Passed on to a colleague, who answers; the asker hears nothing of it.
    fn opinion(&mut self, at: i64) {
        self.sure_question(at);
        let (id, matter) = (self.id(), self.matter);
        let (forward, colleague) =
            (format!("f{matter}@outlook.example"), format!("avocat{matter}@{COLLEAGUES}"));
        let passed_on = self.chance.work(at) + 40;
        self.outlook(passed_on, &forward, &colleague, "Qu’en dis-tu ?");
        let given = self.chance.reply(passed_on);
        let text = format!("{OPINION} {matter} : à mon avis, cela finira quand ? Je ne sais pas.");
        let opinion = format!("avis{matter}@serveur.example");
        let subject = format!("RE: {}", self.subject());
        let raw = asks(&opinion, &colleague, &subject, &[&id, &forward], &text);
        self.plan.mail(given, move |_| raw.clone());
        self.opinions = 1;
        // Half of the letters leave before the opinion comes, which changes nothing.
        let after = if matter % 2 == 0 { passed_on } else { given };
        let done = self.chance.work(after);
        self.answer(done, &id);
    }

    fn deposit(&mut self, at: i64) {
        let (id, project) = (self.id(), format!("Avis de projet {}", self.matter));
        let head = asks(&id, &self.from, &project, &[], "");
        let head = head.split("MIME-Version").next().unwrap().to_owned();
        let raw = format!(
            "{head}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=limite\n\n--limite\n\
             Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{NOTICE}\n--limite\n\
             Content-Type: application/pdf; name=\"fiche.pdf\"\n\
             Content-Disposition: attachment; filename=\"fiche.pdf\"\n\
             Content-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n--limite--\n"
        );
        self.plan.mail(at, move |_| raw.clone());
        let done = self.chance.work(at);
        self.letter(done, &id);
        self.deposit = Some((project, at, done));
        self.state = State::ForInformation;
    }

    /// Who had it in hand does not get to it; somebody else lets it go for them and answers.
    fn out_of_hand(&mut self, at: i64) {
        self.sure_question(at);
        let (id, matter) = (self.id(), self.matter);
        let claimed = self.chance.work(at);
        self.plan.deed(claimed, matter, matter, Deed::Claim);
        let done = self.chance.work(claimed);
        // After a day of office hours nobody needs to: it is in nobody's hand any more.
        if business(claimed, done) <= CLAIM {
            self.plan.deed(done, matter, matter + 1, Deed::ApproveInVain);
            self.plan.deed(done, matter, matter + 1, Deed::Release);
        }
        self.plan.deed(done, matter, matter + 1, Deed::Approve);
        self.letters.push((self.from.clone(), Some(id)));
        self.asked[0].claimed = Some(claimed);
        self.answered(Channel::Inside, done, &[]);
    }

    /// The asker writes again before there is an answer: one letter answers it all.
    fn several_mails(&mut self, kind: Kind, at: i64, second: &str) {
        self.sure_question(at);
        let id = self.id();
        let text = self.chance.of(&SURE);
        if kind == Kind::Voided {
            // It comes while an approved letter waits for its turn, and voids the approval.
            let approved = self.chance.work(at);
            self.deed(approved, Deed::Approve);
            self.mail(approved - 5, second, &[&id], text);
            self.counts(approved - 5);
            let done = self.chance.work(approved);
            self.answer(done, second);
            return;
        }
        let again = quarter(at) + self.chance.between(QUARTER, 3 * HOUR);
        if kind == Kind::Twice {
            self.mail(again, second, &[&id], text);
            self.counts(again);
            let done = self.chance.work(again);
            self.answer(done, second);
            return;
        }
        // First as if it were new, then beneath both: three mails, and it was one matter.
        let third = format!("tiers{}@asker.example", self.matter);
        self.mail(again, second, &[], text);
        self.counts(again);
        let joined = quarter(again) + self.chance.between(QUARTER, 3 * HOUR);
        let text = self.chance.of(&SURE);
        self.mail(joined, &third, &[&id, second], text);
        self.counts(joined);
        let done = self.chance.work(joined);
        self.answer(done, &third);
    }
}

/// What a mail server says of a letter that it could not deliver.
fn bounced(matter: Matter, letter: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@relais.example>\nTo: {DESK}\n\
         Subject: Undelivered Mail Returned to Sender\nMessage-ID: <retour{matter}@relais.example>\n\
         Auto-Submitted: auto-replied\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=d\n\n--d\n\
         Content-Type: text/plain; charset=us-ascii\n\nI'm sorry.\n--d\n\
         Content-Type: message/delivery-status\n\nReporting-MTA: dns; relais.example\n\n\
         Final-Recipient: rfc822; x@y.example\nAction: failed\nStatus: 5.1.1\n\n--d\n\
         Content-Type: message/rfc822\n\nFrom: {DESK}\nMessage-ID: <{letter}>\nSubject: RE: Question\n\nBonjour\n--d--\n"
    )
}
