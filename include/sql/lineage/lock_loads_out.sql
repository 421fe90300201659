-- Lets no delivery be loaded until the transaction ends (each load holds the same lock shared).
SELECT pg_advisory_xact_lock(7302)
