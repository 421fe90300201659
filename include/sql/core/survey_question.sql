-- core.survey_question(as_of): one row is one question of one year's survey, in the wording that was asked that year.
SET LOCAL ROLE arshjul_owner;

-- A question's wordings do not say which survey they were used in. The one that was asked in a year is the newest that had
-- been delivered when the year ended; a survey older than every delivery was asked in the first wording. Of wordings that
-- came in the same month the higher version is the newer one (9 before 10, 2025 before 2026).
CREATE OR REPLACE FUNCTION core.survey_question(as_of timestamptz)
RETURNS TABLE (
    enkat_ar integer,
    fraga_id text,
    block text,
    "text" text,
    ordalydelse_version text,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    WITH wording AS (
        SELECT DISTINCT ON (f.fraga_id, f.ordalydelse_version)
            f.*, min(f.period) OVER (PARTITION BY f.fraga_id, f.ordalydelse_version) AS first_month
        FROM core.kundenkat_fragor AS f
        WHERE f.known_from <= survey_question.as_of AND survey_question.as_of < f.known_to
        ORDER BY f.fraga_id, f.ordalydelse_version, f.period DESC
    )
    SELECT DISTINCT ON (survey.enkat_ar, w.fraga_id)
        survey.enkat_ar, w.fraga_id, w.block, w."text", w.ordalydelse_version, w.delivery_id, w.row_no
    FROM (SELECT DISTINCT i.enkat_ar FROM core.invitation(survey_question.as_of) AS i) AS survey
    CROSS JOIN wording AS w
    CROSS JOIN LATERAL (SELECT w.first_month <= make_date(survey.enkat_ar, 12, 31) AS was_there) AS known
    ORDER BY
        survey.enkat_ar, w.fraga_id, known.was_there DESC,
        CASE WHEN known.was_there THEN w.first_month END DESC,
        CASE WHEN known.was_there THEN length(w.ordalydelse_version) END DESC,
        CASE WHEN known.was_there THEN w.ordalydelse_version END DESC,
        w.first_month, length(w.ordalydelse_version), w.ordalydelse_version
$$;
COMMENT ON FUNCTION core.survey_question IS 'Questions of each year''s survey in the wording that was asked, as known at a time';
GRANT EXECUTE ON FUNCTION core.survey_question TO arshjul_compute;

RESET ROLE;
