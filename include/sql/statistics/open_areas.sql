-- Opens names and members of areas that are new or changed.
INSERT INTO core.statistics_area (source, area, title, members, delivery_id, known_from)
SELECT :source, n.area, n.title, n.members, n.delivery_id, :known_at
FROM jsonb_to_recordset(:areas::jsonb) AS n (area text, title text, members jsonb, delivery_id bigint)
WHERE NOT EXISTS (
    SELECT FROM core.statistics_area AS a
    WHERE a.source = :source AND a.area = n.area AND a.known_to = 'infinity'
);
