-- one row is an enrolment's month of attendance and counts its days; the person behind it decides protection
SELECT
    e.observation_id || '/' || to_char(m.manad, 'YYYY-MM') AS observation_id,
    m.attended_hours AS numerator,
    m.planned_hours AS denominator,
    m.days AS observations,
    e.insatstyp,
    e.anordnare,
    e.person_id::text AS disclosure_unit,
    ARRAY(
        SELECT ARRAY[r.delivery_id, r.row_no] FROM core.attendance_rows(:as_of, m.anordnare, m.manad, m.insats_id) AS r
    ) AS sources
FROM core.attendance_month(:as_of) AS m
JOIN core.enrolment(:as_of) AS e USING (anordnare, insats_id)
WHERE m.manad BETWEEN :period_start AND :period_end
