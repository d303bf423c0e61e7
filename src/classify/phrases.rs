//! Phrases by which sentences are told apart, in French and English, without accents.
//!
//! They stand in a row, parted by commas; an apostrophe is a blank.

use std::sync::LazyLock;

/// Phrases, each with a blank before and after.
pub(super) struct Phrases(Vec<String>);

impl Phrases {
    fn of(row: &str) -> Self {
        let words = |phrase: &str| phrase.split_whitespace().collect::<Vec<_>>().join(" ");
        Self(row.split(',').map(|phrase| format!(" {} ", words(phrase))).collect())
    }

    /// Whether one of them stands somewhere in a text that has blanks around its words.
    pub fn stand_in(&self, spaced: &str) -> bool {
        self.0.iter().any(|phrase| spaced.contains(phrase))
    }

    /// The text without them.
    pub fn left_out_of(&self, spaced: &str) -> String {
        self.0.iter().fold(spaced.to_owned(), |text, phrase| text.replace(phrase, " "))
    }

    /// Whether the text begins with one of them.
    pub fn open(&self, spaced: &str) -> bool {
        self.0.iter().any(|phrase| spaced.starts_with(phrase))
    }
}

/// Short forms after whose full stop a sentence goes on.
pub(super) const ABBREVIATIONS: &str =
    "mme mmes mm art no nos ex dr dre cf mr mrs ms st ste vs al e.g i.e p.ex tel ext";

/// Words that open a letter.
pub(super) static GREETINGS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "bonjour, bonsoir, allo, salut, madame, monsieur, mesdames, chers, chere, cher, hello, hi, dear, good
morning, good afternoon, greetings",
    )
});

/// Words that close a letter.
pub(super) static CLOSINGS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "cordialement, bien cordialement, cordiales salutations, salutations, meilleures salutations, mes
salutations, sinceres salutations, respectueusement, bien a vous, au plaisir, bonne journee, bonne
fin de journee, merci d avance, merci a l avance, merci beaucoup, merci de votre, merci pour votre,
merci et bonne, merci bien, merci, avec mes remerciements, en vous remerciant, veuillez agreer,
veuillez recevoir, je vous prie d agreer, regards, best regards, kind regards, warm regards,
sincerely, yours, thank you, thanks, many thanks, best, cheers",
    )
});

/// Politeness that sounds like a request.
pub(super) static NO_REQUESTS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "n hesitez pas, ne pas hesiter, n hesite pas, do not hesitate, don t hesitate, feel free, ne pas
tenir compte, veuillez agreer, ca va bien, how are you, aucune reponse n est, no
reply is, no action is, aucune action",
    )
});

/// Requests in form, by which somebody hands something over: what stands beside them may ask.
pub(super) static HANDED_OVER: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "veuillez trouver, veuillez noter, veuillez prendre note, veuillez prendre connaissance, priere de
trouver, veuillez recevoir, please find, please note, please see, please be advised",
    )
});

/// Words with which somebody asks for an answer, wherever they stand.
pub(super) static CUES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "pouvez vous, pourriez vous, pourrais je, pourrions nous, puis je, peut on, est ce que, est ce qu, y
a t il, savoir si, savoir ce, savoir quel, savoir quelle, savoir quels, savoir qui, savoir ou,
savoir comment, savoir pourquoi, savoir quand, savoir jusqu, aimerais savoir, aimerions savoir,
voudrais savoir, voudrions savoir, souhaite savoir, souhaitons savoir, souhaiterais, souhaiterions,
aimerais, aimerions, voudrais, voudrions, je cherche, nous cherchons, je me demande, nous nous
demandons, on se demande, demande si, besoin de savoir, besoin d une reponse, ai besoin, avons
besoin, veuillez, priere de, s il vous plait, svp, merci de me, merci de nous, merci de bien
vouloir, bien vouloir, je ne sais pas, nous ne savons pas, on ne sait pas, pas clair, eclairer,
eclaircir, preciser, ou pas, dites moi, dites nous, question est, question porte, ma question, notre
question, question suivante, could you, can you, would you, may we, may i, can we, can i, please,
like to know, want to know, need to know, let me know, let us know, wonder, wondering, not sure,
unsure, not clear, unclear, whether, clarify, looking for, would like, my question, our question, do
we, are we, is it",
    )
});

/// Words that open a question.
pub(super) static OPENERS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of(
        "qui, quand, quoi, comment, pourquoi, combien, quel, quelle, quels, quelles, jusqu a quand, jusqua
quand, a qui, ou, en quoi, qu est, est ce, c est quoi, doit on, faut il, sommes nous, avons nous,
what, who, whom, when, where, why, how, which, is, are, does, do, did, must, should, until when",
    )
});
