//! The exchange of 25 March 2025, rebuilt with invented names: asked at 10:06, answered from Outlook
//! at 16:17.

use crate::desk::{Desk, mail};

#[test]
fn it_took_six_hours_and_eleven_minutes() {
    let mut desk = Desk::new();
    let folder = desk.path("past");
    std::fs::create_dir(&folder).unwrap();
    let question = mail(
        "ds-7@cegep-rive.example",
        "Camille Lavoie <c.lavoie@cegep-rive.example>",
        "encadrement.ia@ministere.example",
        "Suspension de l’utilisation des assistants virtuels – Foire aux questions",
        "Received: from mx.cegep-rive.example by mx.ministere.example; Tue, 25 Mar 2025 10:06:00 -0400\n",
        "*ATTENTION : Ce courriel provient de l’extérieur de votre organisation. Ne cliquez pas.*\n\n\
         Bonjour,\n\nExiste-t-il un document ou un gabarit sur la démarche structurée, avec les questions à poser à \
         nos clients pour la documenter ?\n\nMerci,\n\nCamille Lavoie\nConseillère\n450 555-0142, poste 12",
    );
    let answer = mail(
        "o-9@ministere.example",
        "encadrement.ia@ministere.example",
        "c.lavoie@cegep-rive.example",
        "RE: Suspension de l’utilisation des assistants virtuels – Foire aux questions",
        "In-Reply-To: <ds-7@cegep-rive.example>\n\
         Received: from pc.ministere.example by mx.ministere.example; Tue, 25 Mar 2025 16:17:00 -0400\n",
        "Bonjour,\n\nVoici ce que l’on entend par une démarche structurée.",
    );
    // Received stands on top in real mail.
    let on_top = |raw: &str| {
        let line = raw.lines().find(|line| line.starts_with("Received:")).unwrap().to_owned();
        format!("{line}\n{}", raw.replace(&format!("{line}\n"), ""))
    };
    std::fs::write(folder.join("1.eml"), on_top(&question)).unwrap();
    std::fs::write(folder.join("2.eml"), on_top(&answer)).unwrap();
    desk.ok(&["import", folder.to_str().unwrap()]);
    let times = desk.json(&["report", "response-times", "--format", "json"]);
    assert_eq!(times.len(), 1, "{times:?}");
    assert_eq!(times[0]["entry"], "demarche-structuree");
    assert_eq!(times[0]["answered"], "outside");
    assert_eq!(times[0]["wall_seconds"], 6 * 3600 + 11 * 60);
    assert_eq!(times[0]["business_seconds"], 6 * 3600 + 11 * 60);
    assert!(desk.ok(&["report", "response-times"]).contains("6\u{a0}h\u{a0}11\u{a0}min"));
    assert_eq!(desk.threads()[0]["state"], "answered");
    // A second import of the same mail changes nothing.
    desk.ok(&["import", folder.to_str().unwrap()]);
    assert_eq!(desk.json(&["report", "response-times", "--format", "json"]), times);
    desk.deliver("");
}
