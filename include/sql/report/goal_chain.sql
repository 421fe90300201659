-- one row is a goal of a year or of the plan's later years, by year, the council's first
SELECT
    g.mal_id AS goal_id, g.level, g.parent_id, y.year, g.goal AS text, g.indicator_id, g.insatstyp AS programme, g.target,
    g.direction, g.tolerance, g.is_followed, g.closed_from
FROM generate_series(:first::integer, :last::integer) AS y (year)
CROSS JOIN LATERAL indicator.goal(:as_of, y.year) AS g
ORDER BY y.year, g.level COLLATE "C", g.mal_id COLLATE "C";
