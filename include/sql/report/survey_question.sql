-- indicator.survey_question(as_of): one row is one question of one year's survey, in the wording that was asked that year.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of reports get wordings without reaching core. Two years' marks compare only where the version
-- of the wording is the same.
CREATE OR REPLACE FUNCTION indicator.survey_question(as_of timestamptz)
RETURNS TABLE (survey_year integer, fraga_id text, block text, wording text, wording_version text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT q.enkat_ar, q.fraga_id, q.block, q."text", q.ordalydelse_version
    FROM core.survey_question(survey_question.as_of) AS q
$$;
COMMENT ON FUNCTION indicator.survey_question IS 'Questions of each year''s survey in the wording that was asked, as known at a time';
GRANT EXECUTE ON FUNCTION indicator.survey_question TO arshjul_report, arshjul_compute, arshjul_audit;

RESET ROLE;
