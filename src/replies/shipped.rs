//! The shipped library: complete, sourced, approved by nobody, and no fact missing.

use super::*;
use jiff::civil::date;

const SLUGS: [&str; 11] = [
    "assistant-virtuel",
    "contact",
    "demarche-structuree",
    "duree-suspension",
    "exceptions",
    "indication-application",
    "organismes-vises",
    "portee-suspension",
    "raison-suspension",
    "sans-budget",
    "versions-grand-public",
];

fn shipped() -> Replies {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("replies");
    let mut files = Vec::new();
    for folder in ["fr", "en", "examples/fr", "examples/en"] {
        for file in std::fs::read_dir(root.join(folder)).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            let text = std::fs::read_to_string(root.join(folder).join(&name)).unwrap();
            files.push((Path::new(folder).join(name), text));
        }
    }
    Replies::parse(files).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn slug(name: &str) -> Slug {
    name.parse().unwrap()
}

/// The text as a reader takes it in: plain spaces, plain apostrophes.
fn plain(entry: &Entry) -> String {
    let rendered = entry.render(&Values::default());
    assert_eq!(rendered.open, [], "{}: shipped texts leave nothing open", entry.id);
    rendered.markdown.replace(['\u{a0}', '\u{202f}'], " ").replace('’', "'").replace('*', "")
}

#[test]
fn the_eleven_entries_and_both_lists_are_there_in_both_languages() {
    let replies = shipped();
    assert_eq!(replies.slugs().map(Slug::as_str).collect::<Vec<_>>(), SLUGS);
    for language in Language::ALL {
        for name in SLUGS {
            let entry = replies.entry(language, &slug(name)).unwrap();
            assert_eq!(entry.id, EntryId { language, slug: slug(name), variant: None });
        }
        let ids: Vec<String> = replies
            .variants(language, &slug("demarche-structuree"))
            .map(|entry| entry.id.to_string())
            .collect();
        let default = format!("{language}/demarche-structuree");
        assert_eq!(ids, [default.clone(), format!("{default}.courriel")]);
    }
    assert_eq!(replies.entries().count(), 24);
}

#[test]
fn every_entry_has_its_source_its_dates_its_examples_and_no_approval() {
    for entry in shipped().entries() {
        let least = if entry.id.language == Language::Fr { 12 } else { 6 };
        assert!(entry.examples.len() >= least, "{}: {} examples", entry.id, entry.examples.len());
        assert!(!entry.keywords.is_empty(), "{}", entry.id);
        let from_mail = entry.id.variant.is_some();
        let effective = if from_mail { date(2025, 3, 25) } else { date(2025, 3, 18) };
        assert_eq!(entry.effective, effective, "{}", entry.id);
        let known = if from_mail { "Courriel de la boîte Encadrement IA" } else { "IA-RI-2025-001-OP" };
        assert!(entry.source.document.contains(known), "{}", entry.id);
        assert_eq!(entry.superseded, None, "{}", entry.id);
        assert_eq!(entry.version, 1, "{}", entry.id);
        assert!(!entry.is_approved(), "{}: nobody has approved our wording", entry.id);
        assert!(entry.is_effective_on(date(2025, 3, 25)), "{}", entry.id);
    }
}

#[test]
fn no_wording_stands_under_two_labels() {
    let replies = shipped();
    let mut seen = BTreeMap::new();
    for language in Language::ALL {
        for label in SLUGS.iter().chain([&OFF_FAQ, &ELSEWHERE, &NO_QUESTION]) {
            let wordings = replies.examples(language, label);
            assert!(!wordings.is_empty(), "{language} {label}");
            for wording in wordings {
                assert_eq!(seen.insert(wording.text.clone(), label), None, "{wording:?}");
            }
        }
        let least = if language == Language::Fr { 25 } else { 10 };
        for label in [OFF_FAQ, ELSEWHERE, NO_QUESTION] {
            assert!(replies.examples(language, label).len() >= least, "{language} {label}");
        }
    }
}

