-- one row is what the ledger says of the newest report of one tertial, as known at a time; empty where none was published
WITH publication AS (
    SELECT p.*, k.computation_id
    FROM published.publication AS p
    JOIN lineage.package AS k USING (package_id)
    WHERE p.report_id = 'tertialrapport' AND p.period = :period AND p.published_at <= :as_of
), newest AS (
    SELECT * FROM publication ORDER BY publication_id DESC LIMIT 1
), meeting AS (
    SELECT d.day, d.sent_on
    FROM lineage.calendar_day(:as_of) AS d
    WHERE d.kind = 'sammantrade' AND d.name = :organ AND d.sent_on >= :ended::date + :days_to_write::integer
    ORDER BY d.sent_on
    LIMIT 1
)
SELECT
    n.publication_id,
    -- Where a year is played, the day that counts is the activity's own.
    coalesce(
        (SELECT min(e.on_day) FROM lineage.activity_event AS e WHERE e.run_id = n.run_id AND e.kind = 'klar'),
        (n.published_at AT TIME ZONE 'Europe/Stockholm')::date
    ) AS published_on,
    n.content_sha256,
    (SELECT count(*) FROM published.figure AS f WHERE f.publication_id = n.publication_id) AS figures,
    coalesce(
        (SELECT count(DISTINCT c.stage) = 2 FROM lineage.deciding_check_run(n.computation_id, n.published_at) AS c
         WHERE c.stage IN ('core', 'indicator'))
        AND EXISTS (SELECT FROM lineage.log AS g
                    WHERE g.event = 'publication.insert' AND (g.data ->> 'publication_id')::bigint = n.publication_id
                      AND g.data ->> 'content_sha256' = n.content_sha256)
        AND EXISTS (SELECT FROM lineage.log AS g
                    WHERE g.event = 'figure.insert' AND g.data = published.figures_seal(n.publication_id)),
        false
    ) AS is_lineage_complete,
    (
        SELECT count(DISTINCT lower(a.person))
        FROM lineage.approval AS a
        WHERE a.package_id = n.package_id AND a.content_sha256 = n.content_sha256 AND a.decision = 'godkand'
    ) AS approvers,
    (SELECT count(*) FROM publication) AS publications,
    register.revised_figures(:as_of, n.publication_id) AS revised_figures,
    m.sent_on AS dispatch,
    m.day AS meeting
FROM (VALUES (1)) AS one (row)
LEFT JOIN newest AS n ON true
LEFT JOIN meeting AS m ON true;
