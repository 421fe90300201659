-- the newest fetch of a source whose pages are all landed
SELECT fetch_id
FROM core.statistics_fetch
WHERE source = :source AND pages_of IS NULL AND complete_at IS NOT NULL
ORDER BY fetch_id DESC
LIMIT 1;
