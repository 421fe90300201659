-- Protection: the public table of each computation, what it was made against, and what has really left the house.
SET LOCAL ROLE arshjul_owner;

CREATE TABLE indicator.protection (
    protection_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    computation_id bigint NOT NULL REFERENCES indicator.computation,
    run_id bigint NOT NULL REFERENCES lineage.run,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    rules jsonb NOT NULL,
    grouping jsonb NOT NULL,
    method text NOT NULL,
    companions bigint[] NOT NULL,
    against bigint[] NOT NULL,
    cells integer NOT NULL CHECK (cells >= 0),
    hidden integer NOT NULL CHECK (hidden BETWEEN 0 AND cells),
    figures_sha256 text NOT NULL,
    copied_from bigint REFERENCES indicator.protection
);
CREATE INDEX ON indicator.protection (computation_id, protection_id);
COMMENT ON TABLE indicator.protection IS
'One protection of one computation: its public table is safe beside everything that had been released before';
COMMENT ON COLUMN indicator.protection.protection_id IS 'Number of the protection';
COMMENT ON COLUMN indicator.protection.computation_id IS 'The computation that is protected';
COMMENT ON COLUMN indicator.protection.run_id IS 'The run that protected';
COMMENT ON COLUMN indicator.protection.made_at IS 'When';
COMMENT ON COLUMN indicator.protection.rules IS 'Thresholds and the hash of the declared relations, as they were used';
COMMENT ON COLUMN indicator.protection.grouping IS
'Indicator to the providers that are shown together as anordnare=ovriga; the same for a whole calendar year';
COMMENT ON COLUMN indicator.protection.method IS 'How cells were chosen and how the choice was audited';
COMMENT ON COLUMN indicator.protection.companions IS
'Protections of the comparison periods that a report of this one shows, oldest period first';
COMMENT ON COLUMN indicator.protection.against IS 'Every protection that had been released then, in order';
COMMENT ON COLUMN indicator.protection.cells IS 'Number of cells in the public table';
COMMENT ON COLUMN indicator.protection.hidden IS 'How many of them are withheld, whatever the reason';
COMMENT ON COLUMN indicator.protection.figures_sha256 IS 'Hash of the true figures that were protected';
COMMENT ON COLUMN indicator.protection.copied_from IS
'The protection whose public table it has, since every value is the same; null when it was made by itself';

CREATE TABLE indicator.public_value (
    protection_id bigint NOT NULL REFERENCES indicator.protection,
    indicator_id text NOT NULL,
    cell jsonb NOT NULL,
    numerator numeric,
    denominator numeric,
    value numeric,
    observations bigint,
    interval_low numeric,
    interval_high numeric,
    is_protected boolean NOT NULL,
    PRIMARY KEY (protection_id, indicator_id, cell),
    CONSTRAINT withheld_values_are_empty
    CHECK (NOT is_protected
           OR num_nonnulls(numerator, denominator, value, observations, interval_low, interval_high) = 0)
);
COMMENT ON TABLE indicator.public_value IS
'What a reader may be told of a computation: the only values that reports and the public export are made from';
COMMENT ON COLUMN indicator.public_value.protection_id IS 'The protection';
COMMENT ON COLUMN indicator.public_value.indicator_id IS 'The indicator';
COMMENT ON COLUMN indicator.public_value.cell IS
'Breakdown to code, in the catalogue''s tables only; anordnare may be ovriga, several small providers together';
COMMENT ON COLUMN indicator.public_value.numerator IS 'Sum of numerators';
COMMENT ON COLUMN indicator.public_value.denominator IS 'Sum of denominators';
COMMENT ON COLUMN indicator.public_value.value IS 'The value, unrounded';
COMMENT ON COLUMN indicator.public_value.observations IS 'Number of observations';
COMMENT ON COLUMN indicator.public_value.interval_low IS 'Lower end of the figure''s interval, where it has one';
COMMENT ON COLUMN indicator.public_value.interval_high IS 'Upper end of the figure''s interval, where it has one';
COMMENT ON COLUMN indicator.public_value.is_protected IS 'Withheld: shown as .., and there is no number here at all';

CREATE TABLE indicator.public_left_out (
    protection_id bigint NOT NULL REFERENCES indicator.protection,
    indicator_id text NOT NULL,
    reason text NOT NULL,
    observations bigint,
    is_protected boolean NOT NULL CHECK (is_protected = (observations IS NULL)),
    PRIMARY KEY (protection_id, indicator_id, reason)
);
COMMENT ON TABLE indicator.public_left_out IS 'What a reader may be told of what an indicator did not count, and why';
COMMENT ON COLUMN indicator.public_left_out.protection_id IS 'The protection';
COMMENT ON COLUMN indicator.public_left_out.indicator_id IS 'The indicator';
COMMENT ON COLUMN indicator.public_left_out.reason IS 'Why, as a Swedish sentence fragment shown to readers';
COMMENT ON COLUMN indicator.public_left_out.observations IS 'How many were left out for that reason; null when withheld';
COMMENT ON COLUMN indicator.public_left_out.is_protected IS 'Withheld: shown as ..';

CREATE TABLE indicator.release (
    release_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    protection_id bigint NOT NULL REFERENCES indicator.protection,
    kind text NOT NULL CHECK (kind IN ('publicering', 'export')),
    run_id bigint NOT NULL REFERENCES lineage.run,
    released_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON indicator.release (protection_id);
COMMENT ON TABLE indicator.release IS
'A public table that has left the house; what stopped at a draft or a rejection is not here';
COMMENT ON COLUMN indicator.release.release_id IS 'Number of the release';
COMMENT ON COLUMN indicator.release.protection_id IS 'The protection whose public table was released, or shown beside it';
COMMENT ON COLUMN indicator.release.kind IS 'publicering: an approved report; export: a public file from the command line';
COMMENT ON COLUMN indicator.release.run_id IS 'The run that released';
COMMENT ON COLUMN indicator.release.released_at IS 'When';

CREATE TRIGGER protection_is_append_only BEFORE UPDATE OR DELETE ON indicator.protection
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER public_value_is_append_only BEFORE UPDATE OR DELETE ON indicator.public_value
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER public_left_out_is_append_only BEFORE UPDATE OR DELETE ON indicator.public_left_out
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER release_is_append_only BEFORE UPDATE OR DELETE ON indicator.release
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER protection_is_logged AFTER INSERT ON indicator.protection
FOR EACH ROW EXECUTE FUNCTION lineage.append();
CREATE TRIGGER release_is_logged AFTER INSERT ON indicator.release
FOR EACH ROW EXECUTE FUNCTION lineage.append();

GRANT SELECT ON indicator.protection, indicator.public_value, indicator.public_left_out, indicator.release
TO arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;
GRANT INSERT ON indicator.protection, indicator.public_value, indicator.public_left_out TO arshjul_compute;
GRANT INSERT ON indicator.release TO arshjul_compute, arshjul_publish;

-- Whoever makes reports has no way to a figure that is not public.
REVOKE SELECT ON indicator.value, indicator.left_out FROM arshjul_report;

RESET ROLE;
