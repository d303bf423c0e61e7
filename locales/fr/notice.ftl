# The internal notice of a morning: numbers, and nothing of any thread.
notice-subject = { $count ->
    [one] { $count } fil attend une décision
   *[other] { $count } fils attendent une décision
  }
notice-greeting = Bonjour.
notice-waiting = { $count ->
    [one] { $count } fil attend une décision.
   *[other] { $count } fils attendent une décision.
  }
notice-waiting-late = { $count ->
    [one] { $count } fil attend une décision, hors cible.
   *[other] { $count } fils attendent une décision, dont { $late } hors cible.
  }
notice-automatic = Avis automatique de greffier; ne répondez pas.
