-- The fetch is loaded: what it says is known from this time.
UPDATE core.statistics_fetch
SET state = 'inlast', known_at = :known_at, finished_at = clock_timestamp()
WHERE fetch_id = :fetch_id;
