-- core.statistic(as_of): one row is one cell of official statistics (Kolada, SCB) as it was known at as_of.
SET LOCAL ROLE arshjul_owner;

-- Taken-back cells are not given; a cell with null is: the service says that there is no value, which is not 0.
CREATE OR REPLACE FUNCTION core.statistic(as_of timestamptz)
RETURNS TABLE (
    source text,
    series_id text,
    series_title text,
    is_discontinued boolean,
    area text,
    area_title text,
    period text,
    dimensions jsonb,
    value numeric,
    status text,
    members integer,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        v.source, v.series_id, s.title, coalesce(s.is_discontinued, false), v.area, a.title, v.period, v.dimensions,
        v.value, v.status, v.members, v.delivery_id, v.row_no
    FROM core.statistics_value AS v
    LEFT JOIN core.statistics_series AS s
        ON s.source = v.source AND s.series_id = v.series_id
        AND s.known_from <= statistic.as_of AND statistic.as_of < s.known_to
    LEFT JOIN core.statistics_area AS a
        ON a.source = v.source AND a.area = v.area
        AND a.known_from <= statistic.as_of AND statistic.as_of < a.known_to
    WHERE v.known_from <= statistic.as_of AND statistic.as_of < v.known_to AND NOT v.is_deleted
$$;
COMMENT ON FUNCTION core.statistic IS 'Official statistics as known at a time, with the names of series and areas';
GRANT EXECUTE ON FUNCTION core.statistic TO arshjul_intake, arshjul_compute, arshjul_audit;

RESET ROLE;
