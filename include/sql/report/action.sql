-- register.action(as_of): one row is one action with the words of its codes and since when it is in its stage.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of registers do not reach core. A stage was entered in the first of the unbroken delivery
-- months up to the newest that tell of it; the day is not known, so the month's first is taken, or the day of decision.
CREATE OR REPLACE FUNCTION register.action(as_of timestamptz)
RETURNS TABLE (
    action_id text,
    source text,
    source_title text,
    source_id text,
    text text,
    responsible text,
    co_responsible text,
    stage text,
    stage_title text,
    stage_since date,
    decided date,
    due date,
    status text,
    status_title text,
    done_on date,
    evidence text,
    indicator_id text,
    expected_effect text,
    delivery_id bigint,
    row_no integer
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    WITH told AS (
        SELECT
            m.atgard_id, m.period, m.pdca,
            count(*) FILTER (WHERE m.is_new) OVER (PARTITION BY m.atgard_id ORDER BY m.period) AS turn
        FROM (
            SELECT
                a.atgard_id, a.period, a.pdca,
                a.pdca IS DISTINCT FROM lag(a.pdca) OVER (PARTITION BY a.atgard_id ORDER BY a.period) AS is_new
            FROM core.atgarder AS a
            WHERE a.known_from <= action.as_of AND action.as_of < a.known_to
        ) AS m
    ), entered AS (
        SELECT DISTINCT ON (t.atgard_id) t.atgard_id, min(t.period) AS since
        FROM told AS t
        GROUP BY t.atgard_id, t.turn
        ORDER BY t.atgard_id, t.turn DESC
    ), word AS (
        SELECT c.code_list, c.code, c.title
        FROM core.code AS c
        WHERE c.known_from <= action.as_of AND action.as_of < c.known_to
    )
    SELECT
        a.atgard_id, a.kalla, coalesce(k.title, a.kalla), a.kall_id, a.beskrivning, a.ansvarig, a.medansvarig,
        a.pdca, coalesce(p.title, a.pdca), greatest(e.since, a.beslutad_datum), a.beslutad_datum, a.forfallodatum,
        a.status, coalesce(s.title, a.status), a.klar_datum, a.bevis, a.indikator_id, a.vantad_effekt,
        a.delivery_id, a.row_no
    FROM core.action(action.as_of) AS a
    JOIN entered AS e ON e.atgard_id = a.atgard_id
    LEFT JOIN word AS k ON k.code_list = 'atgardskallor' AND k.code = a.kalla
    LEFT JOIN word AS p ON p.code_list = 'pdca_faser' AND p.code = a.pdca
    LEFT JOIN word AS s ON s.code_list = 'atgardsstatus' AND s.code = a.status
$$;
COMMENT ON FUNCTION register.action IS 'Actions as known at a time, in words, with the day from which each is in its stage of improvement';
GRANT EXECUTE ON FUNCTION register.action TO arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;

RESET ROLE;
