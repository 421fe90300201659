-- core.follow_up_object(as_of): one row is one follow-up object as its newest register tells it, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

-- The register is delivered whole: an object that a newer register lacks was closed when that register's month began.
-- The follow-ups that a year must have come one by one; the word inget means none.
CREATE OR REPLACE FUNCTION core.follow_up_object(as_of timestamptz)
RETURNS TABLE (
    objekt_id text,
    typ text,
    namn text,
    motpart text,
    ami_roll text,
    syften text,
    fran date,
    till date,
    diarienummer text,
    anordnare_orgnr text,
    kraver text[],
    closed_from date,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (o.objekt_id)
        o.objekt_id, o.typ, o.namn, o.motpart, o.ami_roll, o.syften, o.fran, o.till, o.diarienummer,
        o.anordnare_orgnr,
        array_remove(array_remove(regexp_split_to_array(lower(o.kraver), '[\s,;]+'), ''), 'inget'),
        (
            SELECT min(later.period)
            FROM core.uppfoljningsobjekt AS later
            WHERE later.period > o.period
                AND later.known_from <= follow_up_object.as_of AND follow_up_object.as_of < later.known_to
        ),
        o.delivery_id, o.row_no
    FROM core.uppfoljningsobjekt AS o
    WHERE o.known_from <= follow_up_object.as_of AND follow_up_object.as_of < o.known_to
    ORDER BY o.objekt_id, o.period DESC
$$;
COMMENT ON FUNCTION core.follow_up_object IS 'The register of follow-up objects as known at a time, with the day each was closed from';
GRANT EXECUTE ON FUNCTION core.follow_up_object TO arshjul_compute;

RESET ROLE;
