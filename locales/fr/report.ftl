# Response times, dates and durations.
moment = { $day } { $month } { $year } à { $hour } h { $minute }
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
duration-hours = { $hours } h { $minutes } min
duration-minutes = { $minutes } min
report-none = Aucune question dans cette période.
report-line = Fil { $thread }, question { $question } · { $organisation } · { $entry } · reçue le { $received } · { $answered } · { $wall } (heures ouvrables : { $business })
report-group =
    { $group } : { $count ->
        [one] { $count } réponse
       *[other] { $count } réponses
    } · médiane { $wall } (ouvrables : { $business }) · 90e centile { $p90 } · maximum { $max }
report-inside = répondue par une lettre approuvée
report-outside = répondue hors de l’outil
report-open = sans réponse
report-beyond = Le calendrier ne couvre pas l’année { $year }. Ajoutez-la, avec ses jours fériés, au fichier du calendrier.
report-column-thread = fil
report-column-question = question
report-column-organisation = organisme
report-column-entry = entrée
report-column-entries = entrées
report-column-received = reçue
report-column-drafted = brouillon prêt
report-column-claimed = prise en charge
report-column-approved = approuvée
report-column-handed-over = remise
report-column-answered = répondue
report-column-wall-seconds = secondes
report-column-business-seconds = secondes ouvrables
report-column-reviewer = réviseur
report-column-group = groupe
report-column-count = nombre
report-column-wall-median = médiane (s)
report-column-business-median = médiane ouvrable (s)
report-column-business-p90 = 90e centile ouvrable (s)
report-column-business-max = maximum ouvrable (s)
report-column-project = projet
report-column-documents = documents
report-column-acknowledged = accuse_reception
