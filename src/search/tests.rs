//! What is found, and what a kill, a defect or a purge does to the index.

use super::*;
use crate::clock::Clock;
use crate::config;
use crate::message::{Banners, read};
use crate::organisation::{Counterpart, Kind};
use crate::thread::{Actor, Arrival, CloseReason, Event, Medium, Place as MailPlace, State, Thread};
use jiff::civil::date;
use std::fs;
use std::path::Path;

const CONFIG: &str = "data_dir = \"data\"\nreplies_dir = \"r\"\n[replies]\nallow_examples = true\n\
    [mailbox]\naddress = \"ia@ministere.example\"\nkind = \"maildir\"\npath = \"mail\"\nsince = \"all\"\n\
    [outbox]\nkind = \"folder\"\npath = \"outbox\"\nhold_seconds = 0\n";

const NONE: [ThreadId; 0] = [];

/// A store with its search; the folder outlives both.
struct House {
    journal: Arc<Journal>,
    search: Search,
    clock: Clock,
}

impl House {
    fn open(dir: &Path) -> Self {
        let clock = Clock::fixed("2026-03-27T19:30:00Z".parse().unwrap());
        let journal = Arc::new(Journal::open(dir, clock.clone(), Duration::ZERO).unwrap());
        Self { search: search(&journal), journal, clock }
    }

    /// A mail from `name` at `domain`, received now.
    fn receive(&self, name: &str, domain: &str, subject: &str, text: &str) -> ThreadId {
        let raw = format!(
            "From: {name} <{}@{domain}>\r\nTo: ia@ministere.example\r\nSubject: {subject}\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n",
            name.split(' ').next().unwrap_or_default().to_lowercase()
        );
        let arrival = Arrival {
            blob: format!("{name}{subject}{text}"),
            size: 1,
            place: MailPlace { mailbox: "b".to_owned(), folder: "f".to_owned(), mark: "1".to_owned() },
            counterpart: Counterpart {
                key: format!("domain:{domain}"),
                name: format!("Cégep {domain}"),
                kind: Some(Kind::Cegep),
            },
            message: read(raw.as_bytes(), &Banners::default()),
            history: false,
            medium: Medium::Mail,
        };
        let appended: Result<Thread, Fault> = self.journal.write(|writer| {
            let id = writer.next_thread();
            writer.append(id, Actor::bot(), writer.now(), Event::Received(arrival))
        });
        appended.unwrap().id
    }

    fn append(&self, id: ThreadId, name: &str, event: Event) {
        let appended: Result<Thread, Fault> =
            self.journal.write(|writer| writer.append(id, Actor::reviewer(name, None), writer.now(), event));
        appended.unwrap();
    }

    /// The numbers of what is found, once everything is in the index.
    fn find(&self, query: &Query) -> Vec<ThreadId> {
        self.search.catch_up().unwrap();
        self.search.find(query).unwrap().hits.iter().map(|hit| hit.id).collect()
    }

    fn words(&self, words: &str) -> Vec<ThreadId> {
        self.find(&Query { words: words.to_owned(), ..Query::default() })
    }
}

