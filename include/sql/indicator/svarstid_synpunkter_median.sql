-- one row is a case received in the period that has been answered
SELECT
    s.arende_id AS observation_id,
    s.besvarad_datum - s.inkom_datum AS numerator,
    NULL::numeric AS denominator,
    s.typ,
    s.delivery_id,
    s.row_no
FROM core.complaint(:as_of) AS s
WHERE s.inkom_datum BETWEEN :period_start AND :period_end AND s.besvarad_datum IS NOT NULL
