-- Has a second worker give up rather than wait: the first one waits for it where PostgreSQL sees no circle
SELECT set_config('lock_timeout', '10s', true)