fn search(journal: &Arc<Journal>) -> Search {
    let config = config::parse(CONFIG, Path::new("/nulle-part/greffier.toml"), &[]).unwrap();
    let zone = TimeZone::get("America/Toronto").unwrap();
    Search { reserve: 0, ..Search::new(Arc::clone(journal), Arc::new(config), zone) }
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn what_was_written_is_found_however_it_is_typed() {
    let dir = folder();
    let house = House::open(dir.path());
    let one =
        house.receive("Anne Côté", "rosemont.example", "L'avis", "Les journaux parlent d’une exception.");
    let two = house.receive("Luc Roy", "ville.example", "Durée", "Quand l'avis de suspension prend-il fin ?");
    house.append(two, "Marie Tremblay", Event::NoteAdded { text: "Rappeler la policière".to_owned() });
    for (words, found) in [
        ("AVIS", vec![one, two]),
        ("l’avis d'exceptions", vec![one]),
        ("journal", vec![one]),
        ("« avis de suspension »", vec![two]),
        ("\"suspension avis\"", vec![]),
        ("suspension avis", vec![two]),
        ("cote", vec![one]),
        ("anne@rosemont.example", vec![one]),
        ("policieres", vec![two]),
        (&format!("nº {two}"), vec![]),
        (&two.to_string(), vec![two]),
        // Our own address stands in every mail.
        ("ministere.example", vec![]),
        ("introuvable", vec![]),
    ] {
        let mut ids = house.words(words);
        ids.sort_unstable();
        assert_eq!(ids, found, "{words}");
    }
    // In the subject it counts for more.
    assert_eq!(house.words("avis")[0], one);
}

#[test]
fn filters_narrow_and_stand_alone() {
    let dir = folder();
    let house = House::open(dir.path());
    let one = house.receive("Anne Roy", "rosemont.example", "Question", "Une exception ?");
    house.clock.set("2026-04-02T03:30:00Z".parse().unwrap());
    let two = house.receive("Luc Roy", "ville.example", "Question", "Une exception !");
    house.append(
        two,
        "Marie Tremblay",
        Event::ClosedWithoutReply(CloseReason { text: "Doublon".to_owned() }),
    );
    let by = |change: &dyn Fn(&mut Query)| {
        let mut query = Query::default();
        change(&mut query);
        let alone = house.find(&query);
        query.words = "exceptions".to_owned();
        assert_eq!(house.find(&query), alone);
        alone
    };
    assert_eq!(by(&|query| query.organisation = "cegep ROSEMONT".to_owned()), [one]);
    assert_eq!(by(&|query| query.state = Some(State::Closed)), [two]);
    assert_eq!(by(&|query| query.by = " marie tremblay ".to_owned()), [two]);
    assert_eq!(by(&|query| query.by = "tremblay".to_owned()), NONE);
    assert_eq!(by(&|query| query.kind = Some(Kind::Universite)), NONE);
    assert_eq!(by(&|query| query.entry = "contact".to_owned()), NONE);
    // Half past eleven in the evening of the first of April in Québec.
    let april = Some(date(2026, 4, 1));
    assert_eq!(by(&|query| (query.from, query.to) = (april, april)), [two]);
    assert_eq!(by(&|query| query.to = Some(date(2026, 3, 31))), [one]);
    assert_eq!(by(&|query| query.from = Some(date(2026, 4, 2))), NONE);
    assert_eq!(by(&|query| query.from = Some(jiff::civil::Date::MAX)), NONE);
    let newest = Query { kind: Some(Kind::Cegep), ..Query::default() };
    assert_eq!(house.find(&newest), [two, one]);
}

#[test]
fn hits_stand_in_their_context_as_they_were_written() {
    let dir = folder();
    let house = House::open(dir.path());
    let text = format!("{} <script>l’Exception</script> & {}", "avant ".repeat(100), "après ".repeat(100));
    house.receive("Anne Roy", "rosemont.example", "Question", &text);
    house.search.catch_up().unwrap();
    let found = house.search.find(&Query { words: "exceptions".to_owned(), ..Query::default() }).unwrap();
    let extract = found.hits[0].extract.as_ref().unwrap();
    let hits: Vec<_> = extract.stretches.iter().filter(|stretch| stretch.hit).collect();
    assert_eq!(hits.iter().map(|stretch| stretch.text.as_str()).collect::<Vec<_>>(), ["Exception"]);
    assert_eq!(extract.place, Place::Message);
    assert!(extract.cut_before && extract.cut_after);
    let whole: String = extract.stretches.iter().map(|stretch| stretch.text.as_str()).collect();
    assert!(whole.contains("<script>l’Exception</script> &"), "{whole}");
    assert!(whole.chars().count() < 400);
}

#[test]
fn pages_follow_each_other_to_the_end() {
    let dir = folder();
    let house = House::open(dir.path());
    let all: Vec<ThreadId> =
        (0..PAGE + 3).map(|n| house.receive("A B", "a.example", &format!("S{n}"), "même mot")).collect();
    let page = |skip| house.find(&Query { words: "mots".to_owned(), skip, ..Query::default() });
    let mut found = [page(0), page(PAGE)].concat();
    found.sort_unstable();
    assert_eq!(found, all);
    assert_eq!(page(usize::MAX), NONE);
}

#[test]
fn no_query_fails() {
    let dir = folder();
    let house = House::open(dir.path());
    house.receive("Anne Roy", "rosemont.example", "Question", "Une exception ?");
    let long = "x« y \"z ".repeat(2_000);
    for words in ["\"", "« exception", "+-&|!(){}[]^~*?:\\/", "AND OR NOT", "\0\u{202e}", "'", "l'", &long] {
        let words = words.to_owned();
        let query = Query { by: words.clone(), organisation: words.clone(), ..Query::default() };
        house.find(&Query { words, ..Query::default() });
        house.find(&query);
    }
    assert_eq!(house.words("« exception").len(), 1);
}

#[test]
fn an_index_follows_from_where_it_stood() {
    let dir = folder();
    let one = {
        let house = House::open(dir.path());
        let one = house.receive("Anne Roy", "rosemont.example", "Question", "Une exception ?");
        assert_eq!(house.words("exception"), [one]);
        one
    };
    let house = House::open(dir.path());
    house.receive("Luc Roy", "ville.example", "Question", "Rien");
    let first = house.search.step_with(&mut Work::Closed);
    assert_eq!(first, Ok(false));
    assert_eq!(house.words("exception"), [one]);
    assert_eq!(house.words("rien").len(), 1);
}

/// What may become of the folder between two starts.
#[test]
fn whatever_is_not_this_journals_index_is_made_anew() {
    let meta = |dir: &Path, from: &str, to: &str| {
        let path = dir.join("search/meta.json");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(path, text.replace(from, to)).unwrap();
    };
    type Damage<'a> = (&'a str, &'a dyn Fn(&Path));
    let damages: [Damage<'_>; 7] = [
        ("deleted", &|dir| fs::remove_dir_all(dir.join("search")).unwrap()),
        ("a file in its place", &|dir| {
            fs::remove_dir_all(dir.join("search")).unwrap();
            fs::create_dir(dir.join("search")).unwrap();
            fs::write(dir.join("search/meta.json"), "{").unwrap();
        }),
        ("older", &|dir| meta(dir, "\\\"schema\\\":1", "\\\"schema\\\":0")),
        ("ahead of the journal", &|dir| meta(dir, "\\\"seq\\\":2", "\\\"seq\\\":3")),
        ("of another journal", &|dir| meta(dir, "\\\"link\\\":\\\"", "\\\"link\\\":\\\"0")),
        ("cut short", &|dir| {
            for file in segment_files(dir) {
                fs::File::options().write(true).open(file).unwrap().set_len(9).unwrap();
            }
        }),
        ("changed", &|dir| {
            for file in segment_files(dir) {
                let mut bytes = fs::read(&file).unwrap();
                bytes[0] ^= 0xff;
                fs::write(file, bytes).unwrap();
            }
        }),
    ];
    for (what, damage) in damages {
        let dir = folder();
        let id = {
            let house = House::open(dir.path());
            let id = house.receive("Anne Roy", "rosemont.example", "Question", "Une exception ?");
            house.receive("Luc Roy", "ville.example", "Question", "Rien");
            assert_eq!(house.words("exception"), [id]);
            id
        };
        damage(dir.path());
        let house = House::open(dir.path());
        assert_eq!(house.words("exception"), [id], "{what}");
        assert_eq!(house.words("rien").len(), 1, "{what}");
    }
}

fn segment_files(dir: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(dir.join("search")).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|ending| ending != "json" && ending != "lock")).collect()
}

