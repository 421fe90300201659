-- one row is a case of a span of days that shows a deficiency, in order of time
SELECT
    d.case_id, d.received, d.kind, d.kind_title, d.object_id, d.category, d.category_title, d.action_ids
FROM register.deficiency(:as_of) AS d
WHERE d.received BETWEEN :first AND :last
ORDER BY d.received, d.case_id COLLATE "C";
