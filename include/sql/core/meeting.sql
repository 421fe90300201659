-- core.meeting(as_of): one row is one meeting of a board as its newest register tells it, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

-- The register is delivered whole: a meeting that a newer register lacks was closed when that register's month began. One
-- that was closed before its day was called off.
CREATE OR REPLACE FUNCTION core.meeting(as_of timestamptz)
RETURNS TABLE (
    organ text,
    datum date,
    utskick_datum date,
    closed_from date,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (s.organ, s.datum)
        s.organ, s.datum, s.utskick_datum,
        (
            SELECT min(later.period)
            FROM core.sammantraden AS later
            WHERE later.period > s.period
                AND later.known_from <= meeting.as_of AND meeting.as_of < later.known_to
        ),
        s.delivery_id, s.row_no
    FROM core.sammantraden AS s
    WHERE s.known_from <= meeting.as_of AND meeting.as_of < s.known_to
    ORDER BY s.organ, s.datum, s.period DESC
$$;
COMMENT ON FUNCTION core.meeting IS 'The register of meetings as known at a time, with the day each was closed from';
GRANT EXECUTE ON FUNCTION core.meeting TO arshjul_compute;

RESET ROLE;
