-- one row is a reason why provider-months with enrolments are not counted
SELECT 'uppgift om kapacitet saknas för månaden' AS reason, count(*) AS observations
FROM (SELECT DISTINCT e.anordnare FROM core.enrolment(:as_of) AS e) AS provider
CROSS JOIN generate_series(:period_start::date, :period_end::date, interval '1 month') AS m (first_day)
WHERE NOT EXISTS (
    SELECT
    FROM core.capacity(:as_of) AS k
    WHERE k.anordnare = provider.anordnare AND k.manad = m.first_day
)
-- Asked of the few months that lack their capacity, and not of every enrolment in every month.
AND EXISTS (
    SELECT
    FROM core.enrolment(:as_of) AS e
    WHERE e.anordnare = provider.anordnare
        AND (m.first_day + interval '1 month - 1 day')::date BETWEEN e.startdatum AND coalesce(e.slutdatum, 'infinity')
)
HAVING count(*) > 0
