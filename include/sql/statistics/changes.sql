-- one row is a cell that a fetch revised or took away, and in a later fetch than the first also what is new
SELECT
    c.change, c.series_id, s.title AS series_title, c.area, a.title AS area_title, c.period, c.dimensions,
    c.old_value, c.new_value, c.new_status
FROM core.statistic_change(:fetch_id) AS c
LEFT JOIN core.statistics_series AS s
    ON s.source = c.source AND s.series_id = c.series_id AND s.known_to = 'infinity'
LEFT JOIN core.statistics_area AS a ON a.source = c.source AND a.area = c.area AND a.known_to = 'infinity'
WHERE c.change = ANY (:kinds)
ORDER BY c.change DESC, c.series_id, c.area, c.period, c.dimensions
LIMIT :most;
