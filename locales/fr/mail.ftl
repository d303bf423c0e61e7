# La boîte aux lettres : ce qui s’est passé, et quoi faire.
mail-fault-words = { $line } Le serveur dit : « { $words } ».
mail-fault-password-refused = Le serveur « { $name } » refuse la connexion : vérifiez « mailbox.user » et le mot de passe du fichier « mailbox.password_file ».
mail-fault-password-file-unreadable = Le fichier du mot de passe { $path } ne peut pas être lu : { $why }.
mail-fault-no-login-method = Le serveur « { $name } » n’offre aucune façon connue de s’y connecter avec un mot de passe.
mail-fault-no-starttls = Le serveur « { $name } » refuse STARTTLS, et rien ne sera dit sans chiffrement. Écrivez « mailbox.tls = "implicit" » si le serveur l’offre.
mail-fault-certificate-expired = Le certificat du serveur « { $name } » n’est pas valide aujourd’hui : il est expiré, ou l’horloge de cette machine est fausse. Prévenez qui s’occupe du serveur.
mail-fault-certificate-untrusted = Le certificat du serveur « { $name } » n’est signé par aucune autorité reconnue. Si c’est celle de votre organisation, donnez son certificat dans « mailbox.ca_file ».
mail-fault-certificate-other-host = Le certificat présenté n’est pas celui du serveur « { $name } » : vérifiez « mailbox.host ».
mail-fault-certificate-unusable = Le certificat du serveur « { $name } » est inutilisable. Prévenez qui s’occupe du serveur.
mail-fault-bad-host = « mailbox.host » : « { $name } » n’est ni un nom ni une adresse de serveur.
mail-fault-ca-file-unusable = « mailbox.ca_file » : { $path } est inutilisable : { $why }.
mail-fault-no-certificate = il ne contient aucun certificat
mail-fault-no-trusted-certificates = Cette machine ne reconnaît aucune autorité de certification : installez ses certificats (ca-certificates), ou donnez « mailbox.ca_file ».
mail-fault-folder-missing = Le dossier « { $name } » n’existe pas dans la boîte : corrigez « mailbox.inbox », « mailbox.sent » ou « mailbox.folders ».
mail-fault-folder-refused = Le serveur refuse l’accès au dossier « { $name } » : vérifiez les droits de l’utilisateur.
mail-fault-no-maildir = { $path } n’est pas une boîte Maildir : il y manque « new » ou « cur ». Vérifiez « mailbox.path ».
mail-fault-files = { $path } ne peut pas être lu ou écrit : { $why }.
mail-fault-unknown-host = Le serveur « { $name } » est introuvable : vérifiez « mailbox.host » et le réseau. Nouvel essai sous peu.
mail-fault-no-answer = Le serveur « { $name } » (port { $port }) ne répond pas : { $why }. Nouvel essai sous peu.
mail-fault-no-answer-in-time = aucune réponse à temps
mail-fault-tls-handshake = La connexion chiffrée avec « { $name } » n’aboutit pas : vérifiez « mailbox.port » et « mailbox.tls ». Nouvel essai sous peu.
mail-fault-server-busy = Le serveur « { $name } » n’accepte personne en ce moment. Nouvel essai sous peu.
mail-fault-connection-closed = La connexion avec la boîte a été coupée. Nouvel essai sous peu.
mail-fault-server-bye = Le serveur de la boîte a mis fin à la connexion. Nouvel essai sous peu.
mail-fault-server-silent = Le serveur de la boîte ne répond plus. Nouvel essai sous peu.
mail-fault-session-unusable = La connexion avec la boîte n’est plus utilisable. Nouvel essai sous peu.
mail-fault-not-imap = Ce que le serveur répond n’est pas de l’IMAP : vérifiez « mailbox.port » et « mailbox.tls ».
mail-fault-no-uidvalidity = Le serveur ne numérote pas les courriels du dossier « { $name } » (UIDVALIDITY manque) : il ne peut pas être lu sans risque de perte.
mail-fault-command-refused = Le serveur de la boîte refuse la commande { $name }. Nouvel essai sous peu.


# What stands in letters, besides the approved texts.
letter-sample = TEXTE D’EXEMPLE – non approuvé
letter-quote = Le { $date } à { $time }, { $name } a écrit :
letter-quote-undated = { $name } a écrit :
letter-quote-cut = […]
letter-date = { $day } { $month } { $year }
letter-date-first = { $day }er { $month } { $year }
letter-time = { $hour } h { $minute }
letter-time-sharp = { $hour } h
