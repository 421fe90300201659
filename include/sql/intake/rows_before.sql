-- one row is the delivery to compare with: the one this replaces, else the sender's latest for an earlier month
SELECT d.period, d.rows_in
FROM lineage.delivery AS d
WHERE d.is_current AND d.dataset = :dataset AND d.sender = :sender AND d.period <= :period AND d.delivery_id <> :delivery_id
ORDER BY d.period DESC
LIMIT 1
