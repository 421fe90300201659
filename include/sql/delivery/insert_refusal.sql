-- Record that somebody was not let to decide something; the same attempt on the same day is kept once.
INSERT INTO lineage.refusal (action, about, person, roles, reason, day)
SELECT n.action, n.about, n.person, :roles::text[], n.reason, n.day
FROM (VALUES (:action::text, :about::text, :person::text, :reason::text, :day::date)) AS n (action, about, person, reason, day)
WHERE NOT EXISTS (
    SELECT FROM lineage.refusal AS r
    WHERE (r.action, r.about, lower(r.person), r.reason, r.day) = (n.action, n.about, lower(n.person), n.reason, n.day)
)
