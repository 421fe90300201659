-- Closes descriptions of series that the source has changed.
UPDATE core.statistics_series AS s
SET known_to = :known_at
FROM jsonb_to_recordset(:series::jsonb) AS n (series_id text, title text, is_discontinued boolean, attributes jsonb)
WHERE s.source = :source
    AND s.known_to = 'infinity'
    AND s.series_id = n.series_id
    AND (s.title, s.is_discontinued, s.attributes) <> (n.title, n.is_discontinued, n.attributes);
