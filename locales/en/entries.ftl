# Approved texts that change: dates, versions, suspensions, who was told.
cli-entry = Suspends an entry, resumes it, shows what holds
cli-entry-suspend = Suspends an entry: nobody can send it any more, in any language
cli-entry-resume = Lets a suspended entry be sent again
cli-entry-list = A line a text: its dates, and who suspended it
cli-replies-told = Who received which version of an entry

entry-suspended = The entry "{ $entry }" is suspended. What waits is prepared again, and what is approved and has not left is approved no longer.
entry-resumed = The entry "{ $entry }" may be sent again. What waits is prepared again.
entry-version = version { $version }
entry-in-force = in force
entry-in-force-until = in force until { $day }, not included
entry-not-yet = in force from { $day } on
entry-superseded = not in force since { $day }
entry-gone = not among the texts
entry-is-suspended = SUSPENDED by { $by }, { $at }: { $reason }

show-suspended = SUSPENDED: "{ $entry }", by { $by }, { $at }: { $reason }. Nothing of it can be sent; choose another entry, write the text, or wait for "greffier entry resume { $entry }".
show-entry-changed = READ AGAIN: "{ $entry }" has changed since this draft (version { $version }; version { $now } now).
show-entry-gone = READ AGAIN: "{ $entry }" (version { $version }) is no longer among the texts.
show-entry-superseded = READ AGAIN: "{ $entry }" (version { $version }) is not in force since { $day }.
threads-suspended = suspended: { $entries }

told-none = No letter sent from here holds the entry "{ $entry }".
told-line = Thread { $thread } · { $organisation } · { $recipients } · { $at } · { $entry }, version { $version } ({ $digest })
told-edited = words changed by a person
told-rectified = put right since

void-newer-mail = a new message came
void-answered-outside = an answer left outside the tool
void-merged = the thread was joined to another
void-replies-changed = a text of the letter has changed
void-broken-seal = the sealed letter is lost or damaged
void-reviewer-disabled = whoever approved or signed it has no account any more
void-entry-suspended = an entry of the letter is suspended
void-entry-superseded = an entry of the letter is no longer in force

event-EntrySuspended = Entry suspended
event-EntryResumed = Entry resumed

refusal-suspended = The entry "{ $entry }" is suspended by { $by } since { $at }: { $reason }. Choose another (reclassify), write the text (edit), or wait for "greffier entry resume { $entry }".
refusal-not-suspended = The entry "{ $entry }" is not suspended. See "greffier entry list".
refusal-not-yet-in-force = The entry "{ $entry }" holds only from { $day } on.
refusal-text-changed = The text of "{ $entry }" has changed since this draft. The service prepares the draft again; read it, then decide.
