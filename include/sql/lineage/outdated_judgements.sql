-- one row is how many deliveries of a dataset count and were judged by other rules than the catalogue's
SELECT d.dataset, count(*) AS deliveries
FROM lineage.delivery AS d
JOIN jsonb_each_text(:fingerprints::jsonb) AS f (dataset, sha256) ON f.dataset = d.dataset
WHERE d.is_current AND d.rules_sha256 <> f.sha256
GROUP BY d.dataset
ORDER BY d.dataset;
