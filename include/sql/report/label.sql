-- indicator.label(as_of): one row is a code of a breakdown with the words and the order that readers see.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of reports get names of programmes and providers without reaching core. A question stands in
-- the wording it was last asked in; which one a certain year's survey had, indicator.survey_question tells.
CREATE OR REPLACE FUNCTION indicator.label(as_of timestamptz)
RETURNS TABLE (breakdown text, code text, title text, place bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT list.breakdown, c.code, c.title, c.position::bigint
    FROM (VALUES
        ('insatstyper', 'insatstyp'), ('avslutsorsaker', 'avslutsorsak'), ('enkatblock', 'block'),
        ('arendetyper', 'typ'), ('arendekategorier', 'kategori'), ('atgardskallor', 'kalla'),
        ('kontrollnivaer', 'niva')
    ) AS list (code_list, breakdown)
    JOIN core.code AS c USING (code_list)
    WHERE c.known_from <= label.as_of AND label.as_of < c.known_to
    UNION ALL
    SELECT 'anordnare', p.orgnr, p.namn, row_number() OVER (ORDER BY p.orgnr)
    FROM core.provider(label.as_of) AS p
    UNION ALL
    SELECT 'objekt_id', o.objekt_id, o.namn, row_number() OVER (ORDER BY o.objekt_id)
    FROM core.follow_up_object(label.as_of) AS o
    UNION ALL
    SELECT 'fraga_id', q.fraga_id, q."text", row_number() OVER (ORDER BY q.fraga_id)
    FROM (
        SELECT DISTINCT ON (s.fraga_id) s.fraga_id, s."text"
        FROM core.survey_question(label.as_of) AS s
        ORDER BY s.fraga_id, s.enkat_ar DESC
    ) AS q
    UNION ALL
    SELECT fixed.breakdown, fixed.code, fixed.title, fixed.place
    FROM (VALUES
        -- Small providers that the disclosure room merges.
        ('anordnare', 'ovriga', 'Övriga anordnare', 2147483647),
        ('kon', 'kvinna', 'Kvinnor', 1), ('kon', 'man', 'Män', 2),
        ('aldersgrupp', '16-24', '16–24 år', 1), ('aldersgrupp', '25-34', '25–34 år', 2),
        ('aldersgrupp', '35-44', '35–44 år', 3), ('aldersgrupp', '45-54', '45–54 år', 4),
        ('aldersgrupp', '55+', '55 år och äldre', 5), ('aldersgrupp', 'okand', 'Okänd ålder', 6)
    ) AS fixed (breakdown, code, title, place)
$$;
COMMENT ON FUNCTION indicator.label IS 'Codes of breakdowns as readers see them, as known at a time';
GRANT EXECUTE ON FUNCTION indicator.label TO arshjul_report, arshjul_compute, arshjul_audit;

RESET ROLE;
