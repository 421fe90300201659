-- one row is a reason why enrolments and months with payable days are not counted
SELECT 'dagar utan utbetalning, och inget pris för insatsen den månaden' AS reason, count(*) AS observations
FROM core.remuneration(:as_of, :period_start, :period_end) AS c
WHERE c.price IS NULL
HAVING count(*) > 0
