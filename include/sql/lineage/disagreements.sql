-- lineage.disagreements(): one row is one ledger row that is not what the log last said of it.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE FUNCTION lineage.disagreements() RETURNS TABLE (ledger_table text, row_key text)
-- The owner's rights: whoever verifies the log learns keys of what disagrees, and need not read the tables.
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog SET timezone = 'UTC'
AS $$
    WITH ledger AS (
        SELECT 'run' AS name, run_id::text AS key, to_jsonb(t) AS data FROM lineage.run t
        UNION ALL SELECT 'delivery', delivery_id::text, to_jsonb(t) FROM lineage.delivery t
        UNION ALL SELECT 'judgement', judgement_id::text, to_jsonb(t) FROM lineage.judgement t
        UNION ALL SELECT 'check_run', check_run_id::text, to_jsonb(t) FROM lineage.check_run t
        UNION ALL SELECT 'check_result', concat_ws('/', check_run_id, check_id), to_jsonb(t) FROM lineage.check_result t
        UNION ALL SELECT 'waiver', waiver_id::text, to_jsonb(t) FROM lineage.waiver t
        UNION ALL SELECT 'computation', computation_id::text, to_jsonb(t) FROM indicator.computation t
        UNION ALL SELECT 'package', package_id::text, to_jsonb(t) FROM lineage.package t
        UNION ALL SELECT 'approval', approval_id::text, to_jsonb(t) FROM lineage.approval t
        UNION ALL SELECT 'publication', publication_id::text, to_jsonb(t) FROM published.publication t
        UNION ALL SELECT 'figure', publication_id::text, published.figures_seal(publication_id)
        FROM (SELECT DISTINCT publication_id FROM published.figure) t
        UNION ALL SELECT 'receipt', receipt_id::text, to_jsonb(t) FROM lineage.receipt t
        UNION ALL SELECT 'reminder', reminder_id::text, to_jsonb(t) FROM lineage.reminder t
        UNION ALL SELECT 'protection', protection_id::text, to_jsonb(t) FROM indicator.protection t
        UNION ALL SELECT 'release', release_id::text, to_jsonb(t) FROM indicator.release t
        UNION ALL SELECT 'activity_event', activity_event_id::text, to_jsonb(t) FROM lineage.activity_event t
        UNION ALL SELECT 'written_text', text_id::text, to_jsonb(t) FROM lineage.written_text t
        UNION ALL SELECT 'spot_check', spot_check_id::text, to_jsonb(t) FROM lineage.spot_check t
        UNION ALL SELECT 'spot_check_draw', spot_check_id::text, to_jsonb(t) FROM lineage.spot_check_draw t
        UNION ALL SELECT 'spot_check_result', result_id::text, to_jsonb(t) FROM lineage.spot_check_result t
        UNION ALL SELECT 'notice', notice_id::text, to_jsonb(t) FROM lineage.notice t
        UNION ALL SELECT 'decision', decision_id::text, to_jsonb(t) FROM published.decision t
        UNION ALL SELECT 'correction', correction_id::text, to_jsonb(t) FROM published.correction t
        UNION ALL SELECT 'recall', recall_id::text, to_jsonb(t) FROM published.recall t
        UNION ALL SELECT 'paper', paper_id::text, to_jsonb(t) FROM lineage.paper t
        UNION ALL SELECT 'paper_receipt', paper_receipt_id::text, to_jsonb(t) FROM lineage.paper_receipt t
        UNION ALL SELECT 'refusal', refusal_id::text, to_jsonb(t) FROM lineage.refusal t
        UNION ALL SELECT 'disposal', disposal_id::text, to_jsonb(t) FROM lineage.disposal t
        UNION ALL SELECT 'reading', reading_id::text, to_jsonb(t) FROM lineage.reading t
        UNION ALL SELECT 'provider_case', provider_case_id::text, to_jsonb(t) FROM lineage.provider_case t
    ), entry AS (
        SELECT seq, data, event LIKE '%.moved' AS is_moved, split_part(event, '.', 1) AS name,
               CASE split_part(event, '.', 1)
                   WHEN 'check_result' THEN concat_ws('/', data ->> 'check_run_id', data ->> 'check_id')
                   WHEN 'figure' THEN data ->> 'publication_id'
                   WHEN 'written_text' THEN data ->> 'text_id'
                   WHEN 'spot_check_draw' THEN data ->> 'spot_check_id'
                   WHEN 'spot_check_result' THEN data ->> 'result_id'
                   ELSE data ->> (split_part(event, '.', 1) || '_id')
               END AS key
        FROM lineage.log
    ), newest AS (
        SELECT DISTINCT ON (name, key) name, key, data, is_moved FROM entry ORDER BY name, key, seq DESC
    ), logged AS (
        -- A migration that moves a row to another ledger table says so: it is there now, under another name.
        SELECT name, key, data FROM newest WHERE NOT is_moved
    )
    SELECT name, key FROM ledger FULL JOIN logged USING (name, key)
    WHERE ledger.data IS NULL
       OR logged.data IS NULL
       -- Compared by what the log has: a column that a later migration added is not in older log rows.
       OR logged.data IS DISTINCT FROM (SELECT jsonb_object_agg(now.key, now.value) FROM jsonb_each(ledger.data) AS now
                                        WHERE logged.data ? now.key)
    ORDER BY 1, 2
$$;
COMMENT ON FUNCTION lineage.disagreements IS 'Ledger rows that are not what the log last said of them: changed, removed or slipped in';

RESET ROLE;
