-- core.course_answer(as_of): one row is one answer to one question of a course evaluation, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.course_answer(as_of timestamptz)
RETURNS TABLE (
    anordnare text,
    kurs_id text,
    svar_nr text,
    fraga text,
    betyg integer,
    delivery_month date,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (k.sender, k.kurs_id, k.svar_nr, k.fraga)
        k.sender, k.kurs_id, k.svar_nr, k.fraga, k.betyg, k.period, k.delivery_id, k.row_no
    FROM core.kursutvarderingar AS k
    WHERE k.known_from <= course_answer.as_of AND course_answer.as_of < k.known_to
    ORDER BY k.sender, k.kurs_id, k.svar_nr, k.fraga, k.period DESC
$$;
COMMENT ON FUNCTION core.course_answer IS 'Answers of course evaluations as known at a time: the newest delivery month decides';
GRANT EXECUTE ON FUNCTION core.course_answer TO arshjul_compute;

RESET ROLE;
