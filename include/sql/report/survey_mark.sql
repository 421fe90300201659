-- register.survey_mark(as_of, survey_year): one row is one question of one year's survey with how it was answered.
SET LOCAL ROLE arshjul_owner;

-- Security definer, unprotected: not for reports, which have kundnojdhet.
CREATE OR REPLACE FUNCTION register.survey_mark(as_of timestamptz, survey_year integer)
RETURNS TABLE (
    question_id text, block text, wording text, wording_version text, answers bigint, sum_of_marks bigint
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT q.fraga_id, q.block, q."text", q.ordalydelse_version, count(a.betyg), coalesce(sum(a.betyg), 0)
    FROM core.survey_question(survey_mark.as_of) AS q
    LEFT JOIN (
        SELECT s.fraga_id, s.betyg
        FROM core.survey_answer(survey_mark.as_of) AS s
        JOIN core.invitation(survey_mark.as_of) AS i USING (inbjudan_id)
        WHERE i.enkat_ar = survey_mark.survey_year
    ) AS a ON a.fraga_id = q.fraga_id
    WHERE q.enkat_ar = survey_mark.survey_year
    GROUP BY q.fraga_id, q.block, q."text", q.ordalydelse_version
$$;
COMMENT ON FUNCTION register.survey_mark IS 'Answers to each question of a year''s survey, partial ones too; unprotected';
REVOKE EXECUTE ON FUNCTION register.survey_mark FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.survey_mark TO arshjul_compute, arshjul_publish, arshjul_audit;

RESET ROLE;
