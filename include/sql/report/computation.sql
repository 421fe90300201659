-- one row is the newest computation of a period, of those made before a given one when that is said
SELECT computation_id, period, as_of, catalogue_sha256
FROM indicator.computation
WHERE period = :period AND (:before::bigint IS NULL OR computation_id < :before)
ORDER BY computation_id DESC
LIMIT 1;
