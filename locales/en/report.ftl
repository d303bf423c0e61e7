# Response times, dates and durations.
moment = { $day } { $month } { $year }, { $hour }:{ $minute }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
duration-hours = { $hours } h { $minutes } min
duration-minutes = { $minutes } min
report-none = No question in this period.
report-line = Thread { $thread }, question { $question } · { $organisation } · { $entry } · received { $received } · { $answered } · { $wall } (business hours: { $business })
report-group =
    { $group }: { $count ->
        [one] { $count } answer
       *[other] { $count } answers
    } · median { $wall } (business: { $business }) · 90th percentile { $p90 } · maximum { $max }
report-inside = answered by an approved letter
report-outside = answered outside the tool
report-open = unanswered
report-beyond = The calendar does not cover the year { $year }. Add it, with its holidays, to the calendar file.
report-column-thread = thread
report-column-question = question
report-column-organisation = organisation
report-column-entry = entry
report-column-entries = entries
report-column-received = received
report-column-drafted = drafted
report-column-claimed = claimed
report-column-approved = approved
report-column-handed-over = handed over
report-column-answered = answered
report-column-wall-seconds = wall seconds
report-column-business-seconds = business seconds
report-column-reviewer = reviewer
report-column-group = group
report-column-count = count
report-column-wall-median = wall median (s)
report-column-business-median = business median (s)
report-column-business-p90 = business p90 (s)
report-column-business-max = business max (s)
report-column-project = project
report-column-documents = documents
report-column-acknowledged = acknowledged
