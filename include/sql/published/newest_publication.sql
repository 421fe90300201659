-- one row is the number of the newest publication of a report and period
SELECT max(publication_id) AS publication_id
FROM published.publication
WHERE report_id = :report_id AND period = :period;
