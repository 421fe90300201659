-- Release a package, unless it already is released; the database refuses what is not approved and checked.
INSERT INTO published.publication (package_id, run_id, report_id, period, content_sha256)
SELECT p.package_id, :run_id, p.report_id, p.period, :content_sha256
FROM lineage.package AS p
WHERE p.package_id = :package_id
ON CONFLICT (package_id) DO NOTHING
RETURNING publication_id;
