-- one row is a payment for a month of the period, or an enrolment that ended in it in self-support (own definition)
SELECT
    'utbetalning/' || p.utbetalning_id AS observation_id,
    p.belopp AS numerator,
    0 AS denominator,
    e.insatstyp,
    ARRAY[ARRAY[p.delivery_id, p.row_no], ARRAY[e.delivery_id, e.row_no]] AS sources
FROM core.payment(:as_of) AS p
JOIN core.enrolment(:as_of) AS e USING (anordnare, insats_id)
WHERE p.manad BETWEEN :period_start AND :period_end
UNION ALL
SELECT
    'avslut/' || x.observation_id,
    0,
    1,
    x.insatstyp,
    ARRAY[ARRAY[x.delivery_id, x.row_no]]
FROM core.exit(:as_of) AS x
WHERE x.slutdatum BETWEEN :period_start AND :period_end AND x.own = 'reached'
