-- one row is a reason why courses that ended in the period need no evaluation
SELECT 'kursen utvärderas inte, med angivet skäl' AS reason, count(*) AS observations
FROM core.course(:as_of) AS c
WHERE c.slutdatum BETWEEN :period_start AND :period_end AND c.utvarderas = 'nej' AND c.skal IS NOT NULL
HAVING count(*) > 0
