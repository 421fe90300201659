-- quarantine.correction: one row is one correction in force, with what it does to the delivery that counts.
SET LOCAL ROLE arshjul_owner;

CREATE OR REPLACE VIEW quarantine.correction AS
SELECT
    r.rattelse_id,
    r.dataset,
    r.avsandare_orgnr AS sender,
    r.manad AS period,
    r.atgard AS action,
    r.falt AS field,
    r.beslutad_datum AS decided_on,
    r.delivery_id AS register_delivery_id,
    r.row_no AS register_row_no,
    d.delivery_id,
    (
        SELECT count(*)
        FROM quarantine.corrected AS c
        WHERE c.delivery_id = d.delivery_id AND c.rattelse_id = r.rattelse_id AND c.known_to = 'infinity'
    ) AS rows_corrected
FROM core.rattelser AS r
LEFT JOIN lineage.delivery AS d
    ON d.is_current AND d.dataset = r.dataset AND d.sender = r.avsandare_orgnr AND d.period = r.manad
WHERE r.known_to = 'infinity'
    -- The register is delivered whole: the newest one is what is in force, also when it is empty.
    AND (r.sender, r.period) = (
        SELECT n.sender, n.period
        FROM lineage.delivery AS n
        WHERE n.is_current AND n.dataset = 'rattelser'
        ORDER BY n.period DESC
        LIMIT 1
    );
COMMENT ON VIEW quarantine.correction IS 'A correction in force (the newest register has it), without values';
COMMENT ON COLUMN quarantine.correction.rattelse_id IS 'The municipality''s id of the correction';
COMMENT ON COLUMN quarantine.correction.dataset IS 'Dataset of the row';
COMMENT ON COLUMN quarantine.correction.sender IS 'Who delivered the row';
COMMENT ON COLUMN quarantine.correction.period IS 'First day of the delivery month of the row';
COMMENT ON COLUMN quarantine.correction.action IS 'andra or uteslut';
COMMENT ON COLUMN quarantine.correction.field IS 'The field it changes, or that its guard looks at';
COMMENT ON COLUMN quarantine.correction.decided_on IS 'When it was decided';
COMMENT ON COLUMN quarantine.correction.register_delivery_id IS 'The delivery of corrections it was last told by';
COMMENT ON COLUMN quarantine.correction.register_row_no IS 'Row number in that file';
COMMENT ON COLUMN quarantine.correction.delivery_id IS 'The delivery that counts for dataset, sender and month; null while there is none';
COMMENT ON COLUMN quarantine.correction.rows_corrected IS 'Rows of that delivery that it corrects: 0 means that it is no longer needed';
GRANT SELECT ON quarantine.correction TO arshjul_intake, arshjul_report, arshjul_audit;

RESET ROLE;
