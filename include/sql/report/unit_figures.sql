-- one row is a provider's figure of a period of a year as it was last published; what was withheld is left out
SELECT n.indicator_id, n.period, n.value
FROM (
    SELECT DISTINCT ON (f.indicator_id, p.period) f.indicator_id, p.period, f.value
    FROM published.figure AS f
    JOIN published.publication AS p USING (publication_id)
    WHERE f.cell = jsonb_build_object('anordnare', :provider::text)
        AND left(p.period, 4) = :year
    ORDER BY f.indicator_id, p.period, p.publication_id DESC
) AS n
WHERE n.value IS NOT NULL
ORDER BY n.indicator_id, n.period;
