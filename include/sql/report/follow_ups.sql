-- one row is a follow-up of a year that is done, or that a day is set for
SELECT f.object_id, f.requirement, f.slot, f.done_on, f.planned_on
FROM register.follow_up(:as_of, :year) AS f;
