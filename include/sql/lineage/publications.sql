-- one row is one publication, in the order they were made
SELECT p.publication_id, p.report_id, p.period, p.content_sha256, p.published_at
FROM published.publication AS p
ORDER BY p.publication_id
