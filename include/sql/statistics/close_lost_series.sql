-- Marks series that the source no longer knows as discontinued: the description as it was is closed.
WITH lost AS (
    UPDATE core.statistics_series
    SET known_to = :known_at
    WHERE source = :source
        AND known_to = 'infinity'
        AND series_id = ANY (:series_ids)
        AND NOT coalesce((attributes -> 'is_removed')::boolean, false)
    RETURNING series_id, title, attributes, delivery_id
)
INSERT INTO core.statistics_series (
    source, series_id, title, is_discontinued, attributes, delivery_id, known_from
)
SELECT :source, series_id, title, true, attributes || '{"is_removed": true}', delivery_id, :known_at
FROM lost;
