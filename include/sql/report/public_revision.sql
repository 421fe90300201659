-- indicator.public_revision: one row is a figure of a reported period that readers now see with another value.
SET LOCAL ROLE arshjul_owner;

-- Security definer: what a reader may be told of revisions is decided here, and the rest stays in the house. A row is made
-- from two public values only, both shown. The reasons are added when the two are the very values that were compared, and
-- every part of every cell of the same table is nought or at least :few persons, also beside what was told of the period
-- before. One part of a table less would follow from the others, so all are told or none.
CREATE OR REPLACE FUNCTION indicator.public_revision(as_of timestamptz, protections bigint[], few integer)
RETURNS TABLE (
    period text,
    indicator_id text,
    cell jsonb,
    report_id text,
    reported_as_of timestamptz,
    old_numerator numeric,
    old_denominator numeric,
    old_value numeric,
    new_numerator numeric,
    new_denominator numeric,
    new_value numeric,
    parts jsonb
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    WITH reported AS (
        -- The report that readers had of each period then.
        SELECT DISTINCT ON (p.period)
            p.period, p.publication_id, p.report_id, k.as_of, k.computation_id, c.period_start, c.period_end
        FROM published.publication AS p
        JOIN lineage.package AS k USING (package_id)
        JOIN indicator.computation AS c USING (computation_id)
        WHERE p.published_at <= public_revision.as_of
        ORDER BY p.period, p.publication_id DESC
    ),
    shown AS (
        SELECT
            r.*, f.indicator_id, f.cell,
            f.numerator AS old_numerator, f.denominator AS old_denominator, f.value AS old_value,
            v.numerator AS new_numerator, v.denominator AS new_denominator, v.value AS new_value
        FROM reported AS r
        JOIN indicator.computation AS now_computed ON now_computed.period = r.period
        JOIN indicator.protection AS o ON o.computation_id = now_computed.computation_id
        JOIN published.figure AS f ON f.publication_id = r.publication_id
        JOIN indicator.public_value AS v
            ON v.protection_id = o.protection_id AND v.indicator_id = f.indicator_id AND v.cell = f.cell
        WHERE o.protection_id = ANY (public_revision.protections)
            AND NOT f.is_protected AND NOT v.is_protected
            AND (f.numerator, f.denominator, f.value) IS DISTINCT FROM (v.numerator, v.denominator, v.value)
    ),
    review AS (
        SELECT DISTINCT ON (r.computation_id) r.computation_id, w.review_id
        FROM reported AS r
        JOIN indicator.review AS w ON w.old_computation_id = r.computation_id
        JOIN indicator.computation AS n ON n.computation_id = w.new_computation_id
        WHERE n.as_of <= public_revision.as_of
        ORDER BY r.computation_id, n.as_of DESC, w.review_id
    ),
    -- What may have been told before: nothing, or the parts of an earlier review whose values have left the house.
    before AS (
        SELECT w.review_id, NULL::bigint AS earlier_id
        FROM review AS w
        UNION
        SELECT w.review_id, e.review_id
        FROM review AS w
        JOIN indicator.review AS e ON e.old_computation_id = w.computation_id AND e.review_id <> w.review_id
        JOIN indicator.protection AS o ON o.computation_id = e.new_computation_id
        JOIN indicator.release AS l USING (protection_id)
        WHERE l.released_at <= public_revision.as_of
    ),
    difference AS (
        SELECT
            b.review_id, q.indicator_id, q.cell,
            sum(s.sign * q.numerator) AS numerator, sum(s.sign * q.denominator) AS denominator,
            sum(s.sign * q.observations) AS observations
        FROM before AS b
        JOIN indicator.revision_part AS q ON q.review_id IN (b.review_id, b.earlier_id)
        CROSS JOIN LATERAL (SELECT CASE WHEN q.review_id = b.review_id THEN 1 ELSE -1 END AS sign) AS s
        GROUP BY b.review_id, b.earlier_id, q.indicator_id, q.cell, q.kind
    ),
    -- Tables (an indicator and its breakdowns) in which a part is of too few persons.
    untold AS (
        SELECT DISTINCT
            d.review_id, d.indicator_id, ARRAY(SELECT k.key FROM jsonb_object_keys(d.cell) AS k (key) ORDER BY k.key) AS keys
        FROM difference AS d
        JOIN (
            SELECT DISTINCT r.review_id, r.indicator_id, r.disclosure FROM indicator.revision AS r
        ) AS rule ON rule.review_id = d.review_id AND rule.indicator_id = d.indicator_id
        JOIN review AS w ON w.review_id = d.review_id
        JOIN reported AS r ON r.computation_id = w.computation_id
        CROSS JOIN LATERAL (
            SELECT 12 * (extract(year FROM r.period_end) - extract(year FROM r.period_start))
                + extract(month FROM r.period_end) - extract(month FROM r.period_start) + 1 AS months
        ) AS span
        WHERE NOT CASE rule.disclosure
            WHEN 'oppen' THEN true
            WHEN 'antal_personer' THEN d.numerator = 0 OR abs(d.numerator) >= public_revision.few
            WHEN 'andel_personer' THEN
                (d.denominator = 0 OR abs(d.denominator) >= public_revision.few)
                AND (d.numerator = 0 OR abs(d.numerator) >= public_revision.few)
                AND (d.denominator = d.numerator OR abs(d.denominator - d.numerator) >= public_revision.few)
            WHEN 'medel_personer' THEN
                (d.observations = 0 AND d.numerator = 0) OR abs(d.observations) >= public_revision.few
            WHEN 'kvot_personer' THEN
                d.numerator = 0 OR abs(d.numerator) >= public_revision.few * span.months
            -- How many persons stand behind a part of an amount is not known.
            ELSE d.numerator = 0 AND coalesce(d.denominator, 0) = 0
        END
    )
    SELECT
        s.period, s.indicator_id, s.cell, s.report_id, s.as_of,
        s.old_numerator, s.old_denominator, s.old_value, s.new_numerator, s.new_denominator, s.new_value,
        (
            SELECT jsonb_agg(jsonb_build_object('reason', q.kind, 'value', q.value::text) ORDER BY q.kind)
            FROM review AS w
            JOIN indicator.revision AS r
                ON r.review_id = w.review_id AND r.indicator_id = s.indicator_id AND r.cell = s.cell
            JOIN indicator.revision_part AS q
                ON q.review_id = w.review_id AND q.indicator_id = s.indicator_id AND q.cell = s.cell
            WHERE w.computation_id = s.computation_id
                AND (r.old_numerator, r.old_denominator, r.old_value)
                IS NOT DISTINCT FROM (s.old_numerator, s.old_denominator, s.old_value)
                AND (r.new_numerator, r.new_denominator, r.new_value)
                IS NOT DISTINCT FROM (s.new_numerator, s.new_denominator, s.new_value)
                AND q.value IS NOT NULL
                AND NOT EXISTS (
                    SELECT FROM untold AS u
                    WHERE u.review_id = w.review_id AND u.indicator_id = s.indicator_id
                        AND u.keys = ARRAY(SELECT k.key FROM jsonb_object_keys(s.cell) AS k (key) ORDER BY k.key)
                )
        )
    FROM shown AS s
$$;
COMMENT ON FUNCTION indicator.public_revision IS
'Figures of reported periods that readers see with another value, and why where that reveals nobody';
GRANT EXECUTE ON FUNCTION indicator.public_revision TO arshjul_report, arshjul_compute, arshjul_audit;

RESET ROLE;
