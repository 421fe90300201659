-- one row is a dataset and sender of which something became known, or may have, between two times; nulls mean any
-- What a delivery says became known between its arrival and its judgement, which the ledger has the times of.
SELECT d.dataset, d.sender
FROM lineage.delivery AS d
LEFT JOIN lineage.judgement AS j USING (delivery_id)
WHERE d.status IN ('landad', 'mottagen') AND d.received_at <= :later
    AND coalesce(j.judged_at, d.received_at) >= :earlier
UNION
SELECT 'code', NULL
FROM core.code AS c
WHERE c.known_from BETWEEN :earlier AND :later OR c.known_to BETWEEN :earlier AND :later
