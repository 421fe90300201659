-- true when a provider has a current delivery for the month
SELECT EXISTS (
    SELECT FROM lineage.delivery AS d
    WHERE d.is_current AND d.period = :period AND d.dataset = 'insatser'
) AS has_deliveries;
