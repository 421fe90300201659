-- one row is an enrolment that ended in the period with a step both at the referral and at the end
SELECT
    p.observation_id,
    p.last_step - p.first_step AS numerator,
    1 AS denominator,
    p.insatstyp,
    p.anordnare,
    p.kon,
    p.sources
FROM core.progress(:as_of) AS p
WHERE p.slutdatum BETWEEN :period_start AND :period_end
    AND p.first_step IS NOT NULL AND p.last_step IS NOT NULL
