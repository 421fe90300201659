-- Working papers: what is made for a visit or a dialogue inside the house, frozen as it was handed over, and to whom.
SET LOCAL ROLE arshjul_owner;

CREATE TABLE lineage.paper (
    paper_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES lineage.run,
    report_id text NOT NULL,
    period text NOT NULL,
    subject text NOT NULL DEFAULT '',
    as_of timestamptz NOT NULL,
    computation_id bigint NOT NULL REFERENCES indicator.computation,
    protection_id bigint NOT NULL REFERENCES indicator.protection,
    content_sha256 text NOT NULL UNIQUE CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
    files jsonb NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON lineage.paper (report_id, period, subject);
COMMENT ON TABLE lineage.paper IS 'A working paper exactly as it was made; it stays in the house, so nobody approves it';
COMMENT ON COLUMN lineage.paper.paper_id IS 'Number of the paper';
COMMENT ON COLUMN lineage.paper.run_id IS 'The run that made it';
COMMENT ON COLUMN lineage.paper.report_id IS 'Which kind of paper, such as underlag_tjanstemannabesok';
COMMENT ON COLUMN lineage.paper.period IS 'Key of the period its figures are about';
COMMENT ON COLUMN lineage.paper.subject IS 'Whom or what it is about: a follow-up object or a provider; empty when it is about all';
COMMENT ON COLUMN lineage.paper.as_of IS 'What was known: later deliveries are not in it';
COMMENT ON COLUMN lineage.paper.computation_id IS 'The computation its figures come from';
COMMENT ON COLUMN lineage.paper.protection_id IS 'The public table its figures come from';
COMMENT ON COLUMN lineage.paper.content_sha256 IS 'Hash of the manifest, which holds the hash of every file';
COMMENT ON COLUMN lineage.paper.files IS 'Array of name, sha256, size_bytes and media_type';
COMMENT ON COLUMN lineage.paper.made_at IS 'When it was made';
CREATE TRIGGER paper_is_append_only BEFORE UPDATE OR DELETE ON lineage.paper
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER paper_is_logged AFTER INSERT ON lineage.paper
FOR EACH ROW EXECUTE FUNCTION lineage.append();

CREATE TABLE lineage.paper_receipt (
    paper_receipt_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    paper_id bigint NOT NULL REFERENCES lineage.paper,
    recipient_id text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('e-post', 'mapp')),
    address text NOT NULL,
    reference text NOT NULL,
    reserved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    delivered_at timestamptz,
    CONSTRAINT paper_receipt_once UNIQUE (paper_id, recipient_id, channel)
);
COMMENT ON TABLE lineage.paper_receipt IS 'One reader''s copy of one working paper: how and when it was handed over';
COMMENT ON COLUMN lineage.paper_receipt.paper_receipt_id IS 'Number of the receipt';
COMMENT ON COLUMN lineage.paper_receipt.paper_id IS 'The paper';
COMMENT ON COLUMN lineage.paper_receipt.recipient_id IS 'Reader, as named in the catalogue';
COMMENT ON COLUMN lineage.paper_receipt.channel IS 'e-post or mapp';
COMMENT ON COLUMN lineage.paper_receipt.address IS 'Function address or folder it was sent to';
COMMENT ON COLUMN lineage.paper_receipt.reference IS 'Message-ID or folder name: the same again if it ever has to be resent';
COMMENT ON COLUMN lineage.paper_receipt.reserved_at IS 'When sending was begun';
COMMENT ON COLUMN lineage.paper_receipt.delivered_at IS 'When the receiving system took over; null until then';
CREATE TRIGGER paper_receipt_is_filled_in_once BEFORE UPDATE ON lineage.paper_receipt
FOR EACH ROW EXECUTE FUNCTION lineage.check_receipt();
CREATE TRIGGER paper_receipt_is_kept BEFORE DELETE ON lineage.paper_receipt
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER paper_receipt_is_logged AFTER INSERT OR UPDATE ON lineage.paper_receipt
FOR EACH ROW EXECUTE FUNCTION lineage.append();

GRANT SELECT ON lineage.paper, lineage.paper_receipt TO arshjul_publish, arshjul_report, arshjul_audit;
GRANT INSERT ON lineage.paper TO arshjul_publish;
GRANT INSERT, UPDATE (delivered_at) ON lineage.paper_receipt TO arshjul_publish;

RESET ROLE;
