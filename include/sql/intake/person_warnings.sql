-- one row is a warning about personnummer of a delivery: on how many rows, and which the first of them are
SELECT w.code, count(*) AS total, (array_agg(d.row_no ORDER BY d.row_no))[1:20] AS rows
FROM pg_temp.delivered AS d
CROSS JOIN LATERAL unnest(string_to_array(d.person_warnings, ' ')) AS w (code)
GROUP BY w.code
ORDER BY w.code
