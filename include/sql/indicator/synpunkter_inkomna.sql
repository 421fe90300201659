-- one row is a case received in the period
SELECT
    s.arende_id AS observation_id,
    1 AS numerator,
    NULL::numeric AS denominator,
    s.typ,
    s.kategori,
    s.delivery_id,
    s.row_no
FROM core.complaint(:as_of) AS s
WHERE s.inkom_datum BETWEEN :period_start AND :period_end
