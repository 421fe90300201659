-- one row is the latest value of a series for an area, at the totals of its other dimensions
SELECT DISTINCT ON (v.source, v.series_id, v.area)
    v.source, v.series_id, v.area, v.area_title, v.period, v.value
FROM core.statistic(clock_timestamp()) AS v
JOIN jsonb_to_recordset(:totals::jsonb) AS t (source text, series_id text, dimensions jsonb, areas jsonb)
    ON t.source = v.source AND t.series_id = v.series_id AND t.dimensions = v.dimensions AND t.areas ? v.area
WHERE v.value IS NOT NULL
ORDER BY v.source, v.series_id, v.area, v.period COLLATE "C" DESC;