/// What each text must say, by slug (`.courriel` for the other list): French, then English.
#[rustfmt::skip]
const FACTS: [(&str, &[&str], &[&str]); 12] = [
    ("indication-application",
        &["IA-RI-2025-001-OP", "ministère de la Cybersécurité et du Numérique (MCN)", "organismes publics", "obligation", "intégration", "expérimentation", "licences", "déploiements", "intelligence artificielle générative"],
        &["IA-RI-2025-001-OP", "ministère de la Cybersécurité et du Numérique (MCN", "public bodies", "obligation", "integration", "experimentation", "licences", "deployments", "generative artificial intelligence"]),
    ("assistant-virtuel",
        &["langage naturel", "tâches précises", "conversation", "principalement"],
        &["natural language", "specific tasks", "conversation", "main use"]),
    ("versions-grand-public",
        &["individuel", "personnellement", "gratuites", "« grand public »", "Copilot", "Copilot Chat", "ChatGPT", "hors de l'organisation", "permettre à son personnel", "risques", "recommandons fortement", "sensibilisées", "Guide des bonnes pratiques d'utilisation de l'intelligence artificielle générative"],
        &["individual use", "personal basis", "free public", "Copilot Chat", "ChatGPT", "outside the organization", "allow its staff", "risks", "strongly recommend", "made aware", "Guide des bonnes pratiques d'utilisation de l'intelligence artificielle générative"]),
    ("portee-suspension",
        &["tout projet et toute initiative", "d'un secteur", "d'une organisation", "expérimenter", "intégrer", "licences d'exploitation", "l'abonnement", "en ligne ou non"],
        &["every project or initiative", "a sector", "a single organization", "experiment", "integrate", "licences", "subscribing", "online or not"]),
    ("sans-budget",
        &["Oui", "budget supplémentaire", "efforts d'intégration et de déploiement"],
        &["Yes", "extra budget", "integration and deployment efforts"]),
    ("organismes-vises",
        &["tous les organismes publics", "article 2", "Loi sur la gouvernance et la gestion des ressources informationnelles des organismes publics et des entreprises du gouvernement"],
        &["all public bodies", "article 2", "Loi sur la gouvernance et la gestion des ressources informationnelles des organismes publics et des entreprises du gouvernement"]),
    ("raison-suspension",
        &["mettre en commun", "réduire", "Première phase", "sécurité de l'information", "protection des renseignements personnels (PRP)", "Seconde phase", "plusieurs organismes publics", "pilote", "cas d'utilisation", "travaux semblables", "dépenses supplémentaires"],
        &["pool the work", "reduce", "First phase", "information security", "protection of personal information", "Second phase", "several public bodies", "Led by the MCN", "use cases", "similar work", "additional spending"]),
    ("duree-suspension",
        &["conclusions", "l'expérimentation menée par le MCN", "dirigeants de l'information"],
        &["conclusions", "the MCN's experiment", "dirigeants de l'information"]),
    ("exceptions",
        &["au moins un", "Expérimentation du MCN", "dossier d'affaires", "dirigeant principal de l'information", "article 8 des Règles relatives à la gestion des projets en ressources informationnelles", "démarche structurée", "services aux citoyens", "gains d'efficience", "avant l'entrée en vigueur", "unité administrative spécialisée en sécurité de l'information à laquelle l'organisme public se rattache", "évaluation des facteurs relatifs à la vie privée", "si la Loi sur l'accès l'exige", "après l'entrée en vigueur", "demande particulière"],
        &["at least one", "The MCN's experiment", "business case", "dirigeant principal de l'information", "article 8 of the Règles relatives à la gestion des projets en ressources informationnelles", "structured approach", "services to citizens", "efficiency gains", "before the suspension came into force", "specialized in information security", "privacy impact assessment", "if the Loi sur l'accès", "after the suspension came into force", "special request"]),
    ("demarche-structuree",
        &["exception", "met en application l'Énoncé de principes pour une utilisation responsable de l'intelligence artificielle par les organismes publics", "entre autres", "intégrée", "risques organisationnels", "facteurs relatifs à la vie privée", "mesures d'atténuation", "par écrit, un avis favorable", "spécialisée en sécurité de l'information", "qualité des données", "dossier d'opportunité ou une note de décision", "dirigeant de l'information de l'organisme", "service à la clientèle", "efficience", "formation et de sensibilisation", "collecte sur les actifs informationnels, les projets et les initiatives en matière de ressources informationnelles", "le développement et l'utilisation de l'intelligence artificielle"],
        &["exception", "applies the Énoncé de principes pour une utilisation responsable de l'intelligence artificielle par les organismes publics", "among others", "integrated", "organizational risks", "privacy factors", "mitigation", "favourable opinion", "in writing", "specialized in information security", "quality of the data", "dossier d'opportunité", "note de décision", "dirigeant de l'information", "client service", "efficiency", "training and awareness", "collecte sur les actifs informationnels, les projets et les initiatives en matière de ressources informationnelles"]),
    ("demarche-structuree.courriel",
        &["entre autres", "intégrée", "risques organisationnels", "facteurs relatifs à la vie privée", "mesures d'atténuation", "par écrit, un avis favorable", "qualité des données", "entre autres une classification ou un catalogage", "dossier d'opportunité ou une note de décision", "service à la clientèle", "efficience", "formation et de sensibilisation", "direction de l'encadrement et de l'utilisation éthique de l'intelligence artificielle", "encadrement.ia@mcn.gouv.qc.ca", "orientations obligatoires de l'Énoncé de principes pour une utilisation responsable de l'intelligence artificielle par les organismes publics"],
        &["among others", "integrated", "organizational risks", "mitigation", "in writing", "classification or cataloguing", "dossier d'opportunité", "note de décision", "client service", "efficiency", "training and awareness", "direction de l'encadrement et de l'utilisation éthique de l'intelligence artificielle", "encadrement.ia@mcn.gouv.qc.ca", "mandatory orientations in the Énoncé de principes"]),
    ("contact",
        &["direction de l'encadrement et de l'utilisation éthique de l'intelligence artificielle", "ministère de la Cybersécurité et du Numérique (MCN)", "encadrement.ia@mcn.gouv.qc.ca"],
        &["direction de l'encadrement et de l'utilisation éthique de l'intelligence artificielle", "ministère de la Cybersécurité et du Numérique (MCN)", "encadrement.ia@mcn.gouv.qc.ca"]),
];

