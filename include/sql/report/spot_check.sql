-- register.spot_check(as_of, year): one row is a promised sample of a period of a year, with how the checking of it stands.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of reports get counts over all providers, and no single provider's.
CREATE OR REPLACE FUNCTION register.spot_check(as_of timestamptz, year integer)
RETURNS TABLE (
    period text, diary text, closes_on date, committed_on date, drawn_on date, tolerated double precision,
    confidence double precision, population integer, size bigint, checked bigint, faults bigint, not_done bigint,
    actions text[], unanswered_faults bigint, seed text
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    WITH newest AS (
        SELECT DISTINCT ON (r.spot_check_id, r.item) r.*
        FROM lineage.spot_check_result AS r
        WHERE r.recorded_at <= spot_check.as_of
        ORDER BY r.spot_check_id, r.item, r.result_id DESC
    ), found AS (
        SELECT
            n.spot_check_id,
            count(*) FILTER (WHERE n.outcome <> 'ej_genomford') AS checked,
            count(*) FILTER (WHERE n.outcome = 'avvikelse') AS faults,
            count(*) FILTER (WHERE n.outcome = 'ej_genomford') AS not_done,
            array_agg(DISTINCT n.action_id) FILTER (WHERE n.action_id IS NOT NULL) AS actions,
            count(*) FILTER (WHERE n.outcome = 'avvikelse' AND n.action_id IS NULL) AS unanswered
        FROM newest AS n
        GROUP BY n.spot_check_id
    )
    SELECT
        s.period, s.diary, s.closes_on, s.on_day, d.on_day,
        (s.rules -> 'spot_checks' ->> 'tolerated')::double precision,
        (s.rules -> 'spot_checks' ->> 'confidence')::double precision,
        coalesce(d.population, 0), (SELECT count(*) FROM jsonb_object_keys(d.items)),
        coalesce(f.checked, 0), coalesce(f.faults, 0), coalesce(f.not_done, 0), coalesce(f.actions, '{}'),
        coalesce(f.unanswered, 0), coalesce(d.seed, '')
    FROM lineage.spot_check AS s
    LEFT JOIN lineage.spot_check_draw AS d ON d.spot_check_id = s.spot_check_id AND d.drawn_at <= spot_check.as_of
    LEFT JOIN found AS f ON f.spot_check_id = d.spot_check_id
    WHERE extract(year FROM s.last_day) = spot_check.year AND s.committed_at <= spot_check.as_of
$$;
COMMENT ON FUNCTION register.spot_check IS 'Samples of payments of a year''s periods, with what was found: counts over all providers';
GRANT EXECUTE ON FUNCTION register.spot_check TO arshjul_report, arshjul_compute, arshjul_publish, arshjul_audit;

RESET ROLE;
