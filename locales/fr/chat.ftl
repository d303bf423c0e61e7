# The commands of the chat: verbs, help, mistakes.
chat-verb-queue = ce qui attend une décision
chat-verb-show = montre un fil et son brouillon
chat-verb-explain = dit pourquoi ce brouillon a été proposé
chat-verb-claim = prend le fil en charge
chat-verb-release = rend le fil aux collègues
chat-verb-reclassify = choisit d’autres entrées, dans l’ordre de la lettre
chat-verb-edit = donne le lien pour modifier le brouillon dans la console
chat-verb-approve = approuve la lettre telle que la fiche la montre
chat-verb-reject = ferme le fil sans réponse
chat-verb-withdraw = reprend une approbation avant que la lettre parte
chat-verb-settle = dit ce qu’est devenu un envoi incertain : la lettre est partie, ou il faut la renvoyer
chat-verb-note = laisse une note aux collègues
chat-verb-status = l’état du service
chat-verb-times = les délais de réponse, en tout ou pour une période
chat-verb-help = cette aide, ou celle d’une commande
chat-verb-none = un message qui n’est pas une commande

chat-arg-number = N
chat-arg-code = CODE
chat-arg-entries = ENTRÉE…
chat-arg-reason = RAISON
chat-arg-text = TEXTE
chat-arg-span = PÉRIODE
chat-arg-verb = COMMANDE

chat-sample-reason = déjà répondu par téléphone
chat-sample-text = l’organisme rappellera lundi

chat-help-head = Voici ce que vous pouvez écrire. Les accents et les majuscules ne comptent pas.
chat-help-verb = { $usage } — { $what }
chat-help-called = Là où l’on parle aussi d’autre chose, commencez par « ! » ou par mon nom.
chat-help-more = Pour une seule commande : !{ $example }
chat-help-other = En anglais : { $usage }
chat-help-number = N est le numéro du fil. Sous la fiche d’un fil, vous pouvez l’omettre.
chat-help-code = CODE se lit sur la fiche. Il change avec la lettre, si bien qu’une ancienne fiche n’approuve rien.
chat-help-sign = Dans un salon protégé, une réaction ✅ sur la fiche fait de même. Elle n’approuve rien.
chat-help-words = Le texte peut continuer sur d’autres lignes. Il reste entre collègues et ne fait jamais partie d’une lettre.
chat-example = Par exemple : !{ $example }
chat-see-help = Pour voir les commandes : !{ $help }

chat-no-verb = Que puis-je faire pour vous ?
chat-unknown-verb = « { $word } » n’est pas une commande.
chat-missing-number = Il manque le numéro du fil.
chat-not-a-number = « { $word } » n’est pas le numéro d’un fil.
chat-missing-code = Il manque le code qui se lit sur la fiche.
chat-bad-code = « { $word } » n’est pas un code : il en faut un de six caractères, comme sur la fiche.
chat-missing-reason = Il manque la raison.
chat-missing-text = Il manque le texte de la note.
chat-missing-entry = Il manque l’entrée.
chat-bad-entry = « { $word } » ne peut pas être le nom d’une entrée.
chat-missing-settlement = Il manque ce qu’est devenue la lettre.
chat-unknown-settlement = « { $word } » ne dit pas ce qu’est devenue la lettre.
chat-unknown-span = « { $word } » n’est pas une période que je connais.
chat-too-many-words = La commande s’arrête avant « { $word } ».
chat-several-lines = Une commande tient sur une seule ligne. Seuls une note et une raison peuvent continuer.
chat-strange = Ce message contient un caractère invisible, ou qui ressemble à un autre ({ $code }). Je n’ai rien fait. Veuillez le retaper au clavier.
chat-other-thread = Cette fiche est celle du fil { $card }, et vous avez écrit { $given }. Je n’ai rien fait.
chat-too-long = Ce message est trop long (au plus { $count } caractères).

# Cards, lists and answers.
chat-card-number = № { $id }
chat-card-deposit = dépôt
chat-card-received = reçue le { $at }
chat-card-claimed = en main : { $name }
chat-card-approved = approuvé par { $name }
chat-card-outside = répondu hors de l’outil
chat-card-approve = Pour approuver : !approuver { $id } { $code }
chat-card-command = approuver { $id } { $code }
chat-card-chosen = choisi par une personne
chat-card-unusual = Un destinataire est inhabituel : cette lettre s’approuve dans la console.
chat-card-fields = Des champs restent à remplir : cette lettre se termine et s’approuve dans la console.
chat-card-choice = reclasser { $id } { $entry }
chat-card-button = Approuver
chat-card-long = Cette lettre est trop longue pour le clavardage. Elle se lit en entier et s’approuve dans la console.
chat-letter-to = À : { $people }
chat-letter-cc = Copie : { $people }
chat-letter-subject = Objet : { $subject }
chat-letter-files = Pièces jointes : { $files }
chat-cut = […] La suite se lit dans la console.
chat-card-merged = № { $id } · réuni au fil { $into }
chat-counted = { $count ->
    [one] { $count } autre question depuis le { $at }
   *[other] { $count } autres questions depuis le { $at }
  }. Pour les voir : !file
