-- one row is one run of a check for a period that ended in a year, with the hash that seals it: proof of an automatic control
WITH run AS (
    SELECT
        r.check_id, r.check_run_id, c.period, c.checked_at, r.is_success, r.waiver_id, c.data_docs,
        CASE
            WHEN c.period ~ '-T[1-3]$' THEN make_date(left(c.period, 4)::integer, 4 * right(c.period, 1)::integer, 28)
            WHEN c.period ~ '^[0-9]{4}$' THEN make_date(c.period::integer, 12, 28)
            ELSE to_date(right(c.period, 7), 'YYYY-MM') + 27
        END AS ends
    FROM lineage.check_result AS r
    JOIN lineage.check_run AS c USING (check_run_id)
    WHERE c.checked_at <= :as_of
      AND r.check_id IN (SELECT k.check_id FROM register.control_point(:as_of) AS k WHERE k.method = 'automatisk')
)
SELECT
    u.check_id, u.check_run_id, u.period, u.checked_at, u.is_success, encode(g.hash, 'hex') AS hash,
    w.reason AS waiver_reason, array_remove(ARRAY[w.requested_by, w.approved_by]::text[], NULL) AS waived_by, u.data_docs
FROM run AS u
JOIN lineage.log AS g
    ON g.event = 'check_result.insert' AND g.data ->> 'check_id' = u.check_id
    AND (g.data ->> 'check_run_id')::bigint = u.check_run_id
LEFT JOIN lineage.waiver AS w ON w.waiver_id = u.waiver_id
WHERE u.ends BETWEEN make_date(:year, 1, 1) AND :last
ORDER BY u.check_id, u.checked_at, u.check_run_id;
