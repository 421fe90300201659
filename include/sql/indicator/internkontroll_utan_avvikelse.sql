-- one row is a control that was made in the period and has an outcome
SELECT
    r.kontroll_id || '/' || r.datum AS observation_id,
    (r.utfall = 'utan_avvikelse')::integer AS numerator,
    1 AS denominator,
    p.niva,
    ARRAY[ARRAY[r.delivery_id, r.row_no], ARRAY[p.delivery_id, p.row_no]] AS sources
FROM core.control_result(:as_of) AS r
JOIN core.control_point(:as_of) AS p USING (kontroll_id)
WHERE r.datum BETWEEN :period_start AND :period_end AND r.utfall <> 'ej_genomford'
