-- one row is what one control found on one day of a year, in order of time
SELECT r.control_id, r.day, r.outcome, r.observation, r.action_ids
FROM register.control_result(:as_of) AS r
WHERE r.day BETWEEN make_date(:year, 1, 1) AND :last
ORDER BY r.day, r.control_id COLLATE "C";
