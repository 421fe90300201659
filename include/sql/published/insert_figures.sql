-- Freeze the named figures of a publication as the public table of its computation has them: never another number.
INSERT INTO published.figure
    (publication_id, figure_id, indicator_id, cell, numerator, denominator, value, observations, is_protected)
SELECT
    :publication_id, named.figure_id, v.indicator_id, v.cell, v.numerator, v.denominator, v.value, v.observations,
    v.is_protected
FROM jsonb_to_recordset(:figures::jsonb) AS named (figure_id text, indicator_id text, cell jsonb)
JOIN indicator.public_value AS v ON v.indicator_id = named.indicator_id AND v.cell = named.cell
WHERE v.protection_id = coalesce(
    :protection_id::bigint,
    (SELECT max(p.protection_id) FROM indicator.protection AS p WHERE p.computation_id = :computation_id)
);
