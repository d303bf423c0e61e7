# Problems of the config file: where, what, what to do.
config-unreadable = The config cannot be read: { $why }
config-not-toml = The config is not valid TOML: { $why }
config-unknown = "{ $key }": unknown key. Remove it, or see config/example.toml.
config-unknown-near = "{ $key }": unknown key. Did you mean "{ $near }"?
config-missing = "{ $key }": this key is required.
config-wrong = "{ $key }": expected { $form }.
config-one-of = "{ $key }": write one of these values: { $values }.
config-plain = "{ $key }": a connection without encryption is allowed to this machine only (127.0.0.1, ::1, localhost). Write "implicit" or "starttls".
config-half-tls = "{ $key }": "tls_certificate" and "tls_key" go together; give both, or neither.
config-console-plain = "{ $key }": beyond this machine the console needs TLS. Give "tls_certificate" and "tls_key", or set "trusted_proxy = true" behind a proxy that encrypts.
config-form-listen = an address and a port, such as "127.0.0.1:8025"
config-half-login = "{ $key }": "user" and "password_file" go together; give both, or neither.
config-since = "mailbox.since": say from when on mail gets drafts: a date (2025-03-18), "first-start" (from the first start on) or "all".
config-form-table = a section
config-form-string = a text in quotes
config-form-strings = a list of texts
config-form-boolean = true or false
config-form-number = a whole number
config-form-range = a number within the allowed range
config-form-address = an e-mail address
config-form-date = a date (YYYY-MM-DD)
config-form-delegate = "NAME, FIRST DAY, LAST DAY" (YYYY-MM-DD)
config-no-way-in = "console.passwords" is false and "console.oidc" is missing: nobody could come in. Add one of them.
config-form-url = an address that begins with https:// (http:// to this machine only)
config-metrics = "{ $key }": the figures of /metrics are given on this machine only (127.0.0.1 or ::1). Put a collector there, or a proxy that encrypts.
config-form-share = a share from 0 to 1, such as 0.85
