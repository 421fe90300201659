-- Empties the rows that corrections leave out: nothing in them is judged, nor compared with other rows.
WITH gone AS (
    DELETE FROM pg_temp.delivered AS d
    USING pg_temp.corrected AS c
    WHERE c.action = 'uteslut' AND c.row_no = d.row_no
    RETURNING d.row_no
)
INSERT INTO pg_temp.delivered (row_no, fault)
SELECT DISTINCT g.row_no, :fault
FROM gone AS g
