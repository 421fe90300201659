-- one row is an answer in the evaluation of a course that ended in the period; those who answered decide protection
SELECT
    a.anordnare || '/' || a.kurs_id || '/' || a.svar_nr || '/' || a.fraga AS observation_id,
    a.betyg AS numerator,
    1 AS denominator,
    a.anordnare,
    a.anordnare || '/' || a.kurs_id || '/' || a.svar_nr AS disclosure_unit,
    ARRAY[ARRAY[a.delivery_id, a.row_no], ARRAY[c.delivery_id, c.row_no]] AS sources
FROM core.course_answer(:as_of) AS a
JOIN core.course(:as_of) AS c USING (anordnare, kurs_id)
WHERE c.slutdatum BETWEEN :period_start AND :period_end
