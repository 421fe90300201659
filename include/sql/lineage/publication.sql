-- one row is the publication with this number
SELECT publication_id, package_id, run_id, report_id, period, content_sha256, published_at
FROM published.publication
WHERE publication_id = :publication_id;
