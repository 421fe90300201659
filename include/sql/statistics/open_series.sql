-- Opens descriptions of series that are new or changed.
INSERT INTO core.statistics_series (
    source, series_id, title, is_discontinued, attributes, delivery_id, known_from
)
SELECT :source, n.series_id, n.title, n.is_discontinued, n.attributes, n.delivery_id, :known_at
FROM jsonb_to_recordset(:series::jsonb) AS n (
    series_id text, title text, is_discontinued boolean, attributes jsonb, delivery_id bigint
)
WHERE NOT EXISTS (
    SELECT FROM core.statistics_series AS s
    WHERE s.source = :source AND s.series_id = n.series_id AND s.known_to = 'infinity'
);
