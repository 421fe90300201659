-- one row is the computation that a report of a period was made from, as known at a time, and what it was frozen as
-- First one of exactly that point of knowledge; then what had been published by then; then the newest that was known. The
-- same knowledge may have been computed again: what was published goes before what was not, the first before its repeats.
SELECT
    c.computation_id, c.as_of, k.frozen_at, k.files, p.published_at,
    (
        -- The public table that left with the publication, in the same run; others may have been made later.
        SELECT min(o.protection_id)
        FROM indicator.release AS l
        JOIN indicator.protection AS o USING (protection_id)
        WHERE l.run_id = p.run_id AND l.kind = 'publicering' AND o.computation_id = c.computation_id
    ) AS protection_id
FROM indicator.computation AS c
LEFT JOIN lineage.package AS k ON k.computation_id = c.computation_id AND k.report_id = :report_id
LEFT JOIN published.publication AS p USING (package_id)
WHERE c.period = :period AND c.as_of <= :as_of
ORDER BY
    CASE WHEN c.as_of = :as_of THEN 1 WHEN p.published_at <= :as_of THEN 2 ELSE 3 END,
    CASE WHEN c.as_of <> :as_of AND p.published_at <= :as_of THEN p.publication_id END DESC NULLS LAST,
    c.as_of DESC,
    p.publication_id,
    c.computation_id,
    k.package_id DESC NULLS LAST
LIMIT 1;
