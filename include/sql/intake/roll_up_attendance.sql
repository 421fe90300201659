-- Rolls up a loaded month of attendance by enrolment: closes the months that say otherwise now, and opens what they say.
WITH changed AS MATERIALIZED (
    SELECT insats_id, n.days, n.days_attended, n.planned_hours, n.attended_hours, n.delivery_id
    FROM (
        SELECT
            c.insats_id,
            count(*) AS days,
            count(*) FILTER (WHERE c.narvarande_timmar > 0) AS days_attended,
            sum(c.planerade_timmar) AS planned_hours,
            sum(c.narvarande_timmar) AS attended_hours,
            max(c.delivery_id) AS delivery_id
        FROM core.narvaro AS c
        WHERE c.sender = :sender AND c.period = :period AND c.known_to = 'infinity'
        GROUP BY c.insats_id
    ) AS n
    FULL JOIN (
        SELECT m.* FROM core.narvaro_manad AS m
        WHERE m.sender = :sender AND m.period = :period AND m.known_to = 'infinity'
    ) AS k USING (insats_id)
    WHERE (n.days, n.days_attended, n.planned_hours, n.attended_hours)
        IS DISTINCT FROM (k.days, k.days_attended, k.planned_hours, k.attended_hours)
),
closed AS (
    UPDATE core.narvaro_manad AS m
    SET known_to = :known_at
    WHERE m.sender = :sender AND m.period = :period AND m.known_to = 'infinity'
        AND m.insats_id IN (SELECT g.insats_id FROM changed AS g)
    RETURNING m.insats_id
)
INSERT INTO core.narvaro_manad
    (sender, period, insats_id, days, days_attended, planned_hours, attended_hours, delivery_id, known_from)
SELECT :sender, :period, g.insats_id, g.days, g.days_attended, g.planned_hours, g.attended_hours, g.delivery_id, :known_at
FROM changed AS g
-- Asked for so that all is closed before anything is opened: a month of an enrolment has one row that is current.
WHERE g.days IS NOT NULL AND (SELECT count(*) FROM closed) >= 0
