# The command line.
cli = greffier : lit la boîte partagée, prépare les réponses, n’envoie que ce qu’une personne a approuvé.
cli-usage = Utilisation :
cli-options = Options
cli-arguments = Arguments
cli-commands = Commandes
cli-command = COMMANDE
cli-demo = Tout le produit sur des courriels d’exemple, dans un dossier à part
cli-run = Le service : lit la boîte, prépare les brouillons, envoie ce qui est approuvé
cli-check = Vérifie chaque partie : configuration, textes, boîte, envoi
cli-status = L’état du service en une ligne
cli-init = Écrit une configuration commentée et les dossiers de départ
cli-import = Reprend des courriels du passé (Maildir, mbox ou dossier de fichiers .eml)
cli-classify = Classe des messages et dit pourquoi
cli-evaluate = Mesure le classement sur un corpus étiqueté
cli-replies = Les textes approuvés
cli-replies-list = Une ligne par entrée
cli-replies-check = Vérifie tous les fichiers
cli-replies-show = Montre une entrée telle qu’elle sera écrite
cli-threads = Une ligne par fil
cli-show = Montre un fil en entier
cli-claim = Prend un fil en charge
cli-release = Libère un fil
cli-edit = Remplace le texte du brouillon
cli-adjust = Change la lettre hors de son texte : copies, pièces jointes, champs à remplir
cli-reclassify = Choisit d’autres entrées
cli-approve = Approuve la lettre telle qu’elle a été montrée
cli-withdraw = Reprend une approbation pendant son délai
cli-close = Ferme un fil sans réponse
cli-settle = Dit ce qu’est devenu un envoi incertain
cli-note = Laisse une note aux collègues
cli-link = Confirme ou refuse un lien proposé avec un autre fil
cli-reopen = Rouvre un fil
cli-report = Les délais de réponse
cli-report-response-times = Une ligne par question
cli-store = Le soin du dossier de données
cli-store-verify = Relit toute la chaîne des événements
cli-store-rebuild = Refait les vues et les index à partir du journal
cli-store-backup = Écrit une sauvegarde dans un nouveau dossier
cli-store-purge = Détruit pour de bon le contenu d’un fil; le journal garde la trace de la destruction
cli-arg-rule = La règle qui l’exige (calendrier de conservation…)
cli-arg-authority = Sous l’autorité de qui
cli-store-restore = Refait le dossier de données à partir d’une sauvegarde
cli-store-export = Écrit des fichiers .eml et des lignes JSON dans un nouveau dossier
cli-arg-config = Le fichier de configuration (sinon $GREFFIER_CONFIG, ./greffier.toml, /etc/greffier/greffier.toml)
cli-arg-help = Montre cette aide
cli-arg-version = Montre la version
cli-arg-dir = Le dossier de la démonstration (sinon demo-data)
cli-arg-port = Réservé à la console web
cli-arg-no-browser = N’ouvre pas de navigateur
cli-arg-once = Lit, prépare, envoie ce qui est dû, et s’arrête
cli-arg-json = Écrit du JSON, un objet par ligne
cli-arg-folder = Le dossier
cli-arg-path = Les fichiers ou dossiers
cli-arg-draft = Prépare aussi des brouillons
cli-arg-replies = Le dossier des textes (sinon celui de la configuration)
cli-arg-encoder = Le dossier de l’encodeur de phrases (sinon celui de la configuration, ou aucun)
cli-arg-state = Seulement les fils dans cet état
cli-arg-entry = L’entrée, avec sa variante s’il y a lieu (demarche-structuree.courriel)
cli-arg-language = La langue de l’entrée
cli-arg-id = Le numéro du fil
cli-arg-as = Votre nom; il reste au journal
cli-arg-seen = La version que vous avez lue
cli-arg-body-file = Le fichier qui contient le nouveau texte, en Markdown
cli-arg-entries = Les entrées, dans l’ordre de la lettre; « hors-faq » seul si aucune ne répond, « sans-question » si rien n’est demandé
cli-arg-confirm-recipient = Confirme un destinataire inhabituel (peut être répété)
cli-arg-remove = Retire une personne en copie
cli-arg-restore = Remet une personne qui a été retirée
cli-arg-attach = Joint un fichier
cli-arg-attach-approved = Joint un fichier de la bibliothèque
cli-arg-detach = Retire un fichier ajouté
cli-arg-fill = Remplit un champ (peut être répété)
cli-arg-english = Joint la version anglaise sous la lettre, pour l’une des raisons de la configuration
cli-arg-french-only = Retire la version anglaise
cli-arg-despite-superseded = Approuve malgré une entrée qui n’est plus en vigueur (peut être répété)
cli-arg-reason = La raison
cli-arg-outcome = sent : la lettre est partie; resend : elle n’est pas partie, renvoyez-la
cli-arg-text = Le texte
cli-arg-other = Le numéro de l’autre fil
cli-arg-refuse = Refuse le lien au lieu de le confirmer
cli-arg-from = Premier jour de réception
cli-arg-to = Dernier jour de réception
cli-arg-by = Regroupe les délais par entrée, genre d’organisme, organisme, jour, semaine, mois, heure d’arrivée ou personne
cli-arg-format = La forme : table, csv, xlsx ou json

