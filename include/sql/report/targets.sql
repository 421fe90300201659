-- one row is a goal of the board with a value for a year
SELECT t.mal_id, t.goal, t.indicator_id, t.insatstyp, t.target, t.direction, t.tolerance
FROM indicator.target(:as_of, :year) AS t
ORDER BY t.indicator_id, t.insatstyp NULLS FIRST;
