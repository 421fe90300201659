-- one row is budget and outcome of one object and month of a span of months
SELECT l.object_id, l.object_name, l.month, l.budget, l.outcome, l.known_on
FROM register.ledger_month(:as_of) AS l
WHERE l.month BETWEEN :first AND :last
ORDER BY l.object_id COLLATE "C", l.month;
