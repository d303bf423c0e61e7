# The internal notice of a morning: numbers, and nothing of any thread.
notice-subject = { $count ->
    [one] { $count } question attend une décision
   *[other] { $count } questions attendent une décision
  }
notice-greeting = Bonjour.
notice-waiting = { $count ->
    [one] { $count } question attend une décision.
   *[other] { $count } questions attendent une décision.
  }
notice-waiting-late = { $count ->
    [one] { $count } question attend une décision, hors cible.
   *[other] { $count } questions attendent une décision, dont { $late } hors cible.
  }
notice-automatic = Avis automatique de greffier; ne répondez pas.
