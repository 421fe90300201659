-- one row is the text of one part of a report about one period, as known at a time
SELECT t.section, t.indicator_id, t.markdown, t.author, t.written_on, t.version, t.origin
FROM indicator.written_text(
    coalesce(:as_of::timestamptz, 'infinity'), ARRAY[:report_id::text], :period, :first_day, :last_day
) AS t
ORDER BY t.section, t.indicator_id NULLS FIRST;
