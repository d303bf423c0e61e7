# The mailbox: what happened, and what to do.
mail-fault-words = { $line } The server says: "{ $words }".
mail-fault-password-refused = The server "{ $name }" refuses the log-in: check "mailbox.user" and the password in the file of "mailbox.password_file".
mail-fault-password-file-unreadable = The password file { $path } cannot be read: { $why }.
mail-fault-no-login-method = The server "{ $name }" offers no known way to log in with a password.
mail-fault-no-starttls = The server "{ $name }" refuses STARTTLS, and nothing is said without encryption. Write 'mailbox.tls = "implicit"' if the server offers it.
mail-fault-certificate-expired = The certificate of the server "{ $name }" is not valid today: it has expired, or this machine's clock is wrong. Tell whoever runs the server.
mail-fault-certificate-untrusted = The certificate of the server "{ $name }" is signed by no authority that is trusted here. If it is your own organisation's, give its certificate in "mailbox.ca_file".
mail-fault-certificate-other-host = The certificate presented is not that of the server "{ $name }": check "mailbox.host".
mail-fault-certificate-unusable = The certificate of the server "{ $name }" cannot be used. Tell whoever runs the server.
mail-fault-bad-host = "mailbox.host": "{ $name }" is neither the name nor the address of a server.
mail-fault-ca-file-unusable = "mailbox.ca_file": { $path } cannot be used: { $why }.
mail-fault-no-certificate = it holds no certificate
mail-fault-no-trusted-certificates = This machine trusts no certificate authority: install its certificates (ca-certificates), or give "mailbox.ca_file".
mail-fault-folder-missing = The folder "{ $name }" does not exist in the mailbox: correct "mailbox.inbox", "mailbox.sent" or "mailbox.folders".
mail-fault-folder-refused = The server refuses access to the folder "{ $name }": check the user's rights.
mail-fault-no-maildir = { $path } is not a Maildir: "new" or "cur" is missing. Check "mailbox.path".
mail-fault-files = { $path } cannot be read or written: { $why }.
mail-fault-unknown-host = The server "{ $name }" cannot be found: check "mailbox.host" and the network. Trying again shortly.
mail-fault-no-answer = The server "{ $name }" (port { $port }) does not answer: { $why }. Trying again shortly.
mail-fault-no-answer-in-time = no answer in time
mail-fault-tls-handshake = No encrypted connection with "{ $name }" comes about: check "mailbox.port" and "mailbox.tls". Trying again shortly.
mail-fault-server-busy = The server "{ $name }" takes nobody at the moment. Trying again shortly.
mail-fault-connection-closed = The connection with the mailbox was cut. Trying again shortly.
mail-fault-server-bye = The mailbox's server ended the connection. Trying again shortly.
mail-fault-server-silent = The mailbox's server no longer answers. Trying again shortly.
mail-fault-session-unusable = The connection with the mailbox can no longer be used. Trying again shortly.
mail-fault-not-imap = What the server answers is not IMAP: check "mailbox.port" and "mailbox.tls".
mail-fault-no-uidvalidity = The server does not number the mail of the folder "{ $name }" (UIDVALIDITY is missing): it cannot be read without the risk of losing some.
mail-fault-command-refused = The mailbox's server refuses the command { $name }. Trying again shortly.


# What stands in letters, besides the approved texts.
letter-sample = SAMPLE TEXT – not approved
letter-quote = On { $date }, at { $time }, { $name } wrote:
letter-quote-undated = { $name } wrote:
letter-quote-cut = […]
letter-date = { $month } { $day }, { $year }
letter-date-first = { $month } { $day }, { $year }
letter-time =
    { $half ->
        [am] { $hour12 }:{ $minute } a.m.
       *[pm] { $hour12 }:{ $minute } p.m.
    }
letter-time-sharp =
    { $half ->
        [am] { $hour12 } a.m.
       *[pm] { $hour12 } p.m.
    }
