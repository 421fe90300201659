-- Lets other senders' rows, whose parents this delivery holds, be judged before it is loaded or after, never meanwhile.
SELECT pg_advisory_xact_lock_shared(7309, hashtext(:dataset::text))
