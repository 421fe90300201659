-- one row is one case of a provider as it was known at a time: how it ended only if it had ended by then
SELECT
    c.provider_case_id, c.provider, c.kind, c.received_on, c.subject,
    CASE WHEN c.closed_at <= known.at THEN c.outcome END AS outcome,
    CASE WHEN c.closed_at <= known.at THEN c.decision END AS decision,
    CASE WHEN c.closed_at <= known.at THEN c.closed_on END AS closed_on
FROM lineage.provider_case AS c
CROSS JOIN (SELECT coalesce(:as_of::timestamptz, 'infinity') AS at) AS known
WHERE c.opened_at <= known.at
    AND c.provider = coalesce(:provider::text, c.provider)
    AND c.received_on BETWEEN :first::date AND :last::date
ORDER BY c.received_on, c.provider_case_id
