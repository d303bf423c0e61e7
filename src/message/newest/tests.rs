//! Cases of one line of thought each; whole mails are golden files.

use super::*;

fn under(subject: &str, text: &str) -> Newest {
    newest(subject, text, &Banners::default())
}

fn plain(text: &str) -> Newest {
    under("", text)
}

fn reasons(found: &Newest) -> Vec<CutReason> {
    found.cut.iter().map(|cut| cut.reason).collect()
}

#[test]
fn outlook_headers_in_every_spelling() {
    for header in [
        "De : Roy, Julie\nEnvoyé : 25 mars 2025 10:06\nÀ : Boîte\nObjet : Question",
        "De\u{a0}: Roy, Julie\nEnvoyé\u{a0}: 25 mars 2025 10:06\nÀ\u{a0}: Boîte\nCc\u{a0}: Autre\nObjet\u{a0}: Question",
        "De\u{202f}: Roy\nDate\u{202f}: mardi\nÀ\u{202f}: Boîte\nObjet\u{202f}: Question",
        "De: Roy\nEnvoyé: mardi\nÀ: Boîte\nObjet: Question",
        "*De :* Roy\n*Envoyé :* mardi\n*À :* Boîte\n*Objet :* Question",
        "**De :** Roy\n**Date :** mardi\n**À :** Boîte\n**Objet :** Question",
        "From: Roy\nSent: Tuesday\nTo: Box\nSubject: Question",
        "________________________________\nDe : Roy\nEnvoyé : mardi\nÀ : Boîte\nObjet : Question",
        "-----Message d'origine-----\nDe : Roy\nEnvoyé : mardi\nÀ : Boîte\nObjet : Question",
        "-----Message d’origine-----\nDe : Roy [mailto:roy@x.example]",
        "-----Original Message-----\nFrom: Roy\nSent: Tuesday\nTo: Box\nSubject: Question",
        "De : Roy\n\nEnvoyé : mardi\n\nÀ : Boîte; Encore\n  Une\n  Autre\n\nObjet : Question",
        "De : Roy Envoyé : mardi 25 mars 2025 À : Boîte Objet : Question",
        "Le 25 mars 2025 à 10:06, Julie Roy <j@x.example> a écrit :",
        "Le mar. 25 mars 2025 à 10 h 06, Julie Roy\n<j@x.example> a\nécrit\u{a0}:",
        "Le 25/03/2025 à 10:06, Julie Roy a écrit\u{202f}:",
        "On Tue, Mar 25, 2025 at 10:06 AM Julie Roy <j@x.example>\nwrote:",
        "Julie Roy <j@x.example> a écrit le 25 mars 2025 à 10:06 :",
    ] {
        let text = format!("Voici ma nouvelle question ici.\n\n{header}\n\nAncienne question posée avant.\n");
        let found = plain(&text);
        assert_eq!(found.text, "Voici ma nouvelle question ici.", "{header}");
        assert_eq!(reasons(&found), [CutReason::Quote], "{header}");
    }
}

#[test]
fn sentences_are_no_attributions() {
    for text in [
        "Le ministère a écrit :\nnous devons arrêter le projet.",
        "Le directeur nous demande ceci :\nfaut-il arrêter ?",
        "De : il y en a trois.\nRien d’autre à dire ici.",
        "Objet : demande de précision\n\nBonjour, est-ce que Copilot est visé ?",
        "Le 18 mars 2025, le ministère a écrit :\nIl faut arrêter.\nEst-ce que cela nous vise ?",
        "On the other hand, the minister wrote:\nstop everything now.",
    ] {
        assert_eq!(plain(text).text, text);
    }
}

#[test]
fn answers_between_quotes_are_new() {
    let text = "Bonjour,\n\nLe 25 mars 2025 à 10:06, A <a@x.example> a écrit :\n> Combien de projets ?\n\nTrois projets en tout.\n\n> Lesquels ?\n\nCopilot et deux autres.\n";
    let found = plain(text);
    assert_eq!(found.text, "Bonjour,\n\nTrois projets en tout.\n\nCopilot et deux autres.");
    assert_eq!(reasons(&found), [CutReason::Quote, CutReason::Quote]);
}

