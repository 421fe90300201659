-- register.survey_is_closed(as_of, survey_year, last_day): whether a delivery tells how a year's survey stood after its last day.
SET LOCAL ROLE arshjul_owner;

-- Security definer: a yes or a no for everybody who reads. A delivery month tells what was known at the month's end.
CREATE OR REPLACE FUNCTION register.survey_is_closed(as_of timestamptz, survey_year integer, last_day date)
RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT EXISTS (
        SELECT FROM core.kundenkat_inbjudningar AS i
        WHERE i.enkat_ar = survey_is_closed.survey_year
            AND i.period >= date_trunc('month', survey_is_closed.last_day::timestamp)::date
            AND i.known_from <= survey_is_closed.as_of AND survey_is_closed.as_of < i.known_to
    )
$$;
COMMENT ON FUNCTION register.survey_is_closed IS 'Whether a year''s survey is closed: what was answered by its last day is in';
GRANT EXECUTE ON FUNCTION register.survey_is_closed TO arshjul_report, arshjul_compute, arshjul_publish, arshjul_audit;

RESET ROLE;
