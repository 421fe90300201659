-- one row is a reason why ended enrolments cannot be measured on the staircase
SELECT
    CASE
        WHEN p.last_step IS NOT NULL THEN 'placering vid anvisning saknas'
        WHEN p.first_step IS NOT NULL THEN 'placering vid avslut saknas'
        ELSE 'placering saknas både vid anvisning och vid avslut'
    END AS reason,
    count(*) AS observations
FROM core.progress(:as_of) AS p
WHERE p.slutdatum BETWEEN :period_start AND :period_end
    AND (p.first_step IS NULL OR p.last_step IS NULL)
GROUP BY 1
