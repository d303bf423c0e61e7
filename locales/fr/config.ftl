# Problems of the config file: where, what, what to do.
config-unreadable = La configuration ne peut pas être lue : { $why }
config-not-toml = La configuration n’est pas du TOML valide : { $why }
config-unknown = « { $key } » : clé inconnue. Retirez-la, ou voyez config/example.toml.
config-unknown-near = « { $key } » : clé inconnue. Vouliez-vous dire « { $near } » ?
config-missing = « { $key } » : cette clé est obligatoire.
config-wrong = « { $key } » : { $form } attendu.
config-one-of = « { $key } » : écrivez une de ces valeurs : { $values }.
config-plain = « { $key } » : une connexion sans chiffrement n’est permise que vers cette machine (127.0.0.1, ::1, localhost). Écrivez "implicit" ou "starttls".
config-half-tls = « { $key } » : « tls_certificate » et « tls_key » vont ensemble; donnez les deux, ou aucun.
config-console-plain = « { $key } » : au-delà de cette machine, la console exige TLS. Donnez « tls_certificate » et « tls_key », ou mettez « trusted_proxy = true » derrière un mandataire qui chiffre.
config-form-listen = adresse et port, comme "127.0.0.1:8025"
config-half-login = « { $key } » : « user » et « password_file » vont ensemble; donnez les deux, ou aucun.
config-since = « mailbox.since » : dites à partir de quand les courriels reçoivent un brouillon : une date (2025-03-18), "first-start" (dès le premier démarrage) ou "all" (tous).
config-form-table = section
config-form-string = texte entre guillemets
config-form-strings = liste de textes
config-form-boolean = true ou false
config-form-number = nombre entier
config-form-range = nombre dans les limites permises
config-form-address = adresse courriel
config-form-date = date (AAAA-MM-JJ)
config-form-delegate = « NOM, PREMIER JOUR, DERNIER JOUR » (AAAA-MM-JJ)
config-no-way-in = « console.passwords » est à false, et « console.oidc » manque : personne ne pourrait entrer. Ajoutez l’un ou l’autre.
config-form-url = une adresse qui commence par https:// (http:// vers cette machine seulement)
config-metrics = « { $key } » : les chiffres de /metrics ne sont donnés que sur cette machine (127.0.0.1 ou ::1). Mettez-y un collecteur, ou un mandataire qui chiffre.
config-form-share = part, de 0 à 1, comme 0.85
