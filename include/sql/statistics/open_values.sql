-- Opens every cell that is new or has just been closed; an unchanged cell keeps its first page.
INSERT INTO core.statistics_value (
    source, series_id, area, period, dimensions, value, status, is_deleted, members, delivery_id, row_no, known_from
)
SELECT
    :source, n.series_id, n.area, n.period, n.dimensions, n.value, n.status, n.is_deleted, n.members, n.delivery_id,
    n.row_no, :known_at
FROM incoming_value AS n
WHERE NOT EXISTS (
    SELECT
    FROM core.statistics_value AS v
    WHERE v.source = :source
        AND v.known_to = 'infinity'
        AND (v.series_id, v.area, v.period, v.dimensions) = (n.series_id, n.area, n.period, n.dimensions)
);
