-- Writes in the ledger how many cells each page held, and how many of them were new or changed when it was loaded.
UPDATE lineage.delivery AS d
SET rows_in = n.rows_in, rows_loaded = n.rows_loaded, rows_unchanged = n.rows_in - n.rows_loaded
FROM (
    SELECT i.delivery_id, count(*) AS rows_in, count(v.delivery_id) AS rows_loaded
    FROM incoming_value AS i
    LEFT JOIN core.statistics_value AS v
        ON v.source = :source AND v.delivery_id = i.delivery_id AND v.row_no = i.row_no AND v.known_to = 'infinity'
    GROUP BY i.delivery_id
) AS n
WHERE d.delivery_id = n.delivery_id
    AND (d.rows_in, d.rows_loaded) <> (n.rows_in, n.rows_loaded);
