# The command line.
cli = greffier: reads the shared mailbox, prepares the replies, sends only what a person approved.
cli-usage = Usage:
cli-options = Options
cli-arguments = Arguments
cli-commands = Commands
cli-command = COMMAND
cli-demo = The whole product on sample mail, in a folder of its own
cli-run = The service: reads the mailbox, prepares drafts, sends what is approved
cli-check = Checks every part: config, texts, mailbox, sending
cli-status = The state of the service in one line
cli-init = Writes a commented config and the folders to start from
cli-import = Takes past mail (Maildir, mbox or a folder of .eml files)
cli-classify = Classifies messages and says why
cli-evaluate = Measures the classifier on a labelled corpus
cli-replies = The approved texts
cli-replies-list = One line an entry
cli-replies-check = Checks all files
cli-replies-show = Shows an entry as it will be written
cli-threads = One line a thread
cli-show = Shows one thread whole
cli-claim = Takes a thread in hand
cli-release = Lets a thread go
cli-edit = Replaces the draft's text
cli-adjust = Changes the letter beside its text: copies, attachments, open fields
cli-reclassify = Chooses other entries
cli-approve = Approves the letter as it was shown
cli-withdraw = Takes an approval back during its hold
cli-close = Closes a thread without a reply
cli-settle = Says what became of an uncertain sending
cli-note = Leaves a note to colleagues
cli-link = Confirms or refuses a proposed link to another thread
cli-reopen = Reopens a thread
cli-report = Response times
cli-report-response-times = One line a question
cli-store = Care of the data folder
cli-store-verify = Reads the whole chain of events again
cli-store-rebuild = Makes views and indexes again from the journal
cli-store-backup = Writes a backup into a new folder
cli-store-purge = Destroys the content of a thread for good; the journal keeps the record of it
cli-arg-rule = The rule that demands it (retention schedule…)
cli-arg-authority = On whose authority
cli-store-restore = Makes the data folder again from a backup
cli-store-export = Writes .eml files and JSON lines into a new folder
cli-arg-config = The config file (else $GREFFIER_CONFIG, ./greffier.toml, /etc/greffier/greffier.toml)
cli-arg-help = Shows this help
cli-arg-version = Shows the version
cli-arg-dir = The demo's folder (else demo-data)
cli-arg-port = Reserved for the web console
cli-arg-no-browser = Opens no browser
cli-arg-once = Reads, prepares, sends what is due, and stops
cli-arg-json = Writes JSON, one object a line
cli-arg-folder = The folder
cli-arg-path = The files or folders
cli-arg-draft = Prepares drafts, too
cli-arg-replies = The folder of texts (else the config's)
cli-arg-encoder = The folder of the sentence encoder (else the config's, or none)
cli-arg-state = Only threads in this state
cli-arg-entry = The entry, with its variant if need be (demarche-structuree.courriel)
cli-arg-language = The entry's language
cli-arg-id = The thread's number
cli-arg-as = Your name; it stays in the journal
cli-arg-seen = The version that you read
cli-arg-body-file = The file with the new text, in Markdown
cli-arg-entries = The entries, in the order of the letter; "hors-faq" alone if none answers, "sans-question" if nothing is asked
cli-arg-confirm-recipient = Confirms an unusual recipient (may be repeated)
cli-arg-remove = Takes somebody in copy out
cli-arg-restore = Puts somebody back who was taken out
cli-arg-attach = Attaches a file
cli-arg-attach-approved = Attaches a file of the library
cli-arg-detach = Takes an added file out
cli-arg-fill = Fills in a field (may be repeated)
cli-arg-english = Joins the English version beneath the letter, for one of the config's reasons
cli-arg-french-only = Takes the English version out
cli-arg-despite-superseded = Approves in spite of an entry no longer in force (may be repeated)
cli-arg-reason = The reason
cli-arg-outcome = sent: the letter left; resend: it did not, send it again
cli-arg-text = The text
cli-arg-other = The other thread's number
cli-arg-refuse = Refuses the link instead of confirming it
cli-arg-from = First day of receipt
cli-arg-to = Last day of receipt
cli-arg-by = Puts response times together by entry, kind of organisation, organisation, day, week, month, hour of arrival or person
cli-arg-format = The form: table, csv, xlsx or json

mistake-command = "{ $command }": unknown command.
mistake-no-command = The command is missing: { $known }.
mistake-unknown = "{ $arg }": unknown argument.
mistake-missing = Missing: { $arg }.
mistake-no-value = "{ $arg }": the value is missing.
mistake-value-of = "{ $arg }": "{ $value }" is not allowed. Allowed values: { $known }.
mistake-value = "{ $arg }": "{ $value }" is not an allowed value.
mistake-twice = "{ $arg }" does not go with another argument given.
mistake-other = The command line is not understood.
mistake-near = Did you mean "{ $near }"?
mistake-help = See "greffier --help".

app-file = { $path }: { $error }
app-console-address = The console cannot listen at { $address } ({ $error }). Change "listen" in section [console].
app-console-tls = The certificate of the console does not serve: { $file } ({ $why }).
app-socket-ended = The service stopped before it answered; the decision may have been taken. Read the thread again before deciding once more.
app-socket = The service of { $dir } does not answer ({ $error }). Look at its log.

threads-none = No thread.
decided = Thread { $id }: { $state } (version { $version }).
show-head = Thread { $id } · { $state } · version { $version } · { $level }
show-organisation = Organisation: { $organisation }
show-subject = Subject: { $subject }
show-entries = Entries: { $entries }
show-claimed = Claimed by { $by }
show-reason = Reason: { $reason }
show-server-said = The server said: { $said }
show-due = To leave at: { $due }
show-link = Possible link to thread { $other }: "greffier link { $id } { $other } --as NAME" (or --refuse)
show-received = ── Received { $at }, from { $from }
show-sent = ── Sent { $at }, by { $from }
show-cut = [ { $reason }: { $lines } lines put aside ]
show-attachment = [ attachment: { $name }, { $bytes } bytes ]
show-defect = [ { $defect } ]
show-draft = ── Draft
show-recipient = { $field }: { $address } ({ $reason })
show-recipient-unusual = { $field }: { $address } ({ $reason }) — TO CONFIRM: { $unusual }
show-draft-subject = Subject: { $subject }
show-sample = [ sample text, approved by nobody ]
show-open-field = [ to fill in: { $field } ]
show-history = ── History
show-event = { $at } · { $event } · { $actor }
show-next = To approve: greffier approve { $id } --seen { $version } --as NAME

status-running = greffier { $version }: running · last reading of the mailbox: { $reading } · { $events } events{ $states }
status-stopped = greffier { $version }: stopped · last reading of the mailbox: { $reading } · { $events } events{ $states }
status-mailbox-lost = MAILBOX OUT OF REACH since { $since } ({ $class }): nothing leaves; see "greffier check"
status-never = never

check-config = Config
check-data = Data
check-organisations = Organisations
check-calendar = Calendar
check-calendar-soon = { $path } — the confirmed calendar ends on { $day }: confirm the next year, else figures of response times will be refused
check-calendar-unconfirmed = { $path } — nobody has confirmed the holidays of { $year }: compare them with the published calendar and set "confirmed = true"; until then figures of response times are refused, unless provisional
check-replies = Texts
check-mailbox = Mailbox
check-encoder = Sentence encoder
check-encoder-without-floors = { $dir }; WITHOUT measured floors nothing will be "sure": greffier evaluate --floors --encoder { $dir } > floors-encoder.toml
check-console = Console
check-outbox = Sending
check-good = { $part }: good ({ $found })
check-bad = { $part }: TO MEND — { $problem }
check-failed = At least one part is to be mended.
check-replies-found =
    { $count ->
        [one] { $count } text
       *[other] { $count } texts
    }, { $samples } of them samples that nobody approved
check-mailbox-found = { $place }, folders: { $folders }
check-mailbox-without-sent = { $place }, folders: { $folders }; NO folder of sent mail: replies made by hand will not be seen. Give "mailbox.sent".

init-done = Config written: { $config }. Fill it in, then "greffier check --config { $config }".
import-done = { $found } messages taken, { $unreadable } unreadable.
demo-name = Camille Roy
demo-ready =
    The demo is ready. Open { $url }
      Name: { $name }
      Password: { $password }
    Or, in another terminal:
      { $program } threads --config { $config }
      { $program } show 2 --config { $config }
      { $program } approve 2 --seen VERSION --as "{ $name }" --config { $config }
    Sent letters go to { $dir }/outbox. Drop an .eml file into { $dir }/mail/new: its draft follows.
    Ctrl+C stops everything; nothing is lost.

classify-line-nothing = { $file }: { $kind }
classify-line = { $file }: { $kind } · { $level } · { $entries } · first: { $first }
evaluate-head = Figures of the classifier:
evaluate-line = { $path }, line { $line }: not a labelled message.
replies-sound =
    { $count ->
        [one] { $count } entry, well formed
       *[other] { $count } entries, all well formed
    }.
replies-line = { $entry } · version { $version } · { $title } · { $approval }
replies-approved = approved by { $by } on { $on }
replies-sample = sample text
evaluate-floors = # Made by "greffier evaluate --floors"; not to be edited by hand.
cli-arg-floors = Measures the floors on the wordings of the library and writes them: the content of floors.toml
explain-ask = { "  " }ask ({ $level }): "{ $ask }" → { $entry }
explain-unfamiliar = { "  " }nothing names the matter of the FAQ, and words are foreign to it: { $words }
explain-candidate = { "  " }candidate: { $entry }, confidence { $confidence }
explain-word = { "  " }for { $entry }: "{ $word }" ({ $weight }), as in "{ $lesson }"
explain-likeness = { "  " }for { $entry }: likeness ({ $likeness }) with "{ $lesson }"
explain-contrast = { "  " }{ $entry } rather than { $other }: { $words }
cli-arg-explain = Says why: the words that weighed, the wordings that they met, the runner-up
examples-none = Nothing was learned at the desk.
examples-line = { $id } · { $label } · thread { $thread } · { $by }, { $at } · "{ $text }"
examples-withdrawn = Example { $id } withdrawn: it counts no more from the next mail on.
examples-adopt-how = To keep one in the files: greffier examples adopt NUMBER --as NAME. With --wording you give a wording of your own.
examples-adopted = Example { $id } added to { $path }. Then measure the floors: greffier evaluate --floors.
cli-examples-review = The learned examples, without what names anybody, ready for the files
cli-examples-adopt = Adds an example to the files of the library
cli-arg-wording = The wording to keep, instead of the one proposed
gaps-none = No question without an entry is asked by three organisations or more.
gaps-line = { $organisations } organisations, { $count } questions: { $words } · threads { $threads }
cli-gaps = The questions that several organisations ask and that no entry answers
cli-examples = What decisions taught the classifier
cli-examples-list = The examples learned, with their numbers
cli-examples-withdraw = Withdraws an example; it counts no more from the next mail on
replay-line = Thread { $thread }, question { $question }: { $before } → { $after } ({ $verdict })
replay-better = better
replay-worse = worse
replay-different = different
replay-sum =
    { $count ->
        [one] { $count } question read again
       *[other] { $count } questions read again
    }; { $changed } would change: { $better } for the better, { $worse } for the worse. Nothing was touched.
cli-replay = Says what another library would have made of past mail, and touches nothing
cli-prepare = Prepares another letter: a holding message, an acknowledgement, or the answer again
cli-correct = Prepares a letter that corrects the last answer sent
cli-transfer = Prepares handing over to another office, the original attached
cli-discard = Gives up a letter that is no answer
cli-sign = Gives the second signature to the approved letter
cli-wait = Waits for something from whoever wrote; the clock stands still
cli-resume = Goes on without waiting; the clock runs again
cli-opinion = Notes that an opinion was asked
cli-answered = Notes an answer given by word of mouth
cli-outside = Says whether the last message sent outside the tool answers the question
cli-received = Corrects the moment a question was received
cli-record = Records a question that did not come by e-mail
cli-write = Writes first, in a new thread
cli-deposits = The register of deposits
cli-arg-letter = The letter to prepare: answer, holding or acknowledgement
cli-arg-office = The office, as section [transfer] of the config names it; that of the flag, if left out
cli-arg-colleague = The address of the person consulted
cli-arg-recipient = The recipient's address
cli-arg-medium = How: telephone, meeting or other
cli-arg-at = The moment, such as 2026-03-25T10:06
cli-arg-summary = What was said, in a few words
cli-arg-verdict = It answers (answer), or it only says that the answer will come (holding)
cli-arg-question = The question's number in the thread
cli-arg-name = The person's name
cli-arg-email = The person's address, if an answer by e-mail is wanted
cli-arg-subject = The subject
deposit-line = thread { $thread } · { $organisation } · { $project } · { $at } · { $documents } · { $state }
deposit-open = not acknowledged
deposit-acknowledged = acknowledged { $at }
encoder-unreadable = The weights of the sentence encoder cannot be read: { $path } ({ $why }). Run scripts/fetch-encoder, or take "classify.encoder" out.
encoder-foreign = { $path } does not hold the weights of the sentence encoder (another file, or another version). Run scripts/fetch-encoder, or take "classify.encoder" out.
encoder-broken = { $path } is damaged: the weights of the sentence encoder are cut short or changed. Run scripts/fetch-encoder again.
cli-user = The people of the desk
cli-user-add = Adds somebody, or enables them again
cli-user-list = The people, with their roles and absences
cli-user-disable = Disables somebody: what they had in hand goes back to the desk, their name stays in the history
cli-user-password = Gives a new password for the console; open sessions end
cli-user-absent = Records an absence
cli-user-link = Joins an account to the next log-in of this name by the identity provider
cli-user-sessions = Who is logged in to the console, since when, in which browser
cli-user-logout = Ends all sessions of somebody
cli-user-log = The access log: who opened, searched, downloaded or exported what
cli-arg-person = Only this person
cli-arg-thread = Only this thread
cli-arg-until = The last day of the account; a reader's always has one
cli-arg-role = The role; the option may be repeated
cli-arg-delegate = Who is proposed in their place
cli-groups = The threads that wait for the same text
cli-approve-group = Approves several threads in one gesture, each with a letter of its own
cli-arg-seen-thread = Each thread with the version that was seen, such as 12:3
groups-none = No group: fewer than three threads wait for the same text.
groups-head = { $count } threads · { $entries }
groups-member = { "  " }{ $id }:{ $version } · { $organisation } · "{ $text }"
groups-refused = thread { $id }: { $line }
groups-some-refused = { $count ->
    [one] { $count } thread was not approved.
   *[other] { $count } threads were not approved.
}
cli-arg-csv = As CSV, for a spreadsheet

cli-search = Searches the whole history; words in quotes follow each other
cli-arg-words = The words; all must be there
cli-arg-organisation = Only this organisation: words of its name, or its domain
cli-arg-kind = Only this kind of organisation
cli-arg-found-entry = Only threads that this entry concerns
cli-arg-found-by = Only threads in which this person did something
cli-arg-found-from = First day on which a message came or left
cli-arg-found-to = Last day on which a message came or left
cli-arg-newest = Newest first
cli-arg-page = The page of the results, twenty threads each
cli-arg-as-of = What would have been shown at this moment
cli-arg-provisional = Accepts figures that rest on holidays that nobody has confirmed
cli-arg-output = The file to write
