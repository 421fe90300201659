-- one row is a reached exit due for follow-up after 6 months in the period
SELECT
    f.observation_id,
    (coalesce(f.status, 'ej_nadd') <> 'ej_nadd')::integer AS numerator,
    1 AS denominator,
    f.insatstyp,
    f.anordnare,
    f.sources
FROM core.follow_up(:as_of, 6) AS f
WHERE f.due_date BETWEEN :period_start AND :period_end
