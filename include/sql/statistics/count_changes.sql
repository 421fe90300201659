-- one row counts what a fetch changed
SELECT
    count(*) FILTER (WHERE c.change = 'ny') AS added,
    count(*) FILTER (WHERE c.change = 'reviderad') AS revised,
    count(*) FILTER (WHERE c.change = 'borta') AS gone
FROM core.statistic_change(:fetch_id) AS c;
