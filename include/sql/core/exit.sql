-- core.exit(as_of): one row is one ended enrolment and what its exit reason counts as under the three definitions.
SET LOCAL ROLE arshjul_owner;

-- A reason that the code list did not have at as_of is outside every denominator: it is then counted as left out, not lost.
CREATE OR REPLACE FUNCTION core.exit(as_of timestamptz)
RETURNS TABLE (
    observation_id text,
    anordnare text,
    insats_id text,
    kon text,
    birth_date date,
    insatstyp text,
    startdatum date,
    slutdatum date,
    avslutsorsak text,
    own text,
    kolada text,
    lenient text,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        e.observation_id, e.anordnare, e.insats_id, e.kon, e.birth_date, e.insatstyp, e.startdatum, e.slutdatum,
        e.avslutsorsak,
        coalesce(c.attributes ->> 'own', 'outside'),
        coalesce(c.attributes ->> 'kolada', 'outside'),
        coalesce(c.attributes ->> 'lenient', 'outside'),
        e.delivery_id, e.row_no
    FROM core.enrolment(exit.as_of) AS e
    LEFT JOIN core.code AS c
        ON c.code_list = 'avslutsorsaker' AND c.code = e.avslutsorsak
        AND c.known_from <= exit.as_of AND exit.as_of < c.known_to
    WHERE e.slutdatum IS NOT NULL
$$;
COMMENT ON FUNCTION core.exit IS 'Ended enrolments as known at a time, with reached, not or outside for each definition';
GRANT EXECUTE ON FUNCTION core.exit TO arshjul_compute;

RESET ROLE;
