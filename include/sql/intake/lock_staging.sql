-- Lets one process at a time change the staging tables.
SELECT pg_advisory_xact_lock(7304)
