-- one row is a code of a breakdown in words, in reading order
SELECT l.breakdown, l.code, l.title
FROM indicator.label(:as_of) AS l
ORDER BY l.breakdown, l.place, l.code;
