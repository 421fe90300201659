-- one row is a refused delivery for the months of a period, as known at a time
SELECT d.sender, d.dataset, to_char(d.period, 'YYYY-MM') AS period, d.refusal_text
FROM lineage.delivery AS d
WHERE d.status = 'avvisad'
  AND d.finished_at <= :as_of
  AND d.period BETWEEN :period_start AND :period_end
ORDER BY d.period, d.sender, d.dataset, d.delivery_id;
