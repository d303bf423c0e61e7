# The desk: states, levels, events, refusals.
state-new = new
state-to-review = to review
state-to-sign = to sign
state-approved = approved
state-sending = being sent
state-answered = answered
state-set-aside = set aside
state-for-information = for information
state-awaiting-asker = awaiting the asker
state-uncertain = sending uncertain
state-failed = sending refused
state-transferred = transferred
state-closed = closed

level-sure = sure
level-unsure = to choose
level-none = not in the FAQ

kind-question = question
kind-no-question = no question
kind-automatic = automatic

event-Received = Message received
event-SetAside = Set aside
event-Noted = For information
event-Classified = Classified
event-DraftPrepared = Draft prepared
event-Claimed = Claimed
event-Released = Released
event-DraftEdited = Draft edited
event-Reclassified = Reclassified
event-NoteAdded = Note
event-Approved = Approved
event-ApprovalVoided = Approval voided
event-Withdrawn = Approval withdrawn
event-ClosedWithoutReply = Closed without a reply
event-SendAttempted = Sending attempted
event-Sent = Letter handed to the server
event-SendDeferred = Sending deferred
event-SendFailed = Sending refused
event-SendUncertain = Sending uncertain
event-UncertainSettled = Uncertain sending settled
event-CopyFiled = Copy seen in Sent
event-AnsweredOutside = Answered outside the tool
event-SentSeen = Message sent outside the tool
event-AnswerFound = Answer found in Sent
event-Bounced = Letter returned by the recipient's server
event-LinkProposed = Link to another thread proposed
event-LinkConfirmed = Link confirmed
event-LinkRefused = Link refused
event-Merged = Another thread joined to this one
event-MergedInto = Joined to another thread
event-Reopened = Reopened
event-Purged = Content destroyed

reason-bounce = delivery report
reason-auto-reply = automatic reply
reason-generated = made by a machine
reason-list = mailing list or bulk mail
reason-calendar = calendar invitation or answer
reason-receipt = read or delivery receipt
reason-own-address = the message claims to come from our own address
reason-unparsable = unreadable; open it in your mail program
reason-too-large = too large; open it in your mail program
reason-not-converted = the server could not hand it over; open it in Outlook
reason-too-many = this sender writes very often and may be a program; reopen the thread if it needs an answer
reason-only-cc = we are only in copy
reason-no-question = the message asks nothing
reason-bounced = the letter came back; check the address

cut-quote = quoted text
cut-signature = signature
cut-footer = legal notice
cut-banner = external mail banner

defect-no-message-id = without an id; one was made
defect-untrusted-from = sender missing or doubtful
defect-repeated-header = repeated header
defect-charset-repaired = characters repaired
defect-bad-date = date missing or impossible
defect-too-much = beyond the limits; part of it is not read
defect-tnef = content in a winmail.dat, unreadable here
defect-encrypted = encrypted, unreadable here
defect-not-converted = the server could not convert it
defect-too-large = too large; only its beginning was read
defect-unparsable = unreadable

field-to = To
field-cc = Cc

refusal-no-name = Say who decides: --as NAME.
refusal-no-thread = There is no thread { $id }.
refusal-stale = The thread has changed since: you saw version { $seen }, it is now at version { $now } ({ $what }, by { $by }, { $at }). Read it again, then decide.
refusal-claimed = { $by } has this thread in hand ({ $at }). Ask that person, or wait until it is released.
refusal-seen-missing = To approve, give the version that you read: --seen VERSION.
refusal-not-waiting = This thread waits for no approval: it is "{ $state }".
refusal-no-draft = This thread has no draft.
refusal-not-chosen = The classification is not sure: choose the entry (reclassify) or write the text (edit) before approving.
refusal-nothing-written = The FAQ does not answer this question: choose an entry (reclassify) or write the text (edit) before approving.
refusal-open-fields = Fields remain to be filled: { $fields }.
refusal-sample = The draft holds a sample text that nobody approved. Put "approved_by" and "approved_on" into the entry, or allow samples in the config.
refusal-superseded = The entry "{ $entry }" is no longer in force. If it is meant, add --despite-superseded { $entry }.
refusal-unconfirmed = The recipient { $address } is unusual. If it is meant, add --confirm-recipient { $address }.
refusal-not-sealable = The letter cannot be made: { $why }.
refusal-no-entry = There is no entry "{ $entry }". Known entries: { $known }.
refusal-no-link = No link to thread { $other } is proposed.
refusal-letter-under-way = A letter of one of these threads is under way. Try again once its fate is known.
refusal-empty = The text is empty.
refusal-too-long = The text is too long (at most { $most } characters).
refusal-wrong-turn = Not possible now: the thread is "{ $state }" ({ $what }).

api-not-understood = The request was not understood: { $error }

not-sealable-other-draft = the draft has changed since; read it again
not-sealable-no-recipient = there is no recipient
not-sealable-open-fields = fields remain to be filled
not-sealable-no-text = there is no text
not-sealable-address = an address cannot receive a letter
not-sealable-attachment = an attachment is no longer the one that was shown
not-sealable-date = the date is impossible
not-sealable-unsound = the message would not be sound; tell the operator

recipient-asker-reply-to = the asker's address for answers
recipient-asker-from = asker
recipient-in-to-of-question = recipient of the question
recipient-in-cc-of-question = in copy of the question
unusual-other-domain = another domain than the asker's
unusual-shared-domain = a domain that strangers share
unusual-doubtful-sender = the sender of the message is doubtful
unusual-new-to-thread = new to this thread

