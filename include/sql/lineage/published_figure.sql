-- one row is a figure as a publication froze it: the newest publication that has it, or a given one
SELECT
    f.figure_id, f.indicator_id, f.cell, f.numerator, f.denominator, f.value, f.observations, f.is_protected,
    f.publication_id
FROM published.figure AS f
WHERE f.figure_id = :figure_id AND (:publication_id::bigint IS NULL OR f.publication_id = :publication_id)
ORDER BY f.publication_id DESC
LIMIT 1;
