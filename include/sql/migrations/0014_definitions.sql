-- Definitions as they were used: which text of which version each computation was made with.
SET LOCAL ROLE arshjul_owner;

CREATE TABLE indicator.definition (
    sha256 text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    indicator_id text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    definition text NOT NULL,
    statement text NOT NULL,
    left_out text
);
CREATE INDEX ON indicator.definition (indicator_id, version);
COMMENT ON TABLE indicator.definition IS 'Every text of a definition that something has been computed with, kept for ever';
COMMENT ON COLUMN indicator.definition.sha256 IS 'SHA-256 of the indicator and its three texts';
COMMENT ON COLUMN indicator.definition.indicator_id IS 'The indicator';
COMMENT ON COLUMN indicator.definition.version IS 'Version that the definition says it is; raised when the figure comes to mean something else';
COMMENT ON COLUMN indicator.definition.definition IS 'The definition, YAML';
COMMENT ON COLUMN indicator.definition.statement IS 'The SELECT that gives its observations';
COMMENT ON COLUMN indicator.definition.left_out IS 'The SELECT that counts what it leaves out and why; null when it leaves nothing out';

CREATE TABLE indicator.computation_definition (
    computation_id bigint NOT NULL REFERENCES indicator.computation,
    indicator_id text NOT NULL,
    sha256 text NOT NULL REFERENCES indicator.definition,
    PRIMARY KEY (computation_id, indicator_id)
);
COMMENT ON TABLE indicator.computation_definition IS 'Which definition of each indicator a computation was made with';
COMMENT ON COLUMN indicator.computation_definition.computation_id IS 'The computation';
COMMENT ON COLUMN indicator.computation_definition.indicator_id IS 'The indicator';
COMMENT ON COLUMN indicator.computation_definition.sha256 IS 'The definition';

CREATE TRIGGER definition_is_append_only BEFORE UPDATE OR DELETE ON indicator.definition
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER computation_definition_is_append_only BEFORE UPDATE OR DELETE ON indicator.computation_definition
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();

GRANT SELECT ON indicator.definition, indicator.computation_definition
TO arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;
GRANT INSERT ON indicator.definition, indicator.computation_definition TO arshjul_compute;

RESET ROLE;