mistake-command = « { $command } » : commande inconnue.
mistake-no-command = Il manque la commande : { $known }.
mistake-unknown = « { $arg } » : argument inconnu.
mistake-missing = Il manque : { $arg }.
mistake-no-value = « { $arg } » : il manque la valeur.
mistake-value-of = « { $arg } » : « { $value } » n’est pas permis. Valeurs permises : { $known }.
mistake-value = « { $arg } » : « { $value } » n’est pas une valeur permise.
mistake-twice = « { $arg } » ne va pas avec un autre argument donné.
mistake-other = La ligne de commande n’est pas comprise.
mistake-near = Vouliez-vous dire « { $near } » ?
mistake-help = Voyez « greffier --help ».

app-file = { $path } : { $error }
app-console-address = La console ne peut pas écouter à { $address } ({ $error }). Changez « listen » dans la section [console].
app-console-tls = Le certificat de la console ne sert pas : { $file } ({ $why }).
app-socket-ended = Le service s’est arrêté avant de répondre; la décision peut avoir été prise. Relisez le fil avant de décider de nouveau.
app-socket = Le service de { $dir } ne répond pas ({ $error }). Regardez son journal.

threads-none = Aucun fil.
decided = Fil { $id } : { $state } (version { $version }).
show-head = Fil { $id } · { $state } · version { $version } · { $level }
show-organisation = Organisme : { $organisation }
show-subject = Objet : { $subject }
show-entries = Entrées : { $entries }
show-claimed = Pris en charge par { $by }
show-reason = Raison : { $reason }
show-server-said = Le serveur a dit : { $said }
show-due = Départ prévu : { $due }
show-link = Lien possible avec le fil { $other } : « greffier link { $id } { $other } --as NOM » (ou --refuse)
show-received = ── Reçu le { $at }, de { $from }
show-sent = ── Envoyé le { $at }, par { $from }
show-cut = [ { $reason } : { $lines } lignes de côté ]
show-attachment = [ pièce jointe : { $name }, { $bytes } octets ]
show-defect = [ { $defect } ]
show-draft = ── Brouillon
show-recipient = { $field } : { $address } ({ $reason })
show-recipient-unusual = { $field } : { $address } ({ $reason }) — À CONFIRMER : { $unusual }
show-draft-subject = Objet : { $subject }
show-sample = [ texte d’exemple, approuvé par personne ]
show-open-field = [ à remplir : { $field } ]
show-history = ── Historique
show-event = { $at } · { $event } · { $actor }
show-next = Pour approuver : greffier approve { $id } --seen { $version } --as NOM

status-running = greffier { $version } : en service · dernière lecture de la boîte : { $reading } · { $events } événements{ $states }
status-stopped = greffier { $version } : arrêté · dernière lecture de la boîte : { $reading } · { $events } événements{ $states }
status-mailbox-lost = BOÎTE HORS D’ATTEINTE depuis le { $since } ({ $class }) : rien ne part; voyez « greffier check »
status-never = jamais

check-config = Configuration
check-data = Données
check-organisations = Organismes
check-calendar = Calendrier
check-calendar-soon = { $path } — le calendrier confirmé finit le { $day } : confirmez l’année suivante, sinon les chiffres des délais seront refusés
check-calendar-unconfirmed = { $path } — personne n’a confirmé les jours fériés de { $year } : comparez-les avec le calendrier publié et mettez « confirmed = true »; d’ici là, les chiffres des délais sont refusés, sauf provisoires
check-replies = Textes
check-mailbox = Boîte
check-encoder = Encodeur de phrases
check-encoder-without-floors = { $dir }; SANS seuils mesurés, rien ne sera « sûr » : greffier evaluate --floors --encoder { $dir } > floors-encoder.toml
check-console = Console
check-outbox = Envoi
check-good = { $part } : bon ({ $found })
check-bad = { $part } : À CORRIGER — { $problem }
check-failed = Au moins une partie est à corriger.
check-replies-found =
    { $count ->
        [one] { $count } texte
       *[other] { $count } textes
    }, dont { $samples } d’exemple que personne n’a approuvés
