# The store: what happened, what to do.
store-busy = The data folder { $dir } is already open in another process (the service may be running). Stop it, or use a command that talks to it.
store-newer = The data folder { $dir } was written by a newer version (format { $found }; this one knows format { $known }). Install the newer version.
store-full = The disk of { $dir } is full. Nothing that was confirmed is lost: make room, then start again.
store-io = The data folder { $dir } cannot be read or written ({ $what }: { $error }). Check the rights and the disk.
store-damaged = The data folder { $dir } is damaged ({ $what }). Set it aside, then "greffier store restore BACKUP"; no sending will be repeated.
store-wrong-turn = This is not possible in the thread's present state ({ $turn }).
store-not-empty = { $dir } exists already. Name a folder that does not exist yet.
store-verified = Journal intact: { $events } events, { $purged } purged, { $blobs } messages read again. Last link: { $link }
store-problems =
    The journal has { $count ->
        [one] { $count } defect
       *[other] { $count } defects
    }:
store-rebuilt =
    { $count ->
        [one] { $count } thread
       *[other] { $count } threads
    } rebuilt from the journal.
store-backed-up = Backup written to { $to }: { $events } events, { $messages } messages.
store-exported = Export written to { $to }: { $events } events, { $messages } messages.
store-restored = Restored into { $dir }. Letters that waited to be sent are marked uncertain: a person must settle them.
store-purged = The content of thread { $id } is destroyed for good. The journal keeps the record of it; earlier backups still hold the thread.
