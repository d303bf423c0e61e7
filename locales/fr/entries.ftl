# Approved texts that change: dates, versions, suspensions, who was told.
cli-entry = Suspend une entrée, la remet en service, montre ce qui vaut
cli-entry-suspend = Suspend une entrée : personne ne peut plus l’envoyer, dans aucune langue
cli-entry-resume = Remet en service une entrée suspendue
cli-entry-list = Une ligne par texte : ses dates, et qui l’a suspendu
cli-replies-told = Qui a reçu quelle version d’une entrée

entry-suspended = L’entrée « { $entry } » est suspendue. Ce qui attend est préparé de nouveau, et ce qui est approuvé sans être parti ne l’est plus.
entry-resumed = L’entrée « { $entry } » peut de nouveau être envoyée. Ce qui attend est préparé de nouveau.
entry-version = version { $version }
entry-in-force = en vigueur
entry-in-force-until = en vigueur jusqu’au { $day }, non compris
entry-not-yet = en vigueur à partir du { $day }
entry-superseded = plus en vigueur depuis le { $day }
entry-gone = absente des textes
entry-is-suspended = SUSPENDUE par { $by }, le { $at } : { $reason }

show-suspended = SUSPENDUE : « { $entry } », par { $by }, le { $at } : { $reason }. Rien ne peut en être envoyé; choisissez une autre entrée, écrivez le texte, ou attendez « greffier entry resume { $entry } ».
show-entry-changed = À RELIRE : « { $entry } » a changé depuis ce brouillon (version { $version }; version { $now } maintenant).
show-entry-gone = À RELIRE : « { $entry } » (version { $version }) n’est plus parmi les textes.
show-entry-superseded = À RELIRE : « { $entry } » (version { $version }) n’est plus en vigueur depuis le { $day }.
threads-suspended = suspendue : { $entries }

told-none = Aucune lettre partie d’ici ne contient l’entrée « { $entry } ».
told-line = Fil { $thread } · { $organisation } · { $recipients } · { $at } · { $entry }, version { $version } ({ $digest })
told-edited = texte modifié par une personne
told-rectified = rectifiée depuis

void-newer-mail = un nouveau message est arrivé
void-answered-outside = une réponse est partie hors de l’outil
void-merged = le fil a été réuni à un autre
void-replies-changed = un texte de la lettre a changé
void-broken-seal = la lettre scellée est perdue ou abîmée
void-reviewer-disabled = la personne qui l’avait approuvée ou signée n’a plus de compte
void-entry-suspended = une entrée de la lettre est suspendue
void-entry-superseded = une entrée de la lettre n’est plus en vigueur

event-EntrySuspended = Entrée suspendue
event-EntryResumed = Entrée remise en service

refusal-suspended = L’entrée « { $entry } » est suspendue par { $by } depuis le { $at } : { $reason }. Choisissez-en une autre (reclassify), écrivez le texte (edit), ou attendez « greffier entry resume { $entry } ».
refusal-not-suspended = L’entrée « { $entry } » n’est pas suspendue. Voyez « greffier entry list ».
refusal-not-yet-in-force = L’entrée « { $entry } » ne vaut qu’à partir du { $day }.
refusal-text-changed = Le texte de « { $entry } » a changé depuis ce brouillon. Le service prépare le brouillon de nouveau; relisez-le, puis décidez.
