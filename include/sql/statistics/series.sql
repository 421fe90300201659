-- one row is a series that is known, with its latest period and how often it has been revised
SELECT
    v.source, v.series_id, s.title, coalesce(s.is_discontinued, false) AS is_discontinued,
    coalesce(s.attributes, '{}') AS attributes, v.cells, v.cells_with_value, v.first_period, v.last_period,
    r.revisions
FROM (
    SELECT
        n.source, n.series_id, count(*) AS cells, count(n.value) AS cells_with_value,
        min(n.period) FILTER (WHERE n.value IS NOT NULL) AS first_period,
        max(n.period) FILTER (WHERE n.value IS NOT NULL) AS last_period
    FROM core.statistics_value AS n
    WHERE n.known_to = 'infinity' AND NOT n.is_deleted
    GROUP BY n.source, n.series_id
) AS v
LEFT JOIN core.statistics_series AS s
    ON s.source = v.source AND s.series_id = v.series_id AND s.known_to = 'infinity'
CROSS JOIN LATERAL (
    SELECT count(*) AS revisions
    FROM core.statistics_value AS o
    JOIN core.statistics_value AS n
        ON n.source = o.source AND n.series_id = o.series_id AND n.area = o.area AND n.period = o.period
        AND n.dimensions = o.dimensions AND n.known_from = o.known_to
    WHERE o.source = v.source AND o.series_id = v.series_id AND o.known_to < 'infinity'
) AS r
ORDER BY v.source, v.series_id;
