-- register.survey_response(as_of, survey_year): one row is an invitation to one year's survey, without its id.
SET LOCAL ROLE arshjul_owner;

-- Security definer: counts of invitations without reaching core. Unprotected: not for reports, which have svarsfrekvens.
CREATE OR REPLACE FUNCTION register.survey_response(as_of timestamptz, survey_year integer)
RETURNS TABLE (provider text, channel text, channel_title text, sent date, status text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT i.anordnare, i.kanal, coalesce(c.title, i.kanal), i.skickad_datum, i.status
    FROM core.invitation(survey_response.as_of) AS i
    LEFT JOIN core.code AS c
        ON c.code_list = 'inbjudningskanaler' AND c.code = i.kanal
        AND c.known_from <= survey_response.as_of AND survey_response.as_of < c.known_to
    WHERE i.enkat_ar = survey_response.survey_year
$$;
COMMENT ON FUNCTION register.survey_response IS 'Invitations to a year''s survey and how far each has come; unprotected';
REVOKE EXECUTE ON FUNCTION register.survey_response FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.survey_response TO arshjul_compute, arshjul_publish, arshjul_audit;

RESET ROLE;
