# The internal notice of a morning: numbers, and nothing of any thread.
notice-subject = { $count ->
    [one] { $count } question awaits a decision
   *[other] { $count } questions await a decision
  }
notice-greeting = Good morning.
notice-waiting = { $count ->
    [one] { $count } question awaits a decision.
   *[other] { $count } questions await a decision.
  }
notice-waiting-late = { $count ->
    [one] { $count } question awaits a decision, past the target.
   *[other] { $count } questions await a decision, { $late } of them past the target.
  }
notice-automatic = Automatic notice from greffier; please do not reply.
