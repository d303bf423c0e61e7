# The commands of the chat: verbs, help, mistakes.
chat-verb-queue = what waits for a decision
chat-verb-show = shows a thread and its draft
chat-verb-explain = says why this draft was proposed
chat-verb-claim = takes the thread in charge
chat-verb-release = gives the thread back to your colleagues
chat-verb-reclassify = chooses other entries, in the order of the letter
chat-verb-edit = gives the link to edit the draft in the console
chat-verb-approve = approves the letter as the card shows it
chat-verb-reject = closes the thread without a reply
chat-verb-withdraw = takes an approval back before the letter leaves
chat-verb-settle = says what became of an uncertain letter: it was sent, or it is to be sent again
chat-verb-note = leaves a note to your colleagues
chat-verb-status = how the service is
chat-verb-times = response times, in all or for a period
chat-verb-help = this help, or that of one command
chat-verb-none = a message that is no command

chat-arg-number = N
chat-arg-code = CODE
chat-arg-entries = ENTRY…
chat-arg-reason = REASON
chat-arg-text = TEXT
chat-arg-span = PERIOD
chat-arg-verb = COMMAND

chat-sample-reason = already answered by telephone
chat-sample-text = the organisation will call back on Monday

chat-help-head = This is what you can write. Accents and capitals do not count.
chat-help-verb = { $usage } — { $what }
chat-help-called = Where people talk about other things, too, begin with "!" or with my name.
chat-help-more = For one command only: !{ $example }
chat-help-other = In French: { $usage }
chat-help-number = N is the number of the thread. Below the card of a thread you may leave it out.
chat-help-code = CODE stands on the card. It changes with the letter, so that an old card approves nothing.
chat-help-sign = In a protected room, a reaction ✅ on the card does the same. It approves nothing.
chat-help-words = The text may go on over more lines. It stays among colleagues and is never part of a letter.
chat-example = For example: !{ $example }
chat-see-help = To see the commands: !{ $help }

chat-no-verb = What can I do for you?
chat-unknown-verb = "{ $word }" is not a command.
chat-missing-number = The number of the thread is missing.
chat-not-a-number = "{ $word }" is not the number of a thread.
chat-missing-code = The code that stands on the card is missing.
chat-bad-code = "{ $word }" is not a code: it takes one of six characters, as on the card.
chat-missing-reason = The reason is missing.
chat-missing-text = The text of the note is missing.
chat-missing-entry = The entry is missing.
chat-bad-entry = "{ $word }" cannot be the name of an entry.
chat-missing-settlement = What became of the letter is missing.
chat-unknown-settlement = "{ $word }" does not say what became of the letter.
chat-unknown-span = "{ $word }" is not a period that I know.
chat-too-many-words = The command ends before "{ $word }".
chat-several-lines = A command stands on one line. Only a note and a reason may go on.
chat-strange = This message holds a character that is invisible, or that looks like another ({ $code }). I did nothing. Please type it again on the keyboard.
chat-other-thread = This card is that of thread { $card }, and you wrote { $given }. I did nothing.
chat-too-long = This message is too long (at most { $count } characters).

# Cards, lists and answers.
chat-card-number = No. { $id }
chat-card-deposit = deposit
chat-card-received = received { $at }
chat-card-claimed = in hand: { $name }
chat-card-approved = approved by { $name }
chat-card-outside = answered outside the tool
chat-card-approve = To approve: !approve { $id } { $code }
chat-card-command = approve { $id } { $code }
chat-card-chosen = chosen by a person
chat-card-unusual = A recipient is unusual: this letter is approved in the console.
chat-card-fields = Fields are still to be filled in: this letter is finished and approved in the console.
chat-card-choice = reclassify { $id } { $entry }
chat-card-button = Approve
chat-card-long = This letter is too long for the chat. Read it whole, and approve it, in the console.
chat-letter-to = To: { $people }
chat-letter-cc = Copy: { $people }
chat-letter-subject = Subject: { $subject }
chat-letter-files = Attachments: { $files }
chat-cut = […] Read on in the console.
chat-card-merged = No. { $id } · joined to thread { $into }
chat-counted = { $count ->
    [one] { $count } more question since { $at }
   *[other] { $count } more questions since { $at }
  }. To see them: !queue
