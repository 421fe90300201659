-- one row is an enrolment's month of attendance and counts its days; the person behind it decides protection
SELECT
    e.observation_id || '/' || to_char(m.manad, 'YYYY-MM') AS observation_id,
    m.attended_hours AS numerator,
    m.planned_hours AS denominator,
    m.days AS observations,
    e.insatstyp,
    e.anordnare,
    e.person_id::text AS disclosure_unit,
    day.sources
FROM core.attendance_month(:as_of) AS m
JOIN core.enrolment(:as_of) AS e USING (anordnare, insats_id)
-- Read only by whoever asks for sources: PostgreSQL drops an outer join that nothing is taken from.
LEFT JOIN (
    SELECT
        a.anordnare, a.insats_id, date_trunc('month', a.datum)::date AS manad,
        array_agg(ARRAY[a.delivery_id, a.row_no]) AS sources
    FROM core.attendance(:as_of) AS a
    WHERE a.datum BETWEEN :period_start AND :period_end
    GROUP BY a.anordnare, a.insats_id, date_trunc('month', a.datum)::date
) AS day USING (anordnare, insats_id, manad)
WHERE m.manad BETWEEN :period_start AND :period_end
