-- Lets one process at a time copy code lists.
SELECT pg_advisory_xact_lock(7305)
