-- one row is a follow-up that has fallen due and that nothing has been told of
SELECT f.provider, f.name, f.email, f.insats_id, f.months, f.due
FROM register.effect_followup(:as_of, :first_day, :last_day) AS f
WHERE f.status IS NULL
ORDER BY f.name, f.provider, f.due, f.insats_id, f.months;
