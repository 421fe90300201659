-- Wait until nobody else writes the log, and keep it to this transaction.
SELECT pg_advisory_xact_lock(7301) IS NULL AS waited;
