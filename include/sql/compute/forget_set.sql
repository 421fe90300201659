-- Forgets the set of cells that another one takes the place of
WITH forgotten AS (
    DELETE FROM indicator.cell_set AS s
    WHERE s.indicator_id = :indicator_id AND s.part = :part AND s.period = :period
    RETURNING s.set_id
)
DELETE FROM indicator.cell AS c
USING forgotten AS f
WHERE c.set_id = f.set_id
