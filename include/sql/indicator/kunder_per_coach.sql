-- one row is a provider-month
SELECT
    k.anordnare || '/' || to_char(k.manad, 'YYYY-MM') AS observation_id,
    count(k.person_id) AS numerator,
    k.coacher AS denominator,
    k.anordnare,
    any_value(there.sources) || ARRAY[ARRAY[k.delivery_id, k.row_no]] AS sources
FROM (
    -- Each person once, whatever number of enrolments: PostgreSQL finds different rows faster than it counts different values.
    SELECT DISTINCT c.anordnare, c.manad, c.coacher, c.delivery_id, c.row_no, e.person_id
    FROM core.capacity(:as_of) AS c
    LEFT JOIN core.enrolment(:as_of) AS e
        ON e.anordnare = c.anordnare
        AND c.last_day BETWEEN e.startdatum AND coalesce(e.slutdatum, 'infinity')
    WHERE c.manad BETWEEN :period_start AND :period_end
) AS k
-- Read only by whoever asks for sources: PostgreSQL drops an outer join that nothing is taken from.
LEFT JOIN (
    SELECT c.anordnare, c.manad, array_agg(ARRAY[e.delivery_id, e.row_no]) AS sources
    FROM core.capacity(:as_of) AS c
    JOIN core.enrolment(:as_of) AS e
        ON e.anordnare = c.anordnare
        AND c.last_day BETWEEN e.startdatum AND coalesce(e.slutdatum, 'infinity')
    WHERE c.manad BETWEEN :period_start AND :period_end
    GROUP BY c.anordnare, c.manad
) AS there USING (anordnare, manad)
GROUP BY k.anordnare, k.manad, k.coacher, k.delivery_id, k.row_no
