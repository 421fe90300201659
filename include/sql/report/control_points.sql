-- one row is a control point that was there some day of a year, by level and id
SELECT
    k.control_id, k.level, k.level_title, k.object_id, k.risk, k.text, k.method, k.check_id, k.frequency, k.responsible
FROM register.control_point(:as_of) AS k
WHERE coalesce(k.ends, 'infinity') >= make_date(:year, 1, 1)
ORDER BY k.place, k.control_id COLLATE "C";