#[test]
fn what_was_purged_is_gone_from_the_files_too() {
    let dir = folder();
    let house = House::open(dir.path());
    let one = house.receive("Anne Roy", "rosemont.example", "Question", "Un secretissime oublié");
    let two = house.receive("Luc Roy", "ville.example", "Question", "Un mot banalissime");
    assert_eq!(house.words("secretissime"), [one]);
    // What the segments hold, deleted or not, and the files of segments that are gone.
    let holds = |word: &str| {
        let Standing::Open(Opened { reader, fields }) = locked(&house.search.shared.standing).clone() else {
            panic!("not open")
        };
        let searcher = reader.searcher();
        let segments: Vec<String> =
            searcher.segment_readers().iter().map(|segment| segment.segment_id().uuid_string()).collect();
        for file in segment_files(dir.path()) {
            let name = file.file_name().unwrap().to_str().unwrap();
            assert!(segments.iter().any(|segment| name.starts_with(segment)), "{name} was left behind");
        }
        searcher.doc_freq(&tantivy::Term::from_field_text(fields.text, word)).unwrap() > 0
    };
    assert!(holds("secretissim") && holds("banalissim"));
    house.journal.purge(one, Actor::reviewer("M", None), "règle", "autorité").unwrap();
    assert_eq!(house.words("secretissime"), NONE);
    assert_eq!(house.words(&one.to_string()), NONE);
    assert!(!holds("secretissim") && holds("banalissim"));
    assert_eq!(house.words("banalissime"), [two]);
}

