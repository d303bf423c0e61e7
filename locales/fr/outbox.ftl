# What became of an attempt to send a letter.
outbox-accepted = Remise au serveur : { $reply }
outbox-deferred = Pas envoyée pour l’instant, nouvel essai prévu ({ $phase }) : { $why }
outbox-refused = Envoi refusé ({ $phase }) : { $why }
outbox-unknown = Envoi incertain ({ $phase }) : { $why }
outbox-why = { $why } [{ $reply }]

# Where in the conversation with the server it stopped.
outbox-phase-connect = à la connexion
outbox-phase-login = à l’ouverture de session
outbox-phase-mail-from = à l’annonce de l’expéditeur
outbox-phase-rcpt-to = à l’annonce des destinataires
outbox-phase-data = pendant la transmission, avant la fin de la lettre
outbox-phase-after-dot = après la transmission complète de la lettre

# Why.
outbox-cause-answer = réponse du serveur
outbox-cause-silence = le serveur n’a pas répondu à temps
outbox-cause-broken = la connexion a été coupée
outbox-cause-garbage = la réponse du serveur est incompréhensible
outbox-cause-unknown-host = le nom du serveur est introuvable ; vérifiez « host » et le réseau
outbox-cause-unreachable = le serveur ne répond pas à cette adresse ; vérifiez « host » et « port »
outbox-cause-certificate-expired = le certificat du serveur est échu ou pas encore valable ; demandez à son exploitant de le renouveler, et vérifiez l’horloge d’ici
outbox-cause-certificate-untrusted = le certificat du serveur n’est signé par aucune autorité de confiance ; donnez la sienne dans « ca_file » si elle est la bonne
outbox-cause-certificate-other-host = le certificat du serveur est au nom d’un autre hôte ; vérifiez « host »
outbox-cause-certificate = le certificat du serveur est inutilisable
outbox-cause-roots = les certificats de confiance sont illisibles ; vérifiez « ca_file » ou ceux du système
outbox-cause-tls = le chiffrement (TLS) n’a pas pu être établi ; vérifiez « tls » et « port »
outbox-cause-no-starttls = le serveur n’offre pas STARTTLS, et sans chiffrement rien ne part
outbox-cause-plain = une connexion sans chiffrement n’est permise que vers cette machine
outbox-cause-secret = le mot de passe est illisible ; vérifiez « password_file »
outbox-cause-no-login = le serveur n’offre aucune ouverture de session connue (PLAIN ou LOGIN)
outbox-cause-no-smtputf8 = une adresse contient des lettres accentuées, que ce serveur n’accepte pas (SMTPUTF8)
outbox-cause-no-8bitmime = la lettre contient des octets que ce serveur n’accepte pas (8BITMIME)
outbox-cause-address = une adresse ne peut pas être annoncée au serveur
outbox-cause-unfit = la lettre ne peut pas être transmise sans être modifiée
outbox-cause-folder = le dossier des lettres ne peut pas être écrit ; vérifiez « path », les droits et l’espace libre
outbox-cause-interrupted = l’envoi a été interrompu avant que son résultat ne soit connu ; vérifiez dans le dossier des envoyés ou auprès du destinataire
outbox-cause-attempted-before = un essai antérieur de cette même lettre n’a pas de résultat connu
