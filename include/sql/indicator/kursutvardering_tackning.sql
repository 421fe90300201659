-- one row is a course that ended in the period and is not exempted from evaluation with a reason
SELECT
    c.anordnare || '/' || c.kurs_id AS observation_id,
    (count(a.svar_nr) > 0)::integer AS numerator,
    1 AS denominator,
    c.anordnare,
    array_agg(ARRAY[a.delivery_id, a.row_no]) || ARRAY[ARRAY[c.delivery_id, c.row_no]] AS sources
FROM core.course(:as_of) AS c
LEFT JOIN core.course_answer(:as_of) AS a USING (anordnare, kurs_id)
WHERE c.slutdatum BETWEEN :period_start AND :period_end
    AND NOT (c.utvarderas = 'nej' AND c.skal IS NOT NULL)
GROUP BY c.anordnare, c.kurs_id, c.delivery_id, c.row_no
