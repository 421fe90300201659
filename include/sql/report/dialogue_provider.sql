-- register.dialogue_provider(as_of, year, more_than): one row is a provider that a year's dialogue is to be held with.
SET LOCAL ROLE arshjul_owner;

-- Security definer: gives the list and never how many customers anybody had. Strictly more than the threshold.
CREATE OR REPLACE FUNCTION register.dialogue_provider(as_of timestamptz, year integer, more_than integer)
RETURNS TABLE (provider text, name text, email text, held date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT p.orgnr, p.namn, coalesce(p.epost, ''), (
        SELECT max(d.datum)
        FROM core.dialogue(dialogue_provider.as_of) AS d
        WHERE d.anordnare = p.orgnr AND extract(year FROM d.datum) = dialogue_provider.year
    )
    FROM core.provider(dialogue_provider.as_of) AS p
    JOIN (
        SELECT e.anordnare
        FROM core.enrolment(dialogue_provider.as_of) AS e
        WHERE e.startdatum <= make_date(dialogue_provider.year - 1, 12, 31)
            AND coalesce(e.slutdatum, 'infinity') >= make_date(dialogue_provider.year - 1, 1, 1)
        GROUP BY e.anordnare
        HAVING count(DISTINCT e.person_id) > dialogue_provider.more_than
    ) AS large ON large.anordnare = p.orgnr
$$;
COMMENT ON FUNCTION register.dialogue_provider IS
'Providers with more customers the year before than a threshold: with them the yearly dialogue is held';
GRANT EXECUTE ON FUNCTION register.dialogue_provider TO arshjul_report, arshjul_compute, arshjul_publish, arshjul_audit;

RESET ROLE;
