-- Quarantine that remembers, every judgement a row of its own, and known faults of a sender corrected by data.
SET LOCAL ROLE arshjul_owner;

-- The reasons keep their history (two clocks); quarantine.row is what it was: the reasons that hold now.
ALTER TABLE quarantine.row RENAME TO reason;
ALTER TABLE quarantine.reason DROP CONSTRAINT row_pkey;
ALTER TABLE quarantine.reason
    ADD known_from timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD known_to timestamptz NOT NULL DEFAULT 'infinity',
    ADD CHECK (known_from <= known_to);
UPDATE quarantine.reason AS q
SET known_from = d.finished_at
FROM lineage.delivery AS d
WHERE d.delivery_id = q.delivery_id AND d.finished_at IS NOT NULL;
CREATE UNIQUE INDEX reason_current ON quarantine.reason (delivery_id, row_no, field, rule) WHERE known_to = 'infinity';
CREATE INDEX reason_history ON quarantine.reason (delivery_id, known_to);
COMMENT ON TABLE quarantine.reason IS 'One reason why one row of a delivery was not loaded, and for how long; the content stays in the archive';
COMMENT ON COLUMN quarantine.reason.known_from IS 'When the row was judged to break the rule';
COMMENT ON COLUMN quarantine.reason.known_to IS 'When it was judged not to any more; infinity while it does';

CREATE VIEW quarantine.row AS
SELECT q.delivery_id, q.row_no, q.field, q.rule, q.text
FROM quarantine.reason AS q
WHERE q.known_to = 'infinity';
COMMENT ON VIEW quarantine.row IS 'One reason why one row of a delivery is not loaded now; the content stays in the archive';
COMMENT ON COLUMN quarantine.row.delivery_id IS 'The delivery';
COMMENT ON COLUMN quarantine.row.row_no IS 'Row number in the file: 1 is the first row below the header';
COMMENT ON COLUMN quarantine.row.field IS 'Field the rule is about; empty when it is about the whole row';
COMMENT ON COLUMN quarantine.row.rule IS 'Rule that was broken';
COMMENT ON COLUMN quarantine.row.text IS 'Sentence given to the sender, without any value';
REVOKE DELETE ON quarantine.reason FROM arshjul_intake;
GRANT UPDATE (known_to, text) ON quarantine.reason TO arshjul_intake;
GRANT SELECT ON quarantine.row TO arshjul_intake, arshjul_report, arshjul_audit;

-- Every judgement.
ALTER TABLE lineage.delivery
    ADD judged_at timestamptz,
    ADD judged_because text CHECK (judged_because IN ('forsta', 'foralder', 'regler', 'rattelse', 'begaran')),
    ADD rules_sha256 text CHECK (rules_sha256 ~ '^[0-9a-f]{64}$');
COMMENT ON COLUMN lineage.delivery.finished_at IS 'When it was first loaded, recognised or refused';
COMMENT ON COLUMN lineage.delivery.judged_at IS 'When its rows were last judged';
COMMENT ON COLUMN lineage.delivery.judged_because IS 'Why they were last judged: forsta (it came), foralder (a parent came), regler (rules or code lists changed), rattelse (a correction came or was withdrawn), begaran (somebody asked)';
COMMENT ON COLUMN lineage.delivery.rules_sha256 IS 'Fingerprint of the contract and code lists they were judged by; null before fingerprints were kept';

CREATE TABLE lineage.judgement (
    judgement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery_id bigint NOT NULL REFERENCES lineage.delivery,
    judged_at timestamptz NOT NULL,
    because text NOT NULL,
    rules_sha256 text,
    rows_in integer NOT NULL CHECK (rows_in = rows_loaded + rows_unchanged + rows_quarantined),
    rows_loaded integer NOT NULL,
    rows_unchanged integer NOT NULL,
    rows_quarantined integer NOT NULL
);
CREATE INDEX ON lineage.judgement (delivery_id, judged_at);
COMMENT ON TABLE lineage.judgement IS 'One time a delivery''s rows were judged, and what became of them; append only, written by the database itself';
COMMENT ON COLUMN lineage.judgement.judgement_id IS 'Number of the judgement';
COMMENT ON COLUMN lineage.judgement.delivery_id IS 'The delivery';
COMMENT ON COLUMN lineage.judgement.judged_at IS 'When';
COMMENT ON COLUMN lineage.judgement.because IS 'Why, as in lineage.delivery.judged_because';
COMMENT ON COLUMN lineage.judgement.rules_sha256 IS 'Fingerprint of the contract and code lists the rows were judged by';
COMMENT ON COLUMN lineage.judgement.rows_in IS 'Rows in the file';
COMMENT ON COLUMN lineage.judgement.rows_loaded IS 'Rows that were new or changed';
COMMENT ON COLUMN lineage.judgement.rows_unchanged IS 'Rows that said what was already known for the same month';
COMMENT ON COLUMN lineage.judgement.rows_quarantined IS 'Rows in quarantine';
CREATE TRIGGER judgement_is_logged AFTER INSERT ON lineage.judgement
FOR EACH ROW EXECUTE FUNCTION lineage.append();
CREATE TRIGGER judgement_is_append_only BEFORE UPDATE OR DELETE ON lineage.judgement
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();

