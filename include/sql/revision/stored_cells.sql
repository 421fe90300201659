-- Take what is stored of a computation as one stage: of each indicator, the cells of the tables that readers see
INSERT INTO pg_temp.revision_cell (indicator_id, stage, cell, numerator, denominator, value, observations)
SELECT v.indicator_id, :stage, v.cell, v.numerator, v.denominator, v.value, v.observations
FROM indicator.value AS v
JOIN jsonb_to_recordset(:tables) AS t (indicator_id text, breakdowns text[]) USING (indicator_id)
WHERE v.computation_id = :computation_id
    AND t.breakdowns = ARRAY(SELECT k.key FROM jsonb_object_keys(v.cell) AS k (key) ORDER BY k.key COLLATE "C")
