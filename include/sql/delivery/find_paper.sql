-- one row is the working paper with a number, or with a content
SELECT paper_id, report_id, period, subject, content_sha256, files
FROM lineage.paper
WHERE paper_id = :paper_id::bigint OR content_sha256 = :content_sha256::text;
