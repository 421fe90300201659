-- register.dataset_told(as_of, first_day, last_day): one row is a dataset that somebody had told anything of, for a stretch of time.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of reports do not reach core. A file whose every row was put in quarantine has told nothing;
-- an empty one has: there was nothing. What core holds for the period was told too, whichever month's file it came with.
CREATE OR REPLACE FUNCTION register.dataset_told(as_of timestamptz, first_day date, last_day date)
RETURNS TABLE (dataset text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT d.dataset
    FROM lineage.judgement AS j
    JOIN lineage.delivery AS d USING (delivery_id)
    WHERE d.period BETWEEN date_trunc('month', dataset_told.first_day::timestamp)::date AND dataset_told.last_day
        AND j.judged_at <= dataset_told.as_of
        AND (j.rows_in = 0 OR j.rows_loaded + j.rows_unchanged > 0)
    UNION
    SELECT 'utbetalningar'
    WHERE EXISTS (
        SELECT FROM core.utbetalningar AS u
        WHERE u.manad BETWEEN dataset_told.first_day AND dataset_told.last_day
            AND u.known_from <= dataset_told.as_of AND dataset_told.as_of < u.known_to
    )
    UNION
    SELECT 'narvaro'
    WHERE EXISTS (
        SELECT FROM core.narvaro_manad AS m
        WHERE m.period BETWEEN dataset_told.first_day AND dataset_told.last_day
            AND m.known_from <= dataset_told.as_of AND dataset_told.as_of < m.known_to
    )
$$;
COMMENT ON FUNCTION register.dataset_told IS 'Datasets that anything was delivered of for the months of a period, as known at a time';
GRANT EXECUTE ON FUNCTION register.dataset_told TO arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;

RESET ROLE;
