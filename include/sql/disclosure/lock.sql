-- One protection at a time, until the transaction ends: two that do not know of each other could reveal what each hides
SELECT pg_advisory_xact_lock(7315);
