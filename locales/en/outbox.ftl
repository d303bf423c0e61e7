# What became of an attempt to send a letter.
outbox-accepted = Handed to the server: { $reply }
outbox-deferred = Not sent for now, another attempt will follow ({ $phase }): { $why }
outbox-refused = Sending refused ({ $phase }): { $why }
outbox-unknown = Sending uncertain ({ $phase }): { $why }
outbox-why = { $why } [{ $reply }]

# Where in the conversation with the server it stopped.
outbox-phase-connect = while connecting
outbox-phase-login = at the log-in
outbox-phase-mail-from = when the sender was announced
outbox-phase-rcpt-to = when the recipients were announced
outbox-phase-data = during transmission, before the end of the letter
outbox-phase-after-dot = after the whole letter was transmitted

# Why.
outbox-cause-answer = the server’s answer
outbox-cause-silence = the server did not answer in time
outbox-cause-broken = the connection was cut
outbox-cause-garbage = the server’s answer makes no sense
outbox-cause-unknown-host = the server’s name cannot be found; check “host” and the network
outbox-cause-unreachable = the server does not answer at this address; check “host” and “port”
outbox-cause-certificate-expired = the server’s certificate has expired or is not valid yet; ask its operator to renew it, and check the clock here
outbox-cause-certificate-untrusted = the server’s certificate is signed by no trusted authority; name its own in “ca_file” if that is the right one
outbox-cause-certificate-other-host = the server’s certificate is made out to another host; check “host”
outbox-cause-certificate = the server’s certificate cannot be used
outbox-cause-roots = the trusted certificates cannot be read; check “ca_file” or the system’s own
outbox-cause-tls = encryption (TLS) could not be set up; check “tls” and “port”
outbox-cause-no-starttls = the server does not offer STARTTLS, and nothing leaves without encryption
outbox-cause-plain = a connection without encryption is only allowed to this machine
outbox-cause-secret = the password cannot be read; check “password_file”
outbox-cause-no-login = the server offers no log-in that is known (PLAIN or LOGIN)
outbox-cause-no-smtputf8 = an address has accented letters, which this server does not accept (SMTPUTF8)
outbox-cause-no-8bitmime = the letter has bytes that this server does not accept (8BITMIME)
outbox-cause-address = an address cannot be announced to the server
outbox-cause-unfit = the letter cannot be transmitted without being altered
outbox-cause-folder = the folder for letters cannot be written; check “path”, permissions and free space
outbox-cause-interrupted = sending was interrupted before its outcome was known; look in the Sent folder or ask the recipient
outbox-cause-attempted-before = an earlier attempt with this same letter has no known outcome
