-- one row is an attendance day; the person behind it decides protection
SELECT
    e.observation_id || '/' || a.datum AS observation_id,
    a.narvarande_timmar AS numerator,
    a.planerade_timmar AS denominator,
    e.insatstyp,
    e.anordnare,
    e.person_id::text AS disclosure_unit,
    a.delivery_id,
    a.row_no
FROM core.attendance(:as_of) AS a
JOIN core.enrolment(:as_of) AS e USING (anordnare, insats_id)
WHERE a.datum BETWEEN :period_start AND :period_end
