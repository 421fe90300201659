-- one row is a goal of the council or the board for a year, the council's first
SELECT
    g.mal_id, g.level, g.parent_id, g.goal, g.indicator_id, g.insatstyp, g.target, g.direction, g.tolerance, g.is_followed,
    g.closed_from, g.version, g.version_from, g.delivery_id
FROM indicator.goal(:as_of, :year) AS g
ORDER BY g.level COLLATE "C", g.mal_id COLLATE "C";
