-- Keep how much of every revision is due to what: steps from stage to stage, which sum to the whole whatever the order
INSERT INTO indicator.revision_part (review_id, indicator_id, cell, kind, numerator, denominator, value, observations)
WITH staged AS (
    SELECT
        indicator_id, cell, s.stage, s.kind,
        coalesce(c.numerator, 0) AS numerator,
        CASE WHEN r.old_denominator IS NOT NULL THEN coalesce(c.denominator, 0) END AS denominator,
        CASE WHEN t.is_amount THEN coalesce(c.value, 0) ELSE c.value END AS value,
        coalesce(c.observations, 0) AS observations
    FROM indicator.revision AS r
    JOIN pg_temp.revision_stage AS s USING (indicator_id)
    JOIN jsonb_to_recordset(:indicators) AS t (indicator_id text, is_amount boolean) USING (indicator_id)
    LEFT JOIN pg_temp.revision_cell AS c USING (indicator_id, stage, cell)
    WHERE r.review_id = :review_id
),
-- Between two values there may be a stage without one: what happened then is told with the step that gave one again.
carried AS (
    SELECT
        *, (array_agg(value) FILTER (WHERE value IS NOT NULL) OVER (
            PARTITION BY indicator_id, cell ORDER BY stage
        )) AS so_far
    FROM staged
),
steps AS (
    SELECT
        indicator_id, cell, kind,
        numerator - lag(numerator) OVER w AS numerator,
        denominator - lag(denominator) OVER w AS denominator,
        so_far[cardinality(so_far)] - lag(so_far[cardinality(so_far)]) OVER w AS value,
        observations - lag(observations) OVER w AS observations
    FROM carried
    WINDOW w AS (PARTITION BY indicator_id, cell ORDER BY stage)
),
summed AS (
    SELECT
        indicator_id, cell, kind, sum(numerator) AS numerator, sum(denominator) AS denominator, sum(value) AS value,
        sum(observations) AS observations
    FROM steps
    WHERE kind IS NOT NULL
    GROUP BY indicator_id, cell, kind
)
SELECT
    :review_id, indicator_id, cell, p.kind, trim_scale(p.numerator), trim_scale(p.denominator),
    CASE WHEN num_nulls(r.old_value, r.new_value) = 0 THEN trim_scale(p.value) END, p.observations
FROM summed AS p
JOIN indicator.revision AS r USING (indicator_id, cell)
WHERE r.review_id = :review_id
    AND (p.numerator <> 0 OR p.denominator <> 0 OR p.value <> 0 OR p.observations <> 0)
