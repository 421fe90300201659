-- one row is what had been computed for a period at a point of knowledge: the newest of what was known then
SELECT computation_id, period, as_of
FROM indicator.computation
WHERE period = :period AND as_of <= :as_of
ORDER BY as_of DESC, computation_id DESC
LIMIT 1;
