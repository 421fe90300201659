-- one row is a total of the newest publication of a period; a protected one has no value
SELECT f.figure_id, f.indicator_id, f.value, f.observations, f.is_protected
FROM published.figure AS f
WHERE f.cell = '{}'
  AND f.publication_id = (SELECT max(p.publication_id) FROM published.publication AS p WHERE p.period = :period);
