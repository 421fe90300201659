-- Waits for the second worker of a computation that was lost: it may still be at work when the first one is gone
SELECT pg_advisory_lock(7312), pg_advisory_unlock(7312)
