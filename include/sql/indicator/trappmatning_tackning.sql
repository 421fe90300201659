-- one row is an enrolment that ended in the period
SELECT
    p.observation_id,
    (p.first_step IS NOT NULL AND p.last_step IS NOT NULL)::integer AS numerator,
    1 AS denominator,
    p.insatstyp,
    p.anordnare,
    p.sources
FROM core.progress(:as_of) AS p
WHERE p.slutdatum BETWEEN :period_start AND :period_end