chat-counted-once = More questions have been coming in since { $at }.
chat-encrypted = This room is encrypted: I cannot read your messages in it. Invite me to one that is not. I am leaving this one.
chat-missed = More was said here than I could read. Please say again what got no answer.
chat-stranger = Hello. I do not know you and cannot do anything for you here. Whoever administers greffier can add you.
chat-named = { $name }: { $value }
chat-morning = { $count ->
    [0] Good morning. No thread is waiting.
    [one] Good morning. { $count } thread is waiting; here it is.
   *[other] Good morning. { $count } threads are waiting, the oldest first.
  }
chat-morning-more = and { $count } more
chat-queue = { $count ->
    [0] No thread is waiting.
    [one] { $count } thread is waiting.
   *[other] { $count } threads are waiting.
  }
chat-alert-uncertain = Thread { $id }: nobody knows whether its letter left. To be settled.
chat-alert-failed = Thread { $id }: the letter could not leave. The console says why.
chat-alert-mailbox = The mailbox has not answered since { $since }. Nothing leaves meanwhile.
chat-alert-late = { $count ->
    [one] Thread { $numbers } is past the target and still waits for its answer.
   *[other] { $count } threads are past the target and still wait for their answers: { $numbers }.
  }
chat-alert-ends = "{ $name }" ends on { $day }. To be renewed.
chat-alert-ended = "{ $name }" ended on { $day }. What depends on it works no more.
chat-noted = The note is in thread { $id }.
chat-done = Thread { $id }: { $state }.
chat-other-code = This is no longer the code of thread { $id }: { $what }. Read the card again before you approve.
chat-interrupted = greffier stopped during this command: it may have been carried out. Thread { $id }: { $state }. Please check, and say it again if need be.
chat-too-late = Thread { $id } waits for no approval any more: it is "{ $state }" ({ $what }, by { $name }).
chat-look-closer = This letter needs a second look (an unusual recipient, a field to fill in, a text that no longer holds). Please approve it in the console.
chat-suspended = The entry "{ $entry }" is suspended. The console says why.
chat-not-enabled = Your account is not enabled at the desk. Whoever administers greffier can see to it.
chat-store = greffier cannot do anything for now. Whoever administers it finds the reason in the log of the service.
chat-off-faq = The FAQ does not answer this question. Choose an entry with "reclassify", or write the text in the console.
chat-choose = The classification is not sure. Choose an entry with "reclassify", or write the text in the console.
chat-not-here = This room is not protected: texts are not shown in it. Ask in a protected room, or open the console.
chat-verb-not-here = This command is not allowed in this room.
chat-verb-not-you = This command is not allowed to your roles.
chat-no-console = The console's address is not configured.
chat-no-reasons = There is nothing to explain about this thread.
chat-no-times = Response times cannot be told for this period: the calendar does not cover it.
chat-candidate = { $entry }: { $percent }%
chat-candidate-words = { $entry }: { $percent }% ({ $words })
chat-mailbox-well = The mailbox answers.
chat-mailbox-lost = The mailbox does not answer; nothing leaves meanwhile.
chat-times = { $count ->
    [one] { $count } question
   *[other] { $count } questions
  }, { $answered } of them answered, { $share } within the target. Business time: median { $median }, 90th percentile { $p90 }. Still open: { $open }.
chat-times-few = { $count ->
    [one] { $count } question
   *[other] { $count } questions
  }, { $answered } of them answered, { $share } within the target. Business time: { $values }. Still open: { $open }.
chat-times-none = { $count ->
    [0] No question in this period.
    [one] { $count } question, not answered yet. Still open: { $open }.
   *[other] { $count } questions, none of them answered. Still open: { $open }.
  }
check-chat = Chat
check-chat-found = { $user }, { $count ->
    [one] { $count } room
   *[other] { $count } rooms
  }
check-chat-token = the server does not know the token ({ $why }). Make a new one for this account; see "chat.matrix.user" and "chat.matrix.token_file".
check-chat-token-file = the file of "chat.matrix.token_file" cannot be read ({ $why }).
check-chat-unreachable = it does not answer ({ $why }). See "chat.matrix.homeserver" and the network.
check-chat-outside = the bot is not in: { $rooms }. Somebody of "chat.people" must invite it; it enters once the service runs.
check-chat-encrypted = these rooms are encrypted, the bot cannot read in them: { $rooms }. Open one that is not.
check-webhook = Webhook
check-webhook-found = address and template can be read; nothing was sent there
check-webhook-file = the file of "chat.webhook.url_file" cannot be read ({ $why }).
check-webhook-template = the template of "chat.webhook.template_file" does not serve ({ $why }).
check-credentials = Ends
check-certificate = Certificate of the console
