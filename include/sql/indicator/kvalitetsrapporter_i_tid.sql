-- one row is a follow-up object that owes a quality report for the year that ends in the period
SELECT
    o.objekt_id AS observation_id,
    coalesce(o.inkom_datum <= o.due_date, false)::integer AS numerator,
    1 AS denominator,
    o.sources
FROM core.report_owed(:as_of, extract(year FROM :period_end::date)::integer) AS o
WHERE o.year_ends BETWEEN :period_start AND :period_end
