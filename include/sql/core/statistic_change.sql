-- core.statistic_change(fetch_id): one row is one cell that a fetch changed: ny, reviderad (old and new) or borta.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.statistic_change(fetch_id bigint)
RETURNS TABLE (
    change text,
    source text,
    series_id text,
    area text,
    period text,
    dimensions jsonb,
    old_value numeric,
    new_value numeric,
    old_status text,
    new_status text,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE
AS $$
    WITH loaded AS (
        SELECT f.source, f.known_at FROM core.statistics_fetch AS f WHERE f.fetch_id = statistic_change.fetch_id
    ), opened AS (
        SELECT v.* FROM core.statistics_value AS v JOIN loaded AS f ON v.source = f.source AND v.known_from = f.known_at
    ), closed AS (
        SELECT v.* FROM core.statistics_value AS v JOIN loaded AS f ON v.source = f.source AND v.known_to = f.known_at
    )
    SELECT
        CASE
            WHEN o.is_deleted OR o.source IS NULL THEN 'borta'
            WHEN c.source IS NULL THEN 'ny'
            ELSE 'reviderad'
        END,
        coalesce(o.source, c.source), coalesce(o.series_id, c.series_id), coalesce(o.area, c.area),
        coalesce(o.period, c.period), coalesce(o.dimensions, c.dimensions),
        c.value, o.value, c.status, o.status,
        coalesce(o.delivery_id, c.delivery_id), coalesce(o.row_no, c.row_no)
    FROM opened AS o
    FULL JOIN closed AS c
        ON c.source = o.source AND c.series_id = o.series_id AND c.area = o.area AND c.period = o.period
        AND c.dimensions = o.dimensions
$$;
COMMENT ON FUNCTION core.statistic_change IS 'What a fetch of official statistics changed, cell by cell, with old and new value';
GRANT EXECUTE ON FUNCTION core.statistic_change TO arshjul_intake, arshjul_compute, arshjul_audit;

RESET ROLE;
