# outbox
