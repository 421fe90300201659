-- one row is one action as known at a time, by day due
SELECT
    a.action_id, a.source, a.source_title, a.source_id, a.text, a.responsible, a.co_responsible, a.stage, a.stage_title,
    a.stage_since, a.decided, a.due, a.status, a.status_title, a.done_on, a.evidence, a.indicator_id, a.expected_effect,
    a.delivery_id, a.row_no
FROM register.action(:as_of) AS a
ORDER BY a.due, a.action_id COLLATE "C";