#[test]
fn quotes_wrapped_anew_stay_quotes() {
    let text = "Voici ma question suivante.\n\n> Nous vous invitons à consulter votre dirigeant de l'information, qui\npourra présenter une demande.\n> Merci.\n\nJ’ai répondu ici.";
    assert_eq!(plain(text).text, "Voici ma question suivante.\n\nJ’ai répondu ici.");
    let groupwise =
        "Une nouvelle question ici.\n\n>>> Julie Roy <j@x.example> 2025-03-24 15:00 >>>\nAncien texte.";
    assert_eq!(plain(groupwise).text, "Une nouvelle question ici.");
}

#[test]
fn signatures() {
    for signature in [
        "-- \nJulie Roy\n418 555-0100",
        "--\nJulie Roy",
        "Cordialement,\n\nJulie Roy, ing.\nConseillère en architecture\nCégep de la Rive-Neuve\n1, rue du Quai, Rive-Neuve (Québec) G1R 5M8\nTél. : 418 555-0100, poste 1234",
        "Merci et bonne journée !\n\nJulie",
        "Merci,\nJulie Roy",
        "Merci,\nJulie Roy\nCIUSSS du C?ur-des-Îles",
        "Merci pour votre temps!\n\nCordialement\n\nJulie Roy",
        "Je vous prie d’agréer, Madame, Monsieur, mes salutations distinguées.\n\nJulie Roy",
        "Best regards,\n\nJulie Roy\nAdvisor",
        "Envoyé de mon iPhone",
        "Télécharger Outlook pour iOS<https://aka.ms/o0ukef>",
        "Sent from my iPad",
        "Julie Roy\nConseillère pédagogique\nTél. : 418 555-0100 poste 12\njulie@x.example",
    ] {
        let text = format!("Bonjour,\n\nEst-ce que Copilot est visé par la suspension ?\n\n{signature}\n");
        let found = plain(&text);
        assert_eq!(found.text, "Bonjour,\n\nEst-ce que Copilot est visé par la suspension ?", "{signature}");
        assert_eq!(reasons(&found), [CutReason::Signature], "{signature}");
    }
}

#[test]
fn a_closing_word_in_the_text_closes_nothing() {
    for text in [
        "Bonjour,\n\nMerci de me faire parvenir le gabarit de la démarche structurée.",
        "Merci pour votre réponse\nNous avons trois projets\nLe premier vise les notes de cours",
        "Merci !\n\nJ’ai une autre question : est-ce que Copilot Chat est visé ?",
        "Bonjour,\n\nVoici les outils :\n- Copilot\n- Gemini\n- ChatGPT",
    ] {
        assert_eq!(plain(text).text, text);
    }
}

#[test]
fn banners_whole_and_in_two() {
    let whole = "*ATTENTION : Ce courriel provient de l’extérieur de votre organisation. Ne cliquez pas sur les liens et n’ouvrez pas les pièces jointes à moins de reconnaître l’expéditeur.*";
    let wrapped = "CAUTION: This email originated from outside of the organization. Do not\nclick links or open attachments unless you recognize the sender and know the\ncontent is safe.";
    for banner in [
        whole,
        wrapped,
        "[EXTERNE]",
        "*ATTENTION : Ce courriel provient de l’extérieur de votre organisation.",
    ] {
        let found = plain(&format!("{banner}\n\nBonjour, est-ce que Copilot est visé ?"));
        assert_eq!(found.text, "Bonjour, est-ce que Copilot est visé ?", "{banner}");
        assert_eq!(reasons(&found), [CutReason::Banner], "{banner}");
        // In the middle.
        let found = plain(&format!("Bonjour à vous tous ici.\n\n{banner}\n\nEst-ce que Copilot est visé ?"));
        assert_eq!(found.text, "Bonjour à vous tous ici.\n\nEst-ce que Copilot est visé ?", "{banner}");
    }
    let found = plain(
        "*ATTENTION : Ce courriel provient de l’extérieur de votre organisation.\nBonjour,\nAvez-vous un gabarit à nous remettre ?\n\nMerci,\n\nJulie Roy\nTél. : 418 555-0100\nÉvitez de cliquer sur les liens ou d’ouvrir les pièces jointes si vous ne connaissez pas l’expéditeur.*",
    );
    assert_eq!(found.text, "Bonjour,\nAvez-vous un gabarit à nous remettre ?");
    assert_eq!(reasons(&found), [CutReason::Banner, CutReason::Signature, CutReason::Banner]);
}