#[test]
fn no_fact_of_the_source_is_missing() {
    let replies = shipped();
    for (name, french, english) in FACTS {
        for (language, facts) in [(Language::Fr, french), (Language::En, english)] {
            let id: EntryId = format!("{language}/{name}").parse().unwrap();
            let text = plain(replies.by_id(&id).unwrap());
            for fact in facts {
                assert!(text.contains(fact), "{id} does not say: {fact}\n{text}");
            }
        }
    }
}

#[test]
fn the_two_lists_differ_where_their_sources_do() {
    let replies = shipped();
    for language in Language::ALL {
        let [faq, mail] = ["", ".courriel"].map(|variant| {
            let id = format!("{language}/demarche-structuree{variant}").parse().unwrap();
            plain(replies.by_id(&id).unwrap())
        });
        assert!(faq.contains("collecte") && !mail.contains("collecte"), "{language}");
        assert!(mail.contains("encadrement.ia@") && !faq.contains("encadrement.ia@"), "{language}");
        assert!(!faq.to_lowercase().contains("classification"), "{language}");
    }
}

#[test]
fn lists_have_every_item() {
    let replies = shipped();
    let items = [
        ("exceptions", 5),
        ("demarche-structuree", 6),
        ("demarche-structuree.courriel", 6),
        ("indication-application", 4),
        ("portee-suspension", 2),
        ("assistant-virtuel", 2),
        ("raison-suspension", 2),
    ];
    for (name, count) in items {
        for language in Language::ALL {
            let id: EntryId = format!("{language}/{name}").parse().unwrap();
            let entry = replies.by_id(&id).unwrap();
            let found = entry.markdown().lines().filter(|line| line.starts_with("- ")).count();
            assert_eq!(found, count, "{id}");
        }
    }
}

/// French letters are typeset: no plain space before double punctuation, no straight apostrophe.
#[test]
fn french_texts_have_french_typography() {
    let replies = shipped();
    let letter = replies.letter(Language::Fr);
    let mut texts = vec![
        letter.introduction.clone(),
        letter.introduction_several.clone(),
        letter.conclusion.clone(),
        letter.closing.clone(),
    ];
    for entry in replies.entries().filter(|entry| entry.id.language == Language::Fr) {
        texts.extend([entry.title.clone(), entry.question.clone(), entry.markdown().to_owned()]);
        texts.extend(entry.variant_title.clone());
    }
    for text in texts {
        for wrong in [" :", " ;", " ?", " !", "« ", " »", "'", "\""] {
            assert!(!text.contains(wrong), "{wrong:?} in {text}");
        }
    }
}

#[test]
fn letters_are_framed_in_both_languages() {
    let replies = shipped();
    assert_eq!(replies.letter(Language::Fr).salutation, "Bonjour,");
    for language in Language::ALL {
        let letter = replies.letter(language);
        assert_eq!(letter.language, language);
        assert_eq!(
            letter.signature.lines().collect::<Vec<_>>(),
            [
                "Boîte Encadrement IA",
                "Ministère de la Cybersécurité et du Numérique",
                "encadrement.ia@mcn.gouv.qc.ca"
            ]
        );
        assert_eq!(letter.heading(2, "Titre"), "### 2. Titre");
    }
}
