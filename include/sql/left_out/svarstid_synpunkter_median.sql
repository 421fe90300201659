-- one row is a reason why cases received in the period have no time to answer
SELECT
    CASE
        WHEN s.avslutad_datum IS NULL THEN 'ärendet är inte besvarat ännu'
        ELSE 'ärendet är avslutat utan svar'
    END AS reason,
    count(*) AS observations
FROM core.complaint(:as_of) AS s
WHERE s.inkom_datum BETWEEN :period_start AND :period_end AND s.besvarad_datum IS NULL
GROUP BY 1