#[test]
fn banners_of_ones_own_gateway() {
    let own = Banners::new(["Message acheminé par la  passerelle"]);
    let text = "*** MESSAGE ACHEMINE PAR LA PASSERELLE du ministère ***\n\nEst-ce que Copilot est visé ?";
    let found = newest("", text, &own);
    assert_eq!(found.text, "Est-ce que Copilot est visé ?");
    assert_eq!(reasons(&found), [CutReason::Banner]);
    assert_eq!(plain(text).text, text);
}

#[test]
fn questions_about_links_are_no_banners() {
    let text = "Bonjour,\n\nPeut-on ouvrir les pièces jointes et cliquer sur les liens que Copilot propose ?";
    assert_eq!(plain(text).text, text);
}

#[test]
fn footers() {
    for footer in [
        "AVIS DE CONFIDENTIALITÉ : Ce courriel est confidentiel.",
        "Ce courriel et ses pièces jointes sont confidentiels et réservés au seul destinataire. Si vous l’avez reçu par erreur, veuillez le détruire.",
        "This e-mail and any attachments are confidential and intended solely for the addressee. If you received it in error, please delete it.",
        "Pensez à l’environnement avant d’imprimer ce message.",
        "Ce message peut contenir des renseignements confidentiels au sens de la Loi sur l’accès.",
    ] {
        let found = plain(&format!("Est-ce que Copilot est visé ?\n\nCordialement,\nJulie Roy\n\n{footer}"));
        assert_eq!(found.text, "Est-ce que Copilot est visé ?", "{footer}");
        assert_eq!(reasons(&found), [CutReason::Signature, CutReason::Footer], "{footer}");
    }
    let glued = plain(
        "Nous aimerions recevoir le gabarit.\nJulie\nCe courriel est confidentiel et réservé à son destinataire seulement, merci de le détruire.",
    );
    assert_eq!(glued.text, "Nous aimerions recevoir le gabarit.\nJulie");
    let question = "Ce courriel porte sur un point : les renseignements confidentiels d’un destinataire peuvent-ils être versés par erreur dans Copilot ?";
    assert_eq!(plain(question).text, question);
}

#[test]
fn bare_forwards_keep_the_question() {
    let inner = "Bonjour,\n\nEst-ce que Copilot est visé ?";
    for (subject, above, header) in [
        ("TR : Copilot", "", "De : A <a@x.example>\nEnvoyé : mardi\nÀ : B\nObjet : Copilot"),
        ("Copilot", "", "De : A\nEnvoyé : mardi\nÀ : B\nObjet : Copilot"),
        (
            "Fwd: Copilot",
            "FYI\n\n",
            "---------- Forwarded message ---------\nDe : A <a@x.example>\nDate: mar. 25 mars 2025\nSubject: Copilot\nTo: B <b@x.example>",
        ),
        (
            "TR: Copilot",
            "Bonjour, je vous transmets la question d’une collègue.\n\n",
            "De : A\nEnvoyé : mardi\nÀ : B\nObjet : Copilot",
        ),
        (
            "Fwd: Copilot",
            "",
            "---------- Message transféré ---------\nDe : A\nDate : mardi\nObjet : Copilot\nÀ : B",
        ),
        (
            "Fwd: Copilot",
            "",
            "Début du message transféré :\n\nDe: A <a@x.example>\nObjet: Copilot\nDate: 25 mars 2025\nÀ: B",
        ),
        (
            "Fwd: x",
            "",
            "-------- Message transféré --------\nSujet : \tx\nDate : \tTue\nDe : \tA\nPour : \tB",
        ),
        ("FW: x", "", "From: A\nSent: Tuesday\nTo: B\nSubject: x"),
    ] {
        let text = format!("{above}{header}\n\n{inner}\n\nCordialement,\n\nA\n");
        let found = under(subject, &text);
        assert!(found.forwarded, "{text}");
        assert_eq!(found.text, format!("{above}{inner}"), "{text}");
        assert!(
            found
                .cut
                .iter()
                .any(|cut| cut.reason == CutReason::Quote && cut.text.contains(": A")
                    || cut.text.contains("\tA")),
            "{text}"
        );
    }
    let apple = "Begin forwarded message:\n\n> From: A <a@x.example>\n> Subject: x\n> Date: March 25, 2025\n> To: B\n> \n> Bonjour,\n> \n> Est-ce que Copilot est visé ?\n";
    assert_eq!(plain(apple).text, "Bonjour,\n\nEst-ce que Copilot est visé ?");
}

