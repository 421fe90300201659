-- Enters an archived page in the ledger and in its fetch.
-- The page is received when it is archived. What became of it is told by its fetch, so that nobody who asks what the
-- providers have delivered sees it: it is never current, and has no time of its own when it was finished.
WITH entered AS (
    INSERT INTO lineage.delivery (
        run_id, dataset, sender, period, file_name, sha256, size_bytes, channel, status,
        rows_in, rows_loaded, rows_unchanged, rows_quarantined, detected
    )
    VALUES (
        :run_id, :source, :source, :period, :file_name, :sha256, :size_bytes, 'https', 'mottagen', 0, 0, 0, 0,
        jsonb_build_object('format', 'json')
    )
    RETURNING delivery_id
)
INSERT INTO core.statistics_page (fetch_id, page_no, kind, request, delivery_id)
SELECT :fetch_id, :page_no, :kind, :request::jsonb, e.delivery_id
FROM entered AS e;
