-- indicator.goal(as_of, year): one row is a goal of the council or the board, with the version of its threshold and since when.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of reports get goals without reaching core. A threshold is what a value is judged by: target,
-- direction and tolerance. Its versions are counted over what we knew at every moment something was told of the goal, so
-- that an old report keeps the threshold, and its number, that applied then.
CREATE OR REPLACE FUNCTION indicator.goal(as_of timestamptz, year integer)
RETURNS TABLE (
    mal_id text,
    level text,
    parent_id text,
    goal text,
    indicator_id text,
    insatstyp text,
    target numeric,
    direction text,
    tolerance numeric,
    is_followed boolean,
    closed_from date,
    version bigint,
    version_from timestamptz,
    delivery_id bigint
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    WITH moment AS (
        SELECT m.mal_id, m.known_from AS at FROM core.mal AS m WHERE m.known_from <= goal.as_of
        UNION
        SELECT m.mal_id, m.known_to FROM core.mal AS m WHERE m.known_to <= goal.as_of
    ), threshold AS (
        SELECT o.mal_id, o.at, row(m.malvarde, m.riktning, m.tolerans) AS rule
        FROM moment AS o
        CROSS JOIN LATERAL (
            SELECT n.malvarde, n.riktning, n.tolerans
            FROM core.mal AS n
            WHERE n.mal_id = o.mal_id AND n.known_from <= o.at AND o.at < n.known_to
            ORDER BY n.period DESC
            LIMIT 1
        ) AS m
    ), changed AS (
        SELECT t.mal_id, t.at, t.rule IS DISTINCT FROM lag(t.rule) OVER (PARTITION BY t.mal_id ORDER BY t.at) AS is_new
        FROM threshold AS t
    ), versions AS (
        SELECT c.mal_id, count(*) AS version, max(c.at) AS version_from FROM changed AS c WHERE c.is_new GROUP BY c.mal_id
    )
    SELECT
        g.mal_id, g.niva, g.overordnat_mal_id, g."text", g.indikator_id, g.insatstyp, g.malvarde, g.riktning, g.tolerans,
        g.sarskilt_folja = 'ja', g.closed_from, v.version, v.version_from, g.delivery_id
    FROM core.goal(goal.as_of) AS g
    JOIN versions AS v ON v.mal_id = g.mal_id
    WHERE g.ar = goal.year
$$;
COMMENT ON FUNCTION indicator.goal IS 'The goals of a year as known at a time, with the version of each threshold and since when it is known';
GRANT EXECUTE ON FUNCTION indicator.goal TO arshjul_report, arshjul_compute, arshjul_audit;

RESET ROLE;
