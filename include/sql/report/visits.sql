-- one row is one visit of a span of days, in order of time
SELECT
    v.visit_id, v.kind, v.day, v.object_id, v.object_name, v.who, v.status, v.has_notes, v.analysis, v.report_year
FROM register.visit(:as_of) AS v
WHERE v.day BETWEEN :first AND :last
ORDER BY v.day, v.visit_id COLLATE "C";
