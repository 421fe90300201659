-- one row is the newest computation of a period at or before a time by the same definitions, of those made after another
SELECT computation_id, period, as_of, run_id, catalogue_sha256, computed_at
FROM indicator.computation
WHERE period = :period AND computation_id > :after AND as_of <= :until AND catalogue_sha256 = :catalogue_sha256
ORDER BY as_of DESC, computation_id DESC
LIMIT 1
