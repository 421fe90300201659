-- one row is a quality report that a follow-up object owes for a year, in or not
SELECT r.object_id, r.name, r.provider, r.email, :year::integer AS year, r.due, r.received, r.form_version, r.texts
FROM register.unit_quality_report(:as_of, :year) AS r
ORDER BY r.name, r.object_id;
