-- one row is a day that activities of the year are bound to, as known at a time: now when none is given
SELECT d.kind, d.name, d.day, d.sent_on
FROM lineage.calendar_day(coalesce(:as_of::timestamptz, clock_timestamp())) AS d
WHERE d.day BETWEEN :first_day AND :last_day
ORDER BY d.day, d.kind, d.name;