#[test]
fn a_forward_with_its_own_question_is_that_question() {
    let text = "Bonjour, voir plus bas. Est-ce que cela nous vise aussi ?\n\nDe : A\nEnvoyé : mardi\nÀ : B\nObjet : x\n\nTexte d’avant, assez long.";
    let found = under("TR: x", text);
    assert_eq!(found.text, "Bonjour, voir plus bas. Est-ce que cela nous vise aussi ?");
    assert!(!found.forwarded);
}

#[test]
fn short_answers() {
    let quote =
        "De : Boîte\nEnvoyé : mardi\nÀ : A\nObjet : RE: x\n\nVoici la réponse complète à la question.";
    for short in ["Merci !", "Oui.", "Parfait, merci", "Merci beaucoup\n\nJulie"] {
        let found = under("RE: x", &format!("{short}\n\n{quote}"));
        assert!(found.text.starts_with(short.split('\n').next().unwrap()), "{short}: {found:?}");
        assert!(!found.text.contains("Voici la réponse"), "{short}: {found:?}");
        assert!(!found.forwarded);
    }
    let found = plain(
        "Merci,\n\nCordialement,\nJulie Roy\n\nLe 24 mars 2025 à 10:06, A <a@x.example> a écrit :\n> x",
    );
    assert_eq!(found.text, "Merci,");
    // Without a quote everything counts.
    assert_eq!(plain("Copilot?\n\nCordialement,\nJulie Roy").text, "Copilot?\n\nCordialement,\nJulie Roy");
    assert_eq!(plain("> seulement\n> une citation").text, "> seulement\n> une citation");
    assert_eq!(plain("").text, "");
    assert_eq!(plain(" \n\n\t").text, "");
}

#[test]
fn answers_between_quoted_lines_are_new() {
    let text = "Bonjour,\n\nLe 25 mars 2025 à 10:00, Marie <m@m.example> a écrit :\n> Le projet est-il public ?\n\n\
                Oui. Jusqu’à quand ?\n\n> Le nom de l’organisme ?\n\nCégep Boréal.\n\n> Cordialement,\n> Marie\n";
    let found = plain(text);
    assert_eq!(found.text, "Bonjour,\n\nOui. Jusqu’à quand ?\n\nCégep Boréal.");
    assert!(found.cut.iter().any(|cut| cut.text.contains("Le nom de l’organisme")), "what was cut is kept");
}

#[test]
fn hostile_text_is_cheap() {
    let header = "De : A\nEnvoyé : B\n";
    for piece in [
        ">",
        ">\n",
        "Le ",
        "Le \n",
        "\n",
        "Le 3 mai 2025\n",
        "De :\n",
        header,
        "-",
        "--\n",
        "merci\n",
        "[EXTERNE]\n",
        "cliquez pas sur les liens\n",
        "a\n\n",
        "ce courriel confidentiel\n",
    ] {
        let text = piece.repeat(1_000_000 / piece.len());
        let began = std::time::Instant::now();
        let found = plain(&text);
        let took = began.elapsed();
        println!("{piece:?}: {took:?}");
        assert!(took.as_secs() < 20, "{piece:?}: {took:?}");
        drop(found);
    }
}
