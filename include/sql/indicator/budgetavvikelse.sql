-- one row is a row of the ledger for a month of the period
SELECT
    e.objekt_id || '/' || e.konto || '/' || to_char(e.manad, 'YYYY-MM') AS observation_id,
    e.budget - e.utfall AS numerator,
    NULL::numeric AS denominator,
    e.objekt_id,
    e.delivery_id,
    e.row_no
FROM core.ledger(:as_of) AS e
WHERE e.manad BETWEEN :period_start AND :period_end
