-- Begins to read an earlier fetch's landed pages again and gives the number of the new fetch.
INSERT INTO core.statistics_fetch (run_id, source, pages_of, selection_sha256, state, complete_at)
SELECT :run_id, f.source, f.fetch_id, :selection_sha256, 'hamtad', clock_timestamp()
FROM core.statistics_fetch AS f
WHERE f.fetch_id = :fetch_id
RETURNING fetch_id;
