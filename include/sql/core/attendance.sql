-- core.attendance(as_of): one row is one enrolment-day, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.attendance(as_of timestamptz)
RETURNS TABLE (
    anordnare text,
    insats_id text,
    datum date,
    planerade_timmar numeric,
    narvarande_timmar numeric,
    franvaroorsak text,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (n.sender, n.insats_id, n.datum)
        n.sender, n.insats_id, n.datum, n.planerade_timmar, n.narvarande_timmar, n.franvaroorsak, n.delivery_id, n.row_no
    FROM core.narvaro AS n
    WHERE n.known_from <= attendance.as_of AND attendance.as_of < n.known_to
    ORDER BY n.sender DESC, n.insats_id DESC, n.datum DESC, n.period DESC
$$;
COMMENT ON FUNCTION core.attendance IS 'Attendance days as known at a time: the newest delivery month decides';
GRANT EXECUTE ON FUNCTION core.attendance TO arshjul_compute;

RESET ROLE;