CREATE FUNCTION lineage.keep_judgement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog
AS $$
BEGIN
    INSERT INTO lineage.judgement (delivery_id, judged_at, because, rules_sha256, rows_in, rows_loaded, rows_unchanged,
                                   rows_quarantined)
    VALUES (NEW.delivery_id, coalesce(NEW.judged_at, NEW.finished_at, NEW.received_at),
            coalesce(NEW.judged_because, 'forsta'), NEW.rules_sha256, NEW.rows_in, NEW.rows_loaded, NEW.rows_unchanged,
            NEW.rows_quarantined);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION lineage.keep_judgement IS 'Keeps what became of a delivery''s rows each time they are judged';
CREATE TRIGGER delivery_was_judged AFTER INSERT ON lineage.delivery
FOR EACH ROW WHEN (NEW.status = 'mottagen') EXECUTE FUNCTION lineage.keep_judgement();
CREATE TRIGGER delivery_was_judged_again AFTER UPDATE ON lineage.delivery
FOR EACH ROW WHEN (NEW.status = 'mottagen' AND NEW.judged_at IS DISTINCT FROM OLD.judged_at)
EXECUTE FUNCTION lineage.keep_judgement();
UPDATE lineage.delivery SET judged_at = finished_at, judged_because = 'forsta' WHERE status = 'mottagen';
GRANT SELECT ON lineage.judgement TO arshjul_intake, arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;

-- Corrections: a register of the municipality's.
CREATE TABLE core.rattelser (
    sender text NOT NULL,
    period date NOT NULL,
    rattelse_id text NOT NULL,
    dataset text NOT NULL,
    avsandare_orgnr text NOT NULL,
    manad date NOT NULL,
    nyckel text NOT NULL,
    atgard text NOT NULL,
    falt text,
    fran text,
    till text,
    skal text NOT NULL,
    meddelad text NOT NULL,
    beslutad_datum date NOT NULL,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX rattelser_current ON core.rattelser (sender, period, rattelse_id) WHERE known_to = 'infinity';
CREATE INDEX rattelser_target ON core.rattelser (dataset, avsandare_orgnr, manad);
COMMENT ON TABLE core.rattelser IS 'One decided correction of one delivered row, as the register delivered for a month says';
COMMENT ON COLUMN core.rattelser.sender IS 'Ten-digit organisationsnummer of the sender: the municipality';
COMMENT ON COLUMN core.rattelser.period IS 'First day of the register''s delivery month';
COMMENT ON COLUMN core.rattelser.rattelse_id IS 'The municipality''s id of the correction';
COMMENT ON COLUMN core.rattelser.dataset IS 'Dataset of the row';
COMMENT ON COLUMN core.rattelser.avsandare_orgnr IS 'Who delivered the row';
COMMENT ON COLUMN core.rattelser.manad IS 'First day of the delivery month of the row';
COMMENT ON COLUMN core.rattelser.nyckel IS 'The row''s key, as field=text;field=text, with the texts of the file';
COMMENT ON COLUMN core.rattelser.atgard IS 'andra (put another value in a field) or uteslut (leave the row out)';
COMMENT ON COLUMN core.rattelser.falt IS 'The field that is changed, or that the guard of an exclusion looks at';
COMMENT ON COLUMN core.rattelser.fran IS 'The guard: the wrong text of the file; null for an empty field';
COMMENT ON COLUMN core.rattelser.till IS 'The right text; null for an empty field';
COMMENT ON COLUMN core.rattelser.skal IS 'Why';
COMMENT ON COLUMN core.rattelser.meddelad IS 'Who was told';
COMMENT ON COLUMN core.rattelser.beslutad_datum IS 'When it was decided';
COMMENT ON COLUMN core.rattelser.delivery_id IS 'The delivery it was last told by';
COMMENT ON COLUMN core.rattelser.row_no IS 'Row number in that file';
COMMENT ON COLUMN core.rattelser.known_from IS 'When we came to know it';
COMMENT ON COLUMN core.rattelser.known_to IS 'Until when we believed it; infinity while we do';
GRANT SELECT, INSERT, UPDATE ON core.rattelser TO arshjul_intake;

CREATE TABLE quarantine.corrected (
    delivery_id bigint NOT NULL REFERENCES lineage.delivery,
    row_no integer NOT NULL CHECK (row_no > 0),
    rattelse_id text NOT NULL,
    action text NOT NULL CHECK (action IN ('andra', 'uteslut')),
    field text NOT NULL,
    known_from timestamptz NOT NULL DEFAULT clock_timestamp(),
    known_to timestamptz NOT NULL DEFAULT 'infinity',
    CHECK (known_from <= known_to)
);
CREATE UNIQUE INDEX corrected_current ON quarantine.corrected (delivery_id, row_no, rattelse_id) WHERE known_to = 'infinity';
COMMENT ON TABLE quarantine.corrected IS 'One row of a delivery that one correction changes or leaves out, and for how long; never a value';
COMMENT ON COLUMN quarantine.corrected.delivery_id IS 'The delivery';
COMMENT ON COLUMN quarantine.corrected.row_no IS 'Row number in the file: 1 is the first row below the header';
COMMENT ON COLUMN quarantine.corrected.rattelse_id IS 'The correction';
COMMENT ON COLUMN quarantine.corrected.action IS 'andra (a field was changed) or uteslut (the row was left out)';
COMMENT ON COLUMN quarantine.corrected.field IS 'The field that was changed; empty when the row was left out';
COMMENT ON COLUMN quarantine.corrected.known_from IS 'When the correction was first applied to the row';
COMMENT ON COLUMN quarantine.corrected.known_to IS 'When it was no longer; infinity while it is';
GRANT SELECT, INSERT, UPDATE (known_to) ON quarantine.corrected TO arshjul_intake;
GRANT SELECT ON quarantine.corrected TO arshjul_report, arshjul_audit;

RESET ROLE;
