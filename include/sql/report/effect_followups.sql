-- one row is how one provider's follow-ups so many months after the exit stand
SELECT
    f.provider, f.name, f.months,
    count(*) AS due,
    count(*) FILTER (WHERE f.status <> 'ej_nadd') AS done,
    count(*) FILTER (WHERE f.status = 'ej_nadd') AS not_reached,
    count(*) FILTER (WHERE f.status IS NULL) AS missing
FROM register.effect_followup(:as_of, :first_day, :last_day) AS f
GROUP BY f.provider, f.name, f.months
ORDER BY f.name, f.provider, f.months;
