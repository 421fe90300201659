-- one row is a case received in the period that shows a deficiency
SELECT
    s.arende_id AS observation_id,
    (s.atgard_id IS NOT NULL)::integer AS numerator,
    1 AS denominator,
    s.kategori,
    s.delivery_id,
    s.row_no
FROM core.complaint(:as_of) AS s
WHERE s.inkom_datum BETWEEN :period_start AND :period_end AND s.brist = 'ja'
