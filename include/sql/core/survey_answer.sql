-- core.survey_answer(as_of): one row is one answer to one question of the survey, of what was known at as_of.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION core.survey_answer(as_of timestamptz)
RETURNS TABLE (
    inbjudan_id text,
    fraga_id text,
    betyg integer,
    delivery_month date,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT DISTINCT ON (s.inbjudan_id, s.fraga_id)
        s.inbjudan_id, s.fraga_id, s.betyg, s.period, s.delivery_id, s.row_no
    FROM core.kundenkat_svar AS s
    WHERE s.known_from <= survey_answer.as_of AND survey_answer.as_of < s.known_to
    ORDER BY s.inbjudan_id, s.fraga_id, s.period DESC
$$;
COMMENT ON FUNCTION core.survey_answer IS 'Answers of the survey as known at a time: the newest delivery month decides';
GRANT EXECUTE ON FUNCTION core.survey_answer TO arshjul_compute;

RESET ROLE;
