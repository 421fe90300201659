-- Freeze the named figures of a publication as its computation has them; a protected one loses its numbers here.
INSERT INTO published.figure
    (publication_id, figure_id, indicator_id, cell, numerator, denominator, value, observations, is_protected)
SELECT
    :publication_id, named.figure_id, v.indicator_id, v.cell,
    CASE WHEN NOT v.is_protected THEN v.numerator END,
    CASE WHEN NOT v.is_protected THEN v.denominator END,
    CASE WHEN NOT v.is_protected THEN v.value END,
    CASE WHEN NOT v.is_protected THEN v.observations END,
    v.is_protected
FROM jsonb_to_recordset(:figures::jsonb) AS named (figure_id text, indicator_id text, cell jsonb)
JOIN indicator.value AS v
    ON v.computation_id = :computation_id AND v.indicator_id = named.indicator_id AND v.cell = named.cell;
