# The internal notice of a morning: numbers, and nothing of any thread.
notice-subject = { $count ->
    [one] { $count } thread awaits a decision
   *[other] { $count } threads await a decision
  }
notice-greeting = Good morning.
notice-waiting = { $count ->
    [one] { $count } thread awaits a decision.
   *[other] { $count } threads await a decision.
  }
notice-waiting-late = { $count ->
    [one] { $count } thread awaits a decision, past the target.
   *[other] { $count } threads await a decision, { $late } of them past the target.
  }
notice-automatic = Automatic notice from greffier; please do not reply.
