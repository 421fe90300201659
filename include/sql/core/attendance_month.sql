-- core.attendance_month(as_of): one row is the attendance of one enrolment in one month, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.attendance_month(as_of timestamptz)
RETURNS TABLE (
    anordnare text,
    insats_id text,
    manad date,
    days integer,
    days_attended integer,
    planned_hours numeric,
    attended_hours numeric,
    delivery_id bigint
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        m.sender, m.insats_id, m.period, m.days, m.days_attended, m.planned_hours, m.attended_hours, m.delivery_id
    FROM core.narvaro_manad AS m
    WHERE m.known_from <= attendance_month.as_of AND attendance_month.as_of < m.known_to
$$;
COMMENT ON FUNCTION core.attendance_month IS 'Attendance by enrolment and month as known at a time';
GRANT EXECUTE ON FUNCTION core.attendance_month TO arshjul_compute;

RESET ROLE;
