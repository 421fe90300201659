-- register.deficiency(as_of): one row is one view or complaint that shows a deficiency, with the actions that come of it.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of registers do not reach core. No words of the person who complained, and only cases with a
-- deficiency: counts of all cases are figures, and go through disclosure control.
CREATE OR REPLACE FUNCTION register.deficiency(as_of timestamptz)
RETURNS TABLE (
    case_id text,
    received date,
    kind text,
    kind_title text,
    object_id text,
    category text,
    category_title text,
    action_ids text[]
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    WITH word AS (
        SELECT c.code_list, c.code, c.title
        FROM core.code AS c
        WHERE c.known_from <= deficiency.as_of AND deficiency.as_of < c.known_to
    ), linked AS (
        SELECT a.kall_id, array_agg(a.atgard_id ORDER BY a.atgard_id COLLATE "C") AS action_ids
        FROM core.action(deficiency.as_of) AS a
        WHERE a.kalla = 'klagomal'
        GROUP BY a.kall_id
    )
    SELECT
        s.arende_id, s.inkom_datum, s.typ, coalesce(t.title, s.typ), s.objekt_id, s.kategori,
        coalesce(k.title, s.kategori),
        coalesce(l.action_ids, '{}') ||
            CASE WHEN s.atgard_id IS NULL OR s.atgard_id = ANY (l.action_ids) THEN '{}' ELSE ARRAY[s.atgard_id] END
    FROM core.complaint(deficiency.as_of) AS s
    LEFT JOIN linked AS l ON l.kall_id = s.arende_id
    LEFT JOIN word AS t ON t.code_list = 'arendetyper' AND t.code = s.typ
    LEFT JOIN word AS k ON k.code_list = 'arendekategorier' AND k.code = s.kategori
    WHERE s.brist = 'ja'
$$;
COMMENT ON FUNCTION register.deficiency IS 'Cases that show a deficiency as known at a time, without their words, with the actions that come of them';
GRANT EXECUTE ON FUNCTION register.deficiency TO arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;

RESET ROLE;
