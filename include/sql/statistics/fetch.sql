-- one row is a fetch, and whether a later one of its source has been loaded
SELECT
    f.fetch_id, f.run_id, f.source, f.state, coalesce(f.pages_of, f.fetch_id) AS pages_of, f.known_at, f.refusal_text,
    EXISTS (
        SELECT FROM core.statistics_fetch AS later
        WHERE later.source = f.source AND later.state = 'inlast'
            AND coalesce(later.pages_of, later.fetch_id) > coalesce(f.pages_of, f.fetch_id)
    ) AS is_passed
FROM core.statistics_fetch AS f
WHERE f.fetch_id = :fetch_id;
