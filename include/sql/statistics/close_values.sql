-- Closes every cell that was asked for and that the source no longer says, or says otherwise.
-- What was not asked for (another area, a year before those chosen) is not gone: the source was not asked about it.
-- Materialized, so that what was asked for is only looked at for the few cells that are not said as before.
WITH unsaid AS MATERIALIZED (
    SELECT v.series_id, v.area, v.period, v.dimensions
    FROM core.statistics_value AS v
    WHERE v.source = :source
        AND v.known_to = 'infinity'
        AND NOT EXISTS (
            SELECT
            FROM incoming_value AS n
            WHERE (n.series_id, n.area, n.period, n.dimensions) = (v.series_id, v.area, v.period, v.dimensions)
                AND (n.value, n.status, n.is_deleted, n.members)
                    IS NOT DISTINCT FROM (v.value, v.status, v.is_deleted, v.members)
        )
)
UPDATE core.statistics_value AS v
SET known_to = :known_at
FROM unsaid AS u
WHERE v.source = :source
    AND v.known_to = 'infinity'
    AND (v.series_id, v.area, v.period, v.dimensions) = (u.series_id, u.area, u.period, u.dimensions)
    AND EXISTS (
        SELECT
        FROM jsonb_to_recordset(:asked::jsonb) AS a (
            series jsonb, areas jsonb, period_from text, period_to text, dimensions jsonb
        )
        WHERE a.series ? u.series_id
            AND a.areas ? u.area
            AND u.period >= a.period_from COLLATE "C"
            AND u.period <= a.period_to COLLATE "C"
            AND NOT EXISTS (
                SELECT
                FROM jsonb_each_text(u.dimensions) AS d
                WHERE NOT coalesce(a.dimensions -> d.key ? d.value, false)
            )
    );
