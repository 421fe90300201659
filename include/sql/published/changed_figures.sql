-- one row says how many figures a publication and the one it replaces have, and how many are not the same in both
SELECT
    count(*) AS figures,
    count(*) FILTER (
        WHERE (n.figure_id, n.numerator, n.denominator, n.value, n.is_protected)
        IS DISTINCT FROM (o.figure_id, o.numerator, o.denominator, o.value, o.is_protected)
    ) AS changed
FROM (SELECT * FROM published.figure WHERE publication_id = :publication_id) AS n
FULL JOIN (SELECT * FROM published.figure WHERE publication_id = :replaces_id) AS o USING (figure_id);
