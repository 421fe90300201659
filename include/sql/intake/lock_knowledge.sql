-- Lets whoever pins a point of knowledge wait for this load (core.pin_as_of takes the same lock alone).
SELECT pg_advisory_xact_lock_shared(7302)
