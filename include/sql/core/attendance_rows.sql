-- core.attendance_rows(as_of, provider, manad, insats_id): one row is one day behind one enrolment's month of attendance.
SET LOCAL ROLE arshjul_owner;

-- What is still known and what was closed later have an index each: whoever traces a figure reads no more than its rows.
CREATE OR REPLACE FUNCTION core.attendance_rows(as_of timestamptz, provider text, manad date, insats_id text)
RETURNS TABLE (
    anordnare text,
    datum date,
    narvarande_timmar numeric,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT n.sender, n.datum, n.narvarande_timmar, n.delivery_id, n.row_no
    FROM core.narvaro AS n
    WHERE n.sender = attendance_rows.provider AND n.period = attendance_rows.manad
        AND n.insats_id = attendance_rows.insats_id
        AND n.known_from <= attendance_rows.as_of AND n.known_to = 'infinity'
    UNION ALL
    SELECT n.sender, n.datum, n.narvarande_timmar, n.delivery_id, n.row_no
    FROM core.narvaro AS n
    WHERE n.sender = attendance_rows.provider AND n.period = attendance_rows.manad
        AND n.insats_id = attendance_rows.insats_id
        AND n.known_from <= attendance_rows.as_of AND attendance_rows.as_of < n.known_to
        AND n.known_to < 'infinity'
$$;
COMMENT ON FUNCTION core.attendance_rows IS 'Every day behind one enrolment''s month of attendance, as known at a time';
GRANT EXECUTE ON FUNCTION core.attendance_rows TO arshjul_compute;

RESET ROLE;
