-- Begins a second worker's transaction: the next computation waits for it, and it gives up rather than wait itself
-- The first worker waits for it where PostgreSQL sees no circle.
SELECT set_config('lock_timeout', '10s', true), pg_advisory_xact_lock(7312)
