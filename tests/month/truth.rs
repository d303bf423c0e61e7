//! What is written in the month, which kinds of matters it has, and what must have come of each.

use crate::world::Matter;
use greffier::thread::{Channel, State};

/// Texts of which the classifier is sure; the month begins with a look whether it is.
pub const SURE: [&str; 4] = [
    "Bonjour,\n\nJusqu’à quand la suspension s’appliquera-t-elle ?\n\nMerci",
    "Bonjour,\n\nCombien de temps la suspension va-t-elle durer ?\n\nMerci à l’avance,\nL’équipe",
    "Bonjour,\n\nLa suspension a-t-elle une date de fin ?\n\nCordialement",
    "Bonjour,\n\nY a-t-il un échéancier pour la fin de la suspension ?\n\nMerci",
];
/// Texts that ask what no entry answers.
pub const OFF_FAQ: [&str; 2] = [
    "Bonjour,\n\nQui assume les frais de stationnement lors de votre journée d’accueil du 12 mai ?\n\nMerci",
    "Bonjour,\n\nQuelle est la marque de vos imprimantes ?\n\nMerci",
];
/// Two questions in one mail.
pub const SEVERAL: &str = "Bonjour,\n\nNotre municipalité est-elle visée par la suspension ?\n\n\
Par ailleurs, jusqu’à quand la suspension s’appliquera-t-elle ?\n\nMerci";
/// Texts that ask nothing.
pub const NOTHING: [&str; 2] = [
    "Bonjour,\n\nMerci beaucoup, c’est très clair.\n\nBonne journée",
    "Merci beaucoup !\n\nBonne fin de journée",
];
/// What was owed.
pub const COMPLEMENT: &str = "Bonjour,\n\nVoici le nom du projet : Boréal.\n\nBonne journée";
pub const ACCESS: &str = "Bonjour,\n\nVeuillez considérer la présente comme une demande d’accès à des documents : \
je désire obtenir copie de tous les courriels échangés sur la suspension.\n\nSylvie Hamel";
pub const NOTICE: &str = "Bonjour,\n\nLa présente vous avise de notre projet Boréal, conformément à la démarche \
structurée. Vous trouverez ci-joint la fiche du projet.\n\nCordialement";

/// For how long a thread stays in somebody's hand: a day of office hours.
pub const CLAIM: i64 = 8 * 3600;

/// A mark that stands in every opinion and nowhere else.
pub const OPINION: &str = "AVIS-RÉSERVÉ";
pub const COLLEAGUES: &str = "juridique.ministere.example";
pub const OFFICE: &str = "acces@bureau.example";

/// A question, as the report must give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub received: i64,
    pub claimed: Option<i64>,
    pub answered: Option<(Channel, i64)>,
    pub paused: i64,
    pub wall: Option<i64>,
    pub business: Option<i64>,
}

/// What must have come of a matter.
#[derive(Debug)]
pub struct Truth {
    pub matter: Matter,
    pub kind: Kind,
    pub state: State,
    pub asked: Vec<Asked>,
    /// To whom each letter went, and which mail it answers.
    pub letters: Vec<(String, Option<String>)>,
    /// The project, when it came, when the acknowledgement left.
    pub deposit: Option<(String, i64, i64)>,
    pub opinions: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sure,
    Several,
    OffFaq,
    Opinion,
    Holding,
    Outside,
    Misjudged,
    Thanks,
    Deposit,
    Access,
    Absence,
    AbsentAsker,
    Bounce,
    FollowUp,
    Twice,
    Voided,
    Merged,
    WaitsForMail,
    WaitsInVain,
    Call,
    Correction,
    Transfer,
    OutOfHand,
    OnLeave,
    Closed,
    Open,
    First,
    CameEarlier,
}

/// How many matters of each kind a month has.
pub const MONTH: [(Kind, usize); 28] = [
    (Kind::Sure, 250),
    (Kind::Several, 50),
    (Kind::OffFaq, 50),
    (Kind::Opinion, 90),
    (Kind::Holding, 70),
    (Kind::Outside, 90),
    (Kind::Misjudged, 15),
    (Kind::Thanks, 70),
    (Kind::Deposit, 60),
    (Kind::Access, 30),
    (Kind::Absence, 40),
    (Kind::AbsentAsker, 30),
    (Kind::Bounce, 20),
    (Kind::FollowUp, 60),
    (Kind::Twice, 40),
    (Kind::Voided, 20),
    (Kind::Merged, 20),
    (Kind::WaitsForMail, 40),
    (Kind::WaitsInVain, 20),
    (Kind::Call, 30),
    (Kind::Correction, 30),
    (Kind::Transfer, 25),
    (Kind::OutOfHand, 40),
    (Kind::OnLeave, 20),
    (Kind::Closed, 20),
    (Kind::Open, 30),
    (Kind::First, 20),
    (Kind::CameEarlier, 15),
];