#[test]
fn without_room_searches_say_so_until_there_is_some() {
    let dir = folder();
    let house = House::open(dir.path());
    house.receive("Anne Roy", "rosemont.example", "Question", "Une exception ?");
    let full = Search { reserve: u64::MAX, ..house.search.clone() };
    let query = Query { words: "exception".to_owned(), ..Query::default() };
    assert_eq!(full.step(), Err(Unavailable::Full));
    assert_eq!(full.find(&query), Err(Unavailable::Full));
    assert_eq!(house.find(&query).len(), 1);
    assert_eq!(full.step(), Err(Unavailable::Full));
    assert_eq!(house.search.find(&query), Err(Unavailable::Full));
    assert_eq!(house.find(&query).len(), 1);
}

#[test]
fn until_it_has_caught_up_searches_say_how_far_it_is() {
    let dir = folder();
    let house = House::open(dir.path());
    let journal = &house.journal;
    let id = house.receive("Anne Roy", "rosemont.example", "Question", "Une exception ?");
    let written: Result<(), Fault> = journal.write(|writer| {
        for _ in 0..BATCH {
            writer.append(
                id,
                Actor::reviewer("M", None),
                writer.now(),
                Event::NoteAdded { text: "n".to_owned() },
            )?;
        }
        Ok(())
    });
    written.unwrap();
    assert_eq!(house.search.step(), Ok(true));
    let (done, of) = (BATCH as u64, BATCH as u64 + 1);
    assert_eq!(house.search.find(&Query::default()), Err(Unavailable::Behind { done, of }));
    assert_eq!(house.search.step(), Ok(false));
    assert_eq!(house.words("exception"), [id]);
}

#[test]
fn an_index_that_cannot_be_made_stops_nothing() {
    let dir = folder();
    let house = House::open(dir.path());
    house.receive("Anne Roy", "rosemont.example", "Question", "Une exception ?");
    // Where the folder should be lies a file.
    fs::write(dir.path().join("search"), "x").unwrap();
    let (stop, stopped) = watch::channel(false);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let running = runtime.spawn(house.search.clone().run(stopped));
    let query = Query { words: "exception".to_owned(), ..Query::default() };
    let until = std::time::Instant::now() + Duration::from_secs(30);
    while !matches!(house.search.find(&query), Err(Unavailable::Broken(_))) {
        assert!(std::time::Instant::now() < until);
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!running.is_finished());
    stop.send(true).unwrap();
    runtime.block_on(running).unwrap();
    fs::remove_file(dir.path().join("search")).unwrap();
    assert_eq!(house.find(&query).len(), 1);
}

#[test]
fn what_happens_is_found_without_being_asked_for() {
    let dir = folder();
    let house = House::open(dir.path());
    let (stop, stopped) = watch::channel(false);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let running = runtime.spawn(house.search.clone().run(stopped));
    let query = Query { words: "exception".to_owned(), ..Query::default() };
    let until = std::time::Instant::now() + Duration::from_secs(30);
    let mut count = 0;
    for expected in 1..=3 {
        house.receive("Anne Roy", "rosemont.example", "Question", &format!("Une exception, {expected}"));
        while count < expected {
            assert!(std::time::Instant::now() < until);
            std::thread::sleep(Duration::from_millis(20));
            count = house.search.find(&query).map_or(0, |found| found.count);
        }
    }
    house.search.rebuild().unwrap();
    while house.search.find(&query).map_or(0, |found| found.count) < 3 {
        assert!(std::time::Instant::now() < until);
        std::thread::sleep(Duration::from_millis(20));
    }
    stop.send(true).unwrap();
    runtime.block_on(running).unwrap();
}
