-- One load of a source at a time: the later one sees what the earlier one closed.
SELECT pg_advisory_xact_lock(7311, hashtext(:source));
