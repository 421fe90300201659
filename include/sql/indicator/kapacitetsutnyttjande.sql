-- one row is a provider-month
SELECT
    k.anordnare || '/' || to_char(k.manad, 'YYYY-MM') AS observation_id,
    count(e.insats_id) AS numerator,
    k.platser AS denominator,
    k.anordnare,
    array_agg(ARRAY[e.delivery_id, e.row_no]) || ARRAY[ARRAY[k.delivery_id, k.row_no]] AS sources
FROM core.capacity(:as_of) AS k
LEFT JOIN core.enrolment(:as_of) AS e
    ON e.anordnare = k.anordnare
    AND k.last_day BETWEEN e.startdatum AND coalesce(e.slutdatum, 'infinity')
WHERE k.manad BETWEEN :period_start AND :period_end
GROUP BY k.anordnare, k.manad, k.platser, k.delivery_id, k.row_no
