-- one row is a delivery that counts, is or was about to be corrected, and was judged before the newest register of corrections
SELECT d.delivery_id
FROM lineage.delivery AS d
WHERE d.is_current
    AND d.dataset <> 'rattelser'
    AND d.judged_at < (SELECT max(n.judged_at) FROM lineage.delivery AS n WHERE n.is_current AND n.dataset = 'rattelser')
    AND EXISTS (
        SELECT FROM core.rattelser AS r
        WHERE r.dataset = d.dataset AND r.avsandare_orgnr = d.sender AND r.manad = d.period
    )
ORDER BY d.delivery_id
