-- one row is a dataset that a provider authorised in the month has not delivered for it
SELECT p.orgnr, p.namn, expected.dataset
FROM core.provider(clock_timestamp()) AS p
CROSS JOIN unnest(:datasets::text[]) WITH ORDINALITY AS expected (dataset, position)
WHERE p.auktoriserad_fran <= :month_end
    AND coalesce(p.auktoriserad_till, 'infinity') >= :month_start
    AND NOT EXISTS (
        SELECT FROM lineage.delivery AS d
        WHERE d.is_current AND d.dataset = expected.dataset AND d.sender = p.orgnr AND d.period = :month_start
    )
ORDER BY p.namn, p.orgnr, expected.position;
