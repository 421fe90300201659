-- one row is one decision about a package, in the order they were made
SELECT approval_id, package_id, content_sha256, step, person, decision, comment, decided_at
FROM lineage.approval
WHERE package_id = :package_id
ORDER BY approval_id;
