-- one row is a value of a computation in one of the catalogue's tables, with all its numbers
SELECT
    v.indicator_id, v.cell, v.numerator, v.denominator, v.value, v.observations, v.units, v.units AS units_at_most,
    v.squares, v.interval_low, v.interval_high
FROM indicator.value AS v
JOIN jsonb_to_recordset(:tables::jsonb) AS shown (indicator_id text, breakdowns jsonb)
    ON shown.indicator_id = v.indicator_id
    -- The same breakdowns: each of them stands in the cell, and the cell has no other.
    AND (SELECT coalesce(jsonb_agg(k.name ORDER BY k.name COLLATE "C"), '[]') FROM jsonb_object_keys(v.cell) AS k (name))
        = shown.breakdowns
WHERE v.computation_id = :computation_id
ORDER BY v.indicator_id, v.cell;
