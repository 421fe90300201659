-- one row is an answer of a completed invitation that was sent in the period; persons decide protection
SELECT
    s.inbjudan_id || '/' || s.fraga_id AS observation_id,
    s.betyg AS numerator,
    1 AS denominator,
    q.block,
    q.fraga_id,
    i.anordnare,
    i.inbjudan_id AS disclosure_unit,
    ARRAY[ARRAY[s.delivery_id, s.row_no], ARRAY[i.delivery_id, i.row_no], ARRAY[q.delivery_id, q.row_no]] AS sources
FROM core.invitation(:as_of) AS i
JOIN core.survey_answer(:as_of) AS s USING (inbjudan_id)
JOIN core.survey_question(:as_of) AS q USING (enkat_ar, fraga_id)
WHERE i.skickad_datum BETWEEN :period_start AND :period_end AND i.status = 'besvarad'
