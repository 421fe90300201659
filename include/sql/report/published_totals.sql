-- one row is the total of one indicator and tertial as the tertial's newest publication had it; a withheld one has no value
SELECT DISTINCT ON (f.indicator_id, p.period) f.indicator_id, p.period, f.value
FROM published.figure AS f
JOIN published.publication AS p USING (publication_id)
WHERE f.cell = '{}'
  AND f.indicator_id = ANY (:indicators::text[])
  AND p.period ~ '^[0-9]{4}-T[1-3]$'
  AND p.published_at <= :as_of
ORDER BY f.indicator_id, p.period, p.publication_id DESC;
