-- core.enrolment(as_of): one row is one enrolment as its newest delivery month tells it, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.enrolment(as_of timestamptz)
RETURNS TABLE (
    observation_id text,
    anordnare text,
    insats_id text,
    person_id uuid,
    kon text,
    birth_date date,
    insatstyp text,
    anvisad_datum date,
    startdatum date,
    slutdatum date,
    avslutsorsak text,
    kartlaggning_datum date,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        i.sender || '/' || i.insats_id, i.sender, i.insats_id, i.person_id, p.sex, p.birth_date, i.insatstyp,
        i.anvisad_datum, i.startdatum, i.slutdatum, i.avslutsorsak, i.kartlaggning_datum, i.delivery_id, i.row_no
    FROM (
        SELECT DISTINCT ON (n.sender, n.insats_id) n.*
        FROM core.insatser AS n
        WHERE n.known_from <= enrolment.as_of AND enrolment.as_of < n.known_to
        ORDER BY n.sender DESC, n.insats_id DESC, n.period DESC
    ) AS i
    JOIN core.person AS p USING (person_id)
$$;
COMMENT ON FUNCTION core.enrolment IS 'Enrolments as known at a time: the newest delivery month decides';
GRANT EXECUTE ON FUNCTION core.enrolment TO arshjul_intake, arshjul_compute;

RESET ROLE;
