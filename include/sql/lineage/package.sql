-- one row is the package with this number
SELECT
    package_id, run_id, report_id, period, as_of, computation_id, content_sha256, files, prepared_by, frozen_at
FROM lineage.package
WHERE package_id = :package_id;
