# The desk: states, levels, events, refusals.
state-new = nouveau
state-to-review = à réviser
state-to-sign = à viser
state-approved = approuvé
state-sending = envoi en cours
state-answered = répondu
state-set-aside = mis de côté
state-for-information = à prendre connaissance
state-awaiting-asker = en attente du demandeur
state-uncertain = envoi incertain
state-failed = envoi refusé
state-transferred = transféré
state-closed = fermé

level-sure = sûr
level-unsure = à choisir
level-none = hors FAQ

kind-question = question
kind-no-question = sans question
kind-automatic = automatique

event-Received = Message reçu
event-SetAside = Mis de côté
event-Noted = À prendre connaissance
event-Classified = Classé
event-DraftPrepared = Brouillon préparé
event-Claimed = Pris en charge
event-Released = Libéré
event-DraftEdited = Brouillon modifié
event-Reclassified = Reclassé
event-NoteAdded = Note
event-Approved = Approuvé
event-ApprovalVoided = Approbation annulée
event-Withdrawn = Approbation reprise
event-ClosedWithoutReply = Fermé sans réponse
event-SendAttempted = Envoi tenté
event-Sent = Lettre remise au serveur
event-SendDeferred = Envoi reporté
event-SendFailed = Envoi refusé
event-SendUncertain = Envoi incertain
event-UncertainSettled = Envoi incertain réglé
event-CopyFiled = Copie vue dans les éléments envoyés
event-AnsweredOutside = Répondu hors de l’outil
event-SentSeen = Message envoyé hors de l’outil
event-AnswerFound = Réponse retrouvée dans les éléments envoyés
event-Bounced = Lettre retournée par le serveur du destinataire
event-LinkProposed = Lien proposé avec un autre fil
event-LinkConfirmed = Lien confirmé
event-LinkRefused = Lien refusé
event-Merged = Autre fil réuni à celui-ci
event-MergedInto = Réuni à un autre fil
event-Reopened = Rouvert
event-Purged = Contenu détruit

reason-bounce = avis de non-remise
reason-auto-reply = réponse automatique
reason-generated = message produit par une machine
reason-list = liste de diffusion ou envoi en nombre
reason-calendar = invitation ou réponse d’agenda
reason-receipt = accusé de lecture ou de réception
reason-own-address = le message dit venir de notre propre adresse
reason-unparsable = message illisible; ouvrez-le dans votre logiciel de courriel
reason-too-large = message trop volumineux; ouvrez-le dans votre logiciel de courriel
reason-not-converted = le serveur n’a pas pu remettre ce message; ouvrez-le dans Outlook
reason-too-many = cet expéditeur écrit très souvent; c’est peut-être un programme. Rouvrez le fil s’il faut répondre
reason-only-cc = nous ne sommes qu’en copie
reason-no-question = le message ne demande rien
reason-bounced = la lettre a été retournée; vérifiez l’adresse

cut-quote = texte cité
cut-signature = signature
cut-footer = avis juridique
cut-banner = bandeau de courriel externe

defect-no-message-id = sans identifiant; un identifiant a été fabriqué
defect-untrusted-from = expéditeur absent ou douteux
defect-repeated-header = en-tête répété
defect-charset-repaired = caractères réparés
defect-bad-date = date absente ou impossible
defect-too-much = au-delà des limites; une partie n’est pas lue
defect-tnef = contenu dans un winmail.dat, illisible ici
defect-encrypted = message chiffré, illisible ici
defect-not-converted = le serveur n’a pas pu convertir le message
defect-too-large = trop volumineux; seul le début a été lu
defect-unparsable = illisible

field-to = À
field-cc = Cc

refusal-no-name = Dites qui décide : --as NOM.
refusal-no-thread = Le fil { $id } n’existe pas.
refusal-stale = Le fil a changé depuis : vous avez vu la version { $seen }, il en est à la version { $now } ({ $what }, par { $by }, { $at }). Relisez-le, puis décidez.
refusal-claimed = { $by } a pris ce fil en charge ({ $at }). Voyez avec cette personne, ou attendez qu’elle le libère.
refusal-seen-missing = Pour approuver, donnez la version que vous avez lue : --seen VERSION.
refusal-not-waiting = Ce fil n’attend pas d’approbation : il est « { $state } ».
refusal-no-draft = Ce fil n’a pas de brouillon.
refusal-not-chosen = Le classement n’est pas sûr : choisissez l’entrée (reclassify) ou écrivez le texte (edit) avant d’approuver.
refusal-nothing-written = La FAQ ne répond pas à cette question : choisissez une entrée (reclassify) ou écrivez le texte (edit) avant d’approuver.
refusal-open-fields = Des champs restent à remplir : { $fields }.
refusal-sample = Le brouillon contient un texte d’exemple que personne n’a approuvé. Inscrivez « approved_by » et « approved_on » dans l’entrée, ou permettez les exemples dans la configuration.
refusal-superseded = L’entrée « { $entry } » n’est plus en vigueur. Si c’est voulu, ajoutez --despite-superseded { $entry }.
refusal-unconfirmed = Le destinataire { $address } est inhabituel. Si c’est voulu, ajoutez --confirm-recipient { $address }.
refusal-not-sealable = La lettre ne peut pas être faite : { $why }.
refusal-no-entry = L’entrée « { $entry } » n’existe pas. Entrées connues : { $known }.
refusal-no-link = Aucun lien avec le fil { $other } n’est proposé.
refusal-letter-under-way = Une lettre d’un de ces fils est en cours d’envoi. Réessayez quand son sort est connu.
refusal-empty = Le texte est vide.
refusal-too-long = Le texte est trop long (au plus { $most } caractères).
refusal-wrong-turn = Ce n’est pas possible maintenant : le fil est « { $state } » ({ $what }).

api-not-understood = La demande n’a pas été comprise : { $error }

not-sealable-other-draft = le brouillon a changé depuis; relisez-le
not-sealable-no-recipient = il n’y a pas de destinataire
not-sealable-open-fields = des champs restent à remplir
not-sealable-no-text = il n’y a pas de texte
not-sealable-address = une adresse ne peut pas recevoir de lettre
not-sealable-attachment = une pièce jointe n’est plus celle qui a été montrée
not-sealable-date = la date est impossible
not-sealable-unsound = le message ne serait pas conforme; prévenez l’exploitant

recipient-asker-reply-to = adresse de réponse du demandeur
recipient-asker-from = demandeur
recipient-in-to-of-question = destinataire de la question
recipient-in-cc-of-question = en copie de la question
unusual-other-domain = autre domaine que celui du demandeur
unusual-shared-domain = domaine partagé par des inconnus
unusual-doubtful-sender = l’expéditeur du message est douteux
unusual-new-to-thread = nouveau dans ce fil

