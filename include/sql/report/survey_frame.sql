-- register.survey_frame(as_of, frame_day): one row is how many customers one provider has on a day.
SET LOCAL ROLE arshjul_owner;

-- Security definer, unprotected: not for reports.
CREATE OR REPLACE FUNCTION register.survey_frame(as_of timestamptz, frame_day date)
RETURNS TABLE (provider text, customers bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT e.anordnare, count(DISTINCT e.person_id)
    FROM core.enrolment(survey_frame.as_of) AS e
    WHERE e.startdatum <= survey_frame.frame_day
        AND coalesce(e.slutdatum, 'infinity') >= survey_frame.frame_day
    GROUP BY e.anordnare
$$;
COMMENT ON FUNCTION register.survey_frame IS 'Customers of each provider on a day: whom the survey is for; unprotected';
REVOKE EXECUTE ON FUNCTION register.survey_frame FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register.survey_frame TO arshjul_compute, arshjul_publish, arshjul_audit;

RESET ROLE;