check-mailbox-found = { $place }, dossiers : { $folders }
check-mailbox-without-sent = { $place }, dossiers : { $folders }; AUCUN dossier d’éléments envoyés : les réponses faites à la main ne seront pas vues. Donnez « mailbox.sent ».

init-done = Configuration écrite : { $config }. Remplissez-la, puis « greffier check --config { $config } ».
import-done = { $found } messages repris, { $unreadable } illisibles.
demo-name = Camille Roy
demo-ready =
    La démonstration est prête. Ouvrez { $url }
      Nom : { $name }
      Mot de passe : { $password }
    Ou, dans un autre terminal :
      { $program } threads --config { $config }
      { $program } show 2 --config { $config }
      { $program } approve 2 --seen VERSION --as "{ $name }" --config { $config }
    Les lettres envoyées vont dans { $dir }/outbox. Déposez un fichier .eml dans { $dir }/mail/new : son brouillon suit.
    Ctrl+C arrête tout; rien n’est perdu.

classify-line-nothing = { $file } : { $kind }
classify-line = { $file } : { $kind } · { $level } · { $entries } · premier : { $first }
evaluate-head = Mesures du classement :
evaluate-line = { $path }, ligne { $line } : ce n’est pas un message étiqueté.
replies-sound =
    { $count ->
        [one] { $count } entrée, bien formée
       *[other] { $count } entrées, toutes bien formées
    }.
replies-line = { $entry } · version { $version } · { $title } · { $approval }
replies-approved = approuvé par { $by } le { $on }
replies-sample = texte d’exemple
evaluate-floors = # Fait par « greffier evaluate --floors »; à ne pas modifier à la main.
cli-arg-floors = Mesure les seuils sur les formulations de la bibliothèque et les écrit : le contenu de floors.toml
explain-ask = { "  " }demande ({ $level }) : « { $ask } » → { $entry }
explain-unfamiliar = { "  " }rien ne nomme le sujet de la FAQ, et des mots lui sont étrangers : { $words }
explain-candidate = { "  " }candidate : { $entry }, confiance { $confidence }
explain-word = { "  " }pour { $entry } : « { $word } » ({ $weight }), comme dans « { $lesson } »
explain-likeness = { "  " }pour { $entry } : ressemble ({ $likeness }) à « { $lesson } »
explain-contrast = { "  " }{ $entry } plutôt que { $other } : { $words }
cli-arg-explain = Dit pourquoi : les mots qui ont pesé, les formulations rencontrées, la seconde entrée
examples-none = Aucun exemple n’a été appris des décisions.
examples-line = { $id } · { $label } · fil { $thread } · { $by }, { $at } · « { $text } »
examples-withdrawn = Exemple { $id } retiré : il ne compte plus dès le prochain message.
examples-adopt-how = Pour en garder un dans les fichiers : greffier examples adopt NUMÉRO --as NOM. Avec --wording, vous donnez votre propre formulation.
examples-adopted = Exemple { $id } ajouté à { $path }. Mesurez ensuite les seuils : greffier evaluate --floors.
cli-examples-review = Les exemples appris, sans ce qui désigne quelqu’un, prêts à entrer dans les fichiers
cli-examples-adopt = Ajoute un exemple aux fichiers de la bibliothèque
cli-arg-wording = La formulation à garder, au lieu de celle qui est proposée
gaps-none = Aucune question sans entrée n’est posée par trois organismes ou plus.
gaps-line = { $organisations } organismes, { $count } questions : { $words } · fils { $threads }
cli-gaps = Les questions que plusieurs organismes posent et auxquelles aucune entrée ne répond
cli-examples = Ce que les décisions ont appris au classement
cli-examples-list = Les exemples appris, avec leur numéro
cli-examples-withdraw = Retire un exemple; il ne compte plus dès le prochain message
replay-line = Fil { $thread }, question { $question } : { $before } → { $after } ({ $verdict })
replay-better = mieux
replay-worse = moins bien
replay-different = autrement
replay-sum =
    { $count ->
        [one] { $count } question relue
       *[other] { $count } questions relues
    }; { $changed } changeraient : { $better } en mieux, { $worse } en moins bien. Rien n’a été modifié.
