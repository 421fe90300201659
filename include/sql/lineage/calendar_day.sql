-- lineage.calendar_day(as_of): one row is a day that activities of the year are bound to, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

-- Security definer: the wheel is read by those who remind, publish and report, and none of them reaches core. A day only:
-- no participant and no note.
CREATE OR REPLACE FUNCTION lineage.calendar_day(as_of timestamptz)
RETURNS TABLE (
    kind text,
    name text,
    day date,
    sent_on date
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    -- A meeting that was closed before its day was called off.
    SELECT 'sammantrade', m.organ, m.datum, m.utskick_datum
    FROM core.meeting(calendar_day.as_of) AS m
    WHERE m.closed_from IS NULL OR m.closed_from > m.datum
    UNION
    SELECT 'besok', v.typ, v.datum, NULL::date
    FROM core.visit(calendar_day.as_of) AS v
    WHERE v.status <> 'installt'
$$;
COMMENT ON FUNCTION lineage.calendar_day IS 'Meetings of boards and days of visits that are not called off, as known at a time';
GRANT EXECUTE ON FUNCTION lineage.calendar_day TO arshjul_intake, arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;

RESET ROLE;
