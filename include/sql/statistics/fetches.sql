-- one row is one of the latest fetches of each source
SELECT f.source, f.fetch_id, f.state, f.pages_of, f.started_at, f.known_at, f.refusal_text
FROM (
    SELECT n.*, row_number() OVER (PARTITION BY n.source ORDER BY n.fetch_id DESC) AS place
    FROM core.statistics_fetch AS n
) AS f
WHERE f.place <= :most
ORDER BY f.source, f.fetch_id DESC;
