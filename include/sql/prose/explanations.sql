-- one row is an explanation of an indicator's value in a period, from any of the reports about it, as known at a time
SELECT t.section, t.indicator_id, t.markdown, t.author, t.written_on, t.version, t.origin
FROM indicator.written_text(
    coalesce(:as_of::timestamptz, 'infinity'), :report_ids::text[], :period, :first_day, :last_day
) AS t
WHERE t.section = :section AND t.indicator_id = :indicator_id
ORDER BY t.written_on, t.report_id;
