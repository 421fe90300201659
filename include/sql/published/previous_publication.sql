-- one row is the number of the publication that a publication replaces: the one before it of the same report and period
SELECT max(o.publication_id) AS publication_id
FROM published.publication AS n
JOIN published.publication AS o USING (report_id, period)
WHERE n.publication_id = :publication_id AND o.publication_id < n.publication_id;
