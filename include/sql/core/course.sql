-- core.course(as_of): one row is one course as its newest delivery month tells it, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.course(as_of timestamptz)
RETURNS TABLE (
    anordnare text,
    kurs_id text,
    namn text,
    slutdatum date,
    deltagare integer,
    utvarderas text,
    skal text,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (k.sender, k.kurs_id)
        k.sender, k.kurs_id, k.namn, k.slutdatum, k.deltagare, k.utvarderas, k.skal, k.delivery_id, k.row_no
    FROM core.kurser AS k
    WHERE k.known_from <= course.as_of AND course.as_of < k.known_to
    ORDER BY k.sender, k.kurs_id, k.period DESC
$$;
COMMENT ON FUNCTION core.course IS 'Courses as known at a time: the newest delivery month decides';
GRANT EXECUTE ON FUNCTION core.course TO arshjul_compute;

RESET ROLE;
