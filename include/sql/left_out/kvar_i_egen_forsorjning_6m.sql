-- one row is a reason why exits due for follow-up after 6 months have no answer
SELECT
    CASE f.status WHEN 'ej_nadd' THEN 'ej nådd vid uppföljningen' ELSE 'uppföljning saknas' END AS reason,
    count(*) AS observations
FROM core.follow_up(:as_of, 6) AS f
WHERE f.due_date BETWEEN :period_start AND :period_end AND coalesce(f.status, 'ej_nadd') = 'ej_nadd'
GROUP BY 1
