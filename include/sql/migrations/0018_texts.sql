-- What people write for a report in the approval form: kept word for word, with who, when and for which period.
SET LOCAL ROLE arshjul_owner;

CREATE TABLE lineage.written_text (
    text_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES lineage.run,
    report_id text NOT NULL CHECK (report_id ~ '^[a-z_]+$'),
    period text NOT NULL CHECK (period <> ''),
    section text NOT NULL CHECK (section ~ '^[a-z_]+$'),
    indicator_id text CHECK (indicator_id ~ '^[a-z0-9_]+$'),
    markdown text NOT NULL CHECK (length(markdown) BETWEEN 1 AND 20000 AND markdown ~ '\S'),
    author text NOT NULL CHECK (length(author) BETWEEN 1 AND 200 AND author = btrim(author) AND author !~ '[[:cntrl:]]'),
    person lineage.person NOT NULL,
    written_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON lineage.written_text (report_id, period);
COMMENT ON TABLE lineage.written_text IS 'One text written for a report in the form of its run; a newer one of the same part replaces it for later reports only';
COMMENT ON COLUMN lineage.written_text.text_id IS 'Number of the text';
COMMENT ON COLUMN lineage.written_text.run_id IS 'The run whose form it was written in';
COMMENT ON COLUMN lineage.written_text.report_id IS 'Report it is for';
COMMENT ON COLUMN lineage.written_text.period IS 'Key of the period it is about';
COMMENT ON COLUMN lineage.written_text.section IS 'Section of the report';
COMMENT ON COLUMN lineage.written_text.indicator_id IS 'Indicator it is about; null when it is about the whole section';
COMMENT ON COLUMN lineage.written_text.markdown IS 'The text as it was written, Markdown';
COMMENT ON COLUMN lineage.written_text.author IS 'Function that readers see as its author';
COMMENT ON COLUMN lineage.written_text.person IS 'User name of the person who wrote it';
COMMENT ON COLUMN lineage.written_text.written_at IS 'When it reached the ledger';

CREATE TRIGGER written_text_is_append_only BEFORE UPDATE OR DELETE ON lineage.written_text
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER written_text_is_not_truncated BEFORE TRUNCATE ON lineage.written_text
FOR EACH STATEMENT EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER written_text_is_logged AFTER INSERT ON lineage.written_text
FOR EACH ROW EXECUTE FUNCTION lineage.append();

GRANT INSERT, SELECT ON lineage.written_text TO arshjul_publish;
GRANT SELECT ON lineage.written_text TO arshjul_audit;

RESET ROLE;
