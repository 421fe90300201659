-- one row is what a manifest says of the computation and of the code that made the package
SELECT c.period, c.as_of, c.catalogue_sha256, r.code_version
FROM indicator.computation AS c
JOIN lineage.run AS r ON r.run_id = :run_id
WHERE c.computation_id = :computation_id;
