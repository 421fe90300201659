-- one row is a reason why provider-months with enrolments are not counted
SELECT 'uppgift om kapacitet saknas för månaden' AS reason, count(*) AS observations
FROM (
    SELECT DISTINCT e.anordnare, m.first_day
    FROM generate_series(:period_start::date, :period_end::date, interval '1 month') AS m (first_day)
    JOIN core.enrolment(:as_of) AS e
        ON (m.first_day + interval '1 month - 1 day')::date BETWEEN e.startdatum AND coalesce(e.slutdatum, 'infinity')
) AS provider_month
WHERE NOT EXISTS (
    SELECT
    FROM core.capacity(:as_of) AS k
    WHERE k.anordnare = provider_month.anordnare AND k.manad = provider_month.first_day
)
HAVING count(*) > 0
