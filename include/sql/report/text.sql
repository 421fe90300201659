-- indicator.written_text(…): one row is the text of one part of a report about one period, as known at a time.
SET LOCAL ROLE arshjul_owner;

-- Security definer: readers of reports get texts without reaching core. A delivered text says its period in its report's
-- name (tertialrapport/2026-T1), or was written within the days that belong to it. Of several the one with the newest date
-- of writing counts, then the one that came last; the version counts the wordings in the order they became known.
CREATE OR REPLACE FUNCTION indicator.written_text(
    as_of timestamptz, report_ids text[], period text, first_day date, last_day date
)
RETURNS TABLE (
    report_id text,
    section text,
    indicator_id text,
    markdown text,
    author text,
    written_on date,
    version bigint,
    origin text
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    WITH told AS (
        SELECT
            r.report_id, a.avsnitt AS section, a.indikator_id AS indicator_id, a."text" AS markdown,
            a.forfattare AS author, a.datum AS written_on, 'leverans' AS origin,
            a.known_from AS known_at, a.known_to, a.period AS month, 0::bigint AS text_id
        FROM unnest(written_text.report_ids) AS r (report_id)
        JOIN core.analystexter AS a
            ON a.rapport_id IN (r.report_id || '/' || written_text.period, r.report_id || '-' || written_text.period)
            OR (a.rapport_id = r.report_id AND a.datum BETWEEN written_text.first_day AND written_text.last_day)
        WHERE a.known_from <= written_text.as_of
        UNION ALL
        SELECT
            w.report_id, w.section, w.indicator_id, w.markdown,
            w.author, (w.written_at AT TIME ZONE 'Europe/Stockholm')::date, 'formulär',
            w.written_at, 'infinity', NULL, w.text_id
        FROM lineage.written_text AS w
        WHERE w.report_id = ANY (written_text.report_ids)
            AND w.period = written_text.period
            AND w.written_at <= written_text.as_of
    ), compared AS (
        SELECT t.*, t.markdown IS DISTINCT FROM lag(t.markdown) OVER part AS is_new
        FROM told AS t
        WINDOW part AS (
            PARTITION BY t.report_id, t.section, t.indicator_id ORDER BY t.known_at, t.month, t.text_id
        )
    ), numbered AS (
        SELECT c.*, count(*) FILTER (WHERE c.is_new) OVER part AS version
        FROM compared AS c
        WINDOW part AS (
            PARTITION BY c.report_id, c.section, c.indicator_id ORDER BY c.known_at, c.month, c.text_id
        )
    )
    SELECT DISTINCT ON (n.report_id, n.section, n.indicator_id)
        n.report_id, n.section, n.indicator_id, n.markdown, n.author, n.written_on, n.version, n.origin
    FROM numbered AS n
    WHERE n.known_to > written_text.as_of OR n.known_to = 'infinity'
    ORDER BY n.report_id, n.section, n.indicator_id, n.written_on DESC, n.known_at DESC, n.month DESC, n.text_id DESC
$$;
COMMENT ON FUNCTION indicator.written_text IS 'What people have written for reports about a period, as known at a time: the newest wording of every part';
GRANT EXECUTE ON FUNCTION indicator.written_text TO arshjul_report, arshjul_compute, arshjul_publish, arshjul_audit;

RESET ROLE;
