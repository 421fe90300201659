-- one row is one thing that happened to an occurrence of an activity, oldest first
SELECT e.activity_id, e.year, e.part, e.kind, e.on_day, e.note
FROM lineage.activity_event AS e
WHERE e.year BETWEEN :first_year AND :last_year AND e.on_day <= :until
ORDER BY e.activity_event_id;
