-- one row is an invitation to the survey that was sent in the period
SELECT
    i.inbjudan_id AS observation_id,
    (i.status = 'besvarad')::integer AS numerator,
    1 AS denominator,
    i.anordnare,
    i.delivery_id,
    i.row_no
FROM core.invitation(:as_of) AS i
WHERE i.skickad_datum BETWEEN :period_start AND :period_end