chat-counted-once = D’autres questions arrivent depuis le { $at }.
chat-encrypted = Ce salon est chiffré : je ne peux pas y lire vos messages. Invitez-moi dans un salon qui ne l’est pas. Je quitte celui-ci.
chat-missed = Il s’est dit ici plus que je n’ai pu lire. Veuillez redire ce qui est resté sans réponse.
chat-stranger = Bonjour. Je ne vous connais pas et je ne peux rien faire pour vous ici. La personne qui administre greffier peut vous ajouter.
chat-named = { $name } : { $value }
chat-morning = { $count ->
    [0] Bonjour. Aucun fil n’attend.
    [one] Bonjour. { $count } fil attend, le voici.
   *[other] Bonjour. { $count } fils attendent, le plus ancien d’abord.
  }
chat-morning-more = et { $count } de plus
chat-queue = { $count ->
    [0] Aucun fil n’attend.
    [one] { $count } fil attend.
   *[other] { $count } fils attendent.
  }
chat-alert-uncertain = Le fil { $id } : personne ne sait si sa lettre est partie. À régler.
chat-alert-failed = Le fil { $id } : la lettre n’a pas pu partir. La raison se lit dans la console.
chat-alert-mailbox = La boîte de courriel ne répond plus depuis le { $since }. Rien ne part entre-temps.
chat-alert-late = { $count ->
    [one] Le fil { $numbers } dépasse la cible et attend encore sa réponse.
   *[other] { $count } fils dépassent la cible et attendent encore leur réponse : { $numbers }.
  }
chat-alert-ends = « { $name } » prend fin le { $day }. À renouveler.
chat-alert-ended = « { $name } » a pris fin le { $day }. Ce qui en dépend ne fonctionne plus.
chat-noted = La note est au fil { $id }.
chat-done = Fil { $id } : { $state }.
chat-other-code = Ce code n’est plus celui du fil { $id } : { $what }. Relisez la fiche avant d’approuver.
chat-interrupted = greffier s’est arrêté pendant cette commande : elle a peut-être été exécutée. Fil { $id } : { $state }. Vérifiez, puis redites-la s’il le faut.
chat-too-late = Le fil { $id } n’attend plus d’approbation : il est « { $state } » ({ $what }, par { $name }).
chat-look-closer = Cette lettre demande un regard de plus (un destinataire inhabituel, un champ à remplir, un texte qui ne vaut plus). Veuillez l’approuver dans la console.
chat-suspended = L’entrée « { $entry } » est suspendue. La raison se lit dans la console.
chat-not-enabled = Votre compte n’est pas actif au bureau. La personne qui administre greffier peut s’en occuper.
chat-store = greffier ne peut rien faire pour l’instant. La personne qui l’administre trouvera la raison au journal du service.
chat-off-faq = La FAQ ne répond pas à cette question. Choisissez une entrée avec « reclasser », ou écrivez le texte dans la console.
chat-choose = Le classement n’est pas sûr. Choisissez une entrée avec « reclasser », ou écrivez le texte dans la console.
chat-not-here = Ce salon n’est pas protégé : les textes ne s’y montrent pas. Demandez dans un salon protégé, ou ouvrez la console.
chat-verb-not-here = Cette commande n’est pas permise dans ce salon.
chat-verb-not-you = Cette commande n’est pas permise à vos rôles.
chat-no-console = L’adresse de la console n’est pas configurée.
chat-no-reasons = Ce fil n’a rien à expliquer.
chat-no-times = Les délais ne peuvent pas être calculés pour cette période : le calendrier ne la couvre pas.
chat-candidate = { $entry } : { $percent } %
chat-candidate-words = { $entry } : { $percent } % ({ $words })
chat-mailbox-well = La boîte de courriel répond.
chat-mailbox-lost = La boîte de courriel ne répond pas; rien ne part entre-temps.
chat-times = { $count ->
    [one] { $count } question
   *[other] { $count } questions
  }, dont { $answered } avec réponse, { $share } dans la cible. Temps ouvrable : médiane { $median }, 90e centile { $p90 }. Encore ouvertes : { $open }.
chat-times-few = { $count ->
    [one] { $count } question
   *[other] { $count } questions
  }, dont { $answered } avec réponse, { $share } dans la cible. Temps ouvrable : { $values }. Encore ouvertes : { $open }.
chat-times-none = { $count ->
    [0] Aucune question dans cette période.
    [one] { $count } question, encore sans réponse. Encore ouvertes : { $open }.
   *[other] { $count } questions, encore sans réponse. Encore ouvertes : { $open }.
  }
check-chat = Clavardage
check-chat-found = { $user }, { $count ->
    [one] { $count } salon
   *[other] { $count } salons
  }
check-chat-token = le serveur ne reconnaît pas le jeton ({ $why }). Faites-en un nouveau pour ce compte; voyez « chat.matrix.user » et « chat.matrix.token_file ».
check-chat-token-file = le fichier de « chat.matrix.token_file » ne se lit pas ({ $why }).
check-chat-unreachable = il ne répond pas ({ $why }). Voyez « chat.matrix.homeserver » et le réseau.
check-chat-outside = le robot n’est pas dans : { $rooms }. Une personne de « chat.people » doit l’y inviter; il entre dès que le service tourne.
check-chat-encrypted = ces salons sont chiffrés, le robot ne peut pas y lire : { $rooms }. Ouvrez-en un qui ne l’est pas.
check-webhook = Webhook
check-webhook-found = adresse et gabarit lisibles; rien n’y a été envoyé
check-webhook-file = le fichier de « chat.webhook.url_file » ne se lit pas ({ $why }).
check-webhook-template = le gabarit de « chat.webhook.template_file » ne convient pas ({ $why }).
check-credentials = Échéances
check-certificate = Certificat de la console
