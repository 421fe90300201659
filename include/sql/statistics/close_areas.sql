-- Closes names and members of areas that the source has changed.
UPDATE core.statistics_area AS a
SET known_to = :known_at
FROM jsonb_to_recordset(:areas::jsonb) AS n (area text, title text, members jsonb)
WHERE a.source = :source
    AND a.known_to = 'infinity'
    AND a.area = n.area
    AND (a.title, a.members) <> (n.title, n.members);
