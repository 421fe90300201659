-- Lets nobody load parents of these rows while they are judged (the other side of lock_as_parent.sql).
SELECT pg_advisory_xact_lock(7309, hashtext(:dataset::text))