cli-replay = Dit ce qu’une autre bibliothèque aurait fait du courriel passé, sans rien changer
cli-prepare = Prépare une autre lettre : message d’attente, accusé de réception, ou de nouveau la réponse
cli-correct = Prépare une lettre qui rectifie la dernière réponse envoyée
cli-transfer = Prépare la transmission à un autre service, le message d’origine joint
cli-discard = Abandonne une lettre qui n’est pas une réponse
cli-sign = Donne la seconde signature à la lettre approuvée
cli-wait = Attend un complément de la personne qui a écrit; le délai est suspendu
cli-resume = Reprend sans attendre; le délai court de nouveau
cli-opinion = Note qu’un avis a été demandé
cli-answered = Note une réponse donnée de vive voix
cli-outside = Dit si le dernier message envoyé hors de l’outil répond à la question
cli-received = Corrige le moment de réception d’une question
cli-record = Consigne une question reçue autrement que par courriel
cli-write = Écrit le premier, dans un nouveau fil
cli-deposits = Le registre des dépôts
cli-arg-letter = La lettre à préparer : réponse (answer), message d’attente (holding) ou accusé de réception (acknowledgement)
cli-arg-office = Le service, comme le nomme la section [transfer] de la configuration; sinon celui du signalement
cli-arg-colleague = L’adresse de la personne consultée
cli-arg-recipient = L’adresse du destinataire
cli-arg-medium = De quelle façon : téléphone (telephone), rencontre (meeting) ou autre (other)
cli-arg-at = Le moment, par exemple 2026-03-25T10:06
cli-arg-summary = Ce qui a été dit, en quelques mots
cli-arg-verdict = Il répond (answer), ou il fait seulement patienter (holding)
cli-arg-question = Le numéro de la question dans le fil
cli-arg-name = Le nom de la personne
cli-arg-email = Son adresse, si une réponse par courriel est souhaitée
cli-arg-subject = L’objet
deposit-line = fil { $thread } · { $organisation } · { $project } · { $at } · { $documents } · { $state }
deposit-open = sans accusé de réception
deposit-acknowledged = accusé de réception le { $at }
encoder-unreadable = Les poids de l’encodeur de phrases ne se lisent pas : { $path } ({ $why }). Lancez scripts/fetch-encoder, ou retirez « classify.encoder ».
encoder-foreign = { $path } ne contient pas les poids de l’encodeur de phrases (autre fichier, ou autre version). Lancez scripts/fetch-encoder, ou retirez « classify.encoder ».
encoder-broken = { $path } est endommagé : les poids de l’encodeur de phrases sont tronqués ou altérés. Lancez de nouveau scripts/fetch-encoder.
cli-user = Les personnes du bureau
cli-user-add = Ajoute une personne, ou la réactive
cli-user-list = Les personnes, avec leurs rôles et leurs absences
cli-user-disable = Désactive une personne : ce qu’elle avait en main revient au bureau, son nom reste dans l’historique
cli-user-password = Donne un nouveau mot de passe pour la console; les sessions ouvertes se terminent
cli-user-absent = Note une absence
cli-user-link = Relie un compte à la prochaine connexion de ce nom par le fournisseur d’identité
cli-user-sessions = Qui est connecté à la console, depuis quand, dans quel navigateur
cli-user-logout = Termine toutes les sessions d’une personne
cli-user-log = Le journal des accès : qui a ouvert, cherché, téléchargé ou exporté quoi
cli-arg-person = Seulement cette personne
cli-arg-thread = Seulement ce fil
cli-arg-until = Le dernier jour du compte; un compte de lecture (reader) en a toujours un
cli-arg-role = Son rôle; l’option peut être répétée
cli-arg-delegate = La personne proposée à sa place
cli-groups = Les fils qui attendent le même texte
cli-approve-group = Approuve plusieurs fils d’un seul geste, chacun avec sa propre lettre
cli-arg-seen-thread = Chaque fil avec la version vue, par exemple 12:3
groups-none = Aucun groupe : moins de trois fils attendent le même texte.
groups-head = { $count } fils · { $entries }
groups-member = { "  " }{ $id }:{ $version } · { $organisation } · « { $text } »
groups-refused = fil { $id } : { $line }
groups-some-refused = { $count ->
    [one] { $count } fil n’a pas été approuvé.
   *[other] { $count } fils n’ont pas été approuvés.
}
cli-arg-csv = En CSV, pour un tableur

cli-search = Cherche dans tout l’historique; des mots entre guillemets se suivent
cli-arg-words = Les mots; tous doivent y être
cli-arg-organisation = Seulement cet organisme : des mots de son nom, ou son domaine
cli-arg-kind = Seulement ce type d’organisme
cli-arg-found-entry = Seulement les fils que cette entrée concerne
cli-arg-found-by = Seulement les fils où cette personne a agi
cli-arg-found-from = Premier jour où un message est arrivé ou parti
cli-arg-found-to = Dernier jour où un message est arrivé ou parti
cli-arg-newest = Les plus récents d’abord
cli-arg-page = La page des résultats, vingt fils chacune
cli-arg-as-of = Ce qui aurait été montré à ce moment
cli-arg-provisional = Accepte des chiffres qui reposent sur des jours fériés que personne n’a confirmés
cli-arg-output = Le fichier à écrire
