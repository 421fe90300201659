-- one row is a landed page of a fetch, in the order they came
SELECT p.page_no, p.kind, p.request, p.delivery_id, d.sha256
FROM core.statistics_page AS p
JOIN lineage.delivery AS d USING (delivery_id)
WHERE p.fetch_id = :fetch_id
ORDER BY p.page_no;
