-- one row is an enrolment and month with a payment or payable days; persons decide protection
SELECT
    c.observation_id,
    c.paid - c.payable_days * c.price AS numerator,
    NULL::numeric AS denominator,
    c.anordnare,
    c.unit AS disclosure_unit,
    c.sources
FROM core.remuneration(:as_of, :period_start, :period_end) AS c
WHERE c.price IS NOT NULL
