-- one row is how many rows one rule of one dataset kept in quarantine at a time; without dataset and rule: all rows then
WITH counting AS (
    -- What counted then: of every dataset, sender and month what had been judged last.
    SELECT DISTINCT ON (m.at, d.dataset, d.sender, d.period) m.at, d.dataset, j.delivery_id
    FROM unnest(:moments::timestamptz[]) AS m (at)
    JOIN lineage.judgement AS j ON j.judged_at <= m.at
    JOIN lineage.delivery AS d ON d.delivery_id = j.delivery_id
    WHERE d.dataset = coalesce(:dataset, d.dataset)
        AND d.sender = coalesce(:sender, d.sender)
        AND d.period = coalesce(:period, d.period)
    ORDER BY m.at, d.dataset, d.sender, d.period, j.judged_at DESC, j.judgement_id DESC
)
SELECT
    m.at, c.dataset, q.rule,
    count(DISTINCT (q.delivery_id, q.row_no)) FILTER (WHERE q.delivery_id IS NOT NULL) AS rows
FROM unnest(:moments::timestamptz[]) AS m (at)
LEFT JOIN (
    counting AS c
    JOIN quarantine.reason AS q
        ON q.delivery_id = c.delivery_id AND q.known_from <= c.at AND c.at < q.known_to AND q.rule = coalesce(:rule, q.rule)
) ON c.at = m.at
GROUP BY GROUPING SETS ((m.at), (m.at, c.dataset, q.rule))
HAVING GROUPING(c.dataset) = 1 OR c.dataset IS NOT NULL
ORDER BY m.at, c.dataset NULLS FIRST, rows DESC, q.rule
