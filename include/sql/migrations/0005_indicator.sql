-- Indicators: what was computed, for which period, knowing what.
SET LOCAL ROLE arshjul_owner;

CREATE TABLE indicator.computation (
    computation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES lineage.run,
    period text NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    as_of timestamptz NOT NULL,
    catalogue_sha256 text NOT NULL,
    computed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX ON indicator.computation (period, computation_id);
COMMENT ON TABLE indicator.computation IS 'One computation of the whole catalogue for one period at one point of knowledge';
COMMENT ON COLUMN indicator.computation.computation_id IS 'Number of the computation';
COMMENT ON COLUMN indicator.computation.run_id IS 'The run that computed';
COMMENT ON COLUMN indicator.computation.period IS 'Key of the period: month, tertial or year';
COMMENT ON COLUMN indicator.computation.period_start IS 'First day of the period';
COMMENT ON COLUMN indicator.computation.period_end IS 'Last day of the period';
COMMENT ON COLUMN indicator.computation.as_of IS 'Only what was known then is in it';
COMMENT ON COLUMN indicator.computation.catalogue_sha256 IS 'Hash of all definitions and their SQL';
COMMENT ON COLUMN indicator.computation.computed_at IS 'When it was computed';

CREATE TABLE indicator.value (
    computation_id bigint NOT NULL REFERENCES indicator.computation,
    indicator_id text NOT NULL,
    cell jsonb NOT NULL,
    numerator numeric NOT NULL,
    denominator numeric,
    value numeric,
    observations bigint NOT NULL,
    units bigint,
    is_protected boolean NOT NULL,
    PRIMARY KEY (computation_id, indicator_id, cell)
);
COMMENT ON TABLE indicator.value IS 'One value of one indicator in one cell; a cell without a breakdown''s key is its margin';
COMMENT ON COLUMN indicator.value.computation_id IS 'The computation';
COMMENT ON COLUMN indicator.value.indicator_id IS 'The indicator';
COMMENT ON COLUMN indicator.value.cell IS 'Breakdown to code, such as {"insatstyp": "jobbpeng_grund"}; {} is the total';
COMMENT ON COLUMN indicator.value.numerator IS 'Sum of numerators; distinct observations for a count';
COMMENT ON COLUMN indicator.value.denominator IS 'Sum of denominators; null for counts, sums and medians';
COMMENT ON COLUMN indicator.value.value IS 'The value, unrounded; null when there is nothing to divide by';
COMMENT ON COLUMN indicator.value.observations IS 'Number of observations';
COMMENT ON COLUMN indicator.value.units IS 'Distinct persons or enrolments behind, where the indicator says them and they decide protection';
COMMENT ON COLUMN indicator.value.is_protected IS 'The figure may reveal a person and is not shown outside';

CREATE TABLE indicator.left_out (
    computation_id bigint NOT NULL REFERENCES indicator.computation,
    indicator_id text NOT NULL,
    reason text NOT NULL,
    observations bigint NOT NULL CHECK (observations >= 0),
    PRIMARY KEY (computation_id, indicator_id, reason)
);
COMMENT ON TABLE indicator.left_out IS 'What an indicator did not count, and why: nothing is thrown away quietly';
COMMENT ON COLUMN indicator.left_out.computation_id IS 'The computation';
COMMENT ON COLUMN indicator.left_out.indicator_id IS 'The indicator';
COMMENT ON COLUMN indicator.left_out.reason IS 'Why, as a Swedish sentence fragment shown to readers';
COMMENT ON COLUMN indicator.left_out.observations IS 'How many were left out for that reason';

CREATE TRIGGER computation_is_logged AFTER INSERT OR UPDATE ON indicator.computation
FOR EACH ROW EXECUTE FUNCTION lineage.append();
CREATE TRIGGER value_is_append_only BEFORE UPDATE OR DELETE ON indicator.value
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();

ALTER TABLE lineage.package ADD FOREIGN KEY (computation_id) REFERENCES indicator.computation;
ALTER TABLE lineage.check_run ADD FOREIGN KEY (computation_id) REFERENCES indicator.computation;

GRANT SELECT ON ALL TABLES IN SCHEMA indicator TO arshjul_compute, arshjul_publish, arshjul_report, arshjul_audit;
GRANT INSERT ON ALL TABLES IN SCHEMA indicator TO arshjul_compute;

RESET ROLE;
