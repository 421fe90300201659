-- Revisions: what a released period says now, beside what was released, and why the two differ.
SET LOCAL ROLE arshjul_owner;

CREATE TABLE indicator.review (
    review_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES lineage.run,
    old_computation_id bigint NOT NULL REFERENCES indicator.computation,
    new_computation_id bigint NOT NULL REFERENCES indicator.computation,
    reviewed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (old_computation_id <> new_computation_id)
);
CREATE INDEX ON indicator.review (old_computation_id, review_id);
COMMENT ON TABLE indicator.review IS 'One time a released period was computed again and compared with what was released; the newest one is in force';
COMMENT ON COLUMN indicator.review.review_id IS 'Number of the review';
COMMENT ON COLUMN indicator.review.run_id IS 'The run it belongs to';
COMMENT ON COLUMN indicator.review.old_computation_id IS 'The computation that was released';
COMMENT ON COLUMN indicator.review.new_computation_id IS 'The computation of what is known now';
COMMENT ON COLUMN indicator.review.reviewed_at IS 'When';

CREATE TABLE indicator.revision (
    review_id bigint NOT NULL REFERENCES indicator.review,
    indicator_id text NOT NULL,
    cell jsonb NOT NULL,
    disclosure text NOT NULL,
    old_numerator numeric NOT NULL,
    old_denominator numeric,
    old_value numeric,
    old_observations bigint NOT NULL,
    new_numerator numeric NOT NULL,
    new_denominator numeric,
    new_value numeric,
    new_observations bigint NOT NULL,
    PRIMARY KEY (review_id, indicator_id, cell)
);
COMMENT ON TABLE indicator.revision IS 'One cell of a reader''s table whose figure is not what it was when it was released; stays in the house';
COMMENT ON COLUMN indicator.revision.review_id IS 'The review that found it';
COMMENT ON COLUMN indicator.revision.indicator_id IS 'The indicator';
COMMENT ON COLUMN indicator.revision.cell IS 'Breakdown to code; {} is the total';
COMMENT ON COLUMN indicator.revision.disclosure IS 'Rule that protects persons in the indicator, as its definition names it';
COMMENT ON COLUMN indicator.revision.old_numerator IS 'Numerator as released; 0 where nothing was observed in the cell';
COMMENT ON COLUMN indicator.revision.old_denominator IS 'Denominator as released; null for counts, sums and medians';
COMMENT ON COLUMN indicator.revision.old_value IS 'Value as released; null when there was nothing to divide by';
COMMENT ON COLUMN indicator.revision.old_observations IS 'Number of observations as released';
COMMENT ON COLUMN indicator.revision.new_numerator IS 'Numerator now';
COMMENT ON COLUMN indicator.revision.new_denominator IS 'Denominator now';
COMMENT ON COLUMN indicator.revision.new_value IS 'Value now';
COMMENT ON COLUMN indicator.revision.new_observations IS 'Number of observations now';

CREATE TABLE indicator.revision_part (
    review_id bigint NOT NULL,
    indicator_id text NOT NULL,
    cell jsonb NOT NULL,
    kind text NOT NULL CHECK (kind IN (
        'sena_uppgifter', 'rattade_uppgifter', 'andrad_definition', 'andrad_kodlista', 'andrad_berakning',
        'andrad_definition_eller_berakning')),
    numerator numeric NOT NULL,
    denominator numeric,
    value numeric,
    observations bigint NOT NULL,
    PRIMARY KEY (review_id, indicator_id, cell, kind),
    FOREIGN KEY (review_id, indicator_id, cell) REFERENCES indicator.revision
);
COMMENT ON TABLE indicator.revision_part IS 'How much of one revision is due to one kind of change; the parts sum exactly to new minus old';
COMMENT ON COLUMN indicator.revision_part.review_id IS 'The review that found the revision';
COMMENT ON COLUMN indicator.revision_part.indicator_id IS 'The indicator';
COMMENT ON COLUMN indicator.revision_part.cell IS 'Breakdown to code; {} is the total';
COMMENT ON COLUMN indicator.revision_part.kind IS 'sena_uppgifter (of a sender, dataset and month that was not known at all), rattade_uppgifter (of one that was), andrad_definition, andrad_kodlista, andrad_berakning (the program), andrad_definition_eller_berakning (released before definitions were kept)';
COMMENT ON COLUMN indicator.revision_part.numerator IS 'Change of the numerator';
COMMENT ON COLUMN indicator.revision_part.denominator IS 'Change of the denominator; null where there is none';
COMMENT ON COLUMN indicator.revision_part.value IS 'Change of the value; null when the old or the new value is';
COMMENT ON COLUMN indicator.revision_part.observations IS 'Change of the number of observations';

CREATE TRIGGER review_is_logged AFTER INSERT ON indicator.review
FOR EACH ROW EXECUTE FUNCTION lineage.append();
CREATE TRIGGER review_is_append_only BEFORE UPDATE OR DELETE ON indicator.review
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER revision_is_append_only BEFORE UPDATE OR DELETE ON indicator.revision
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();
CREATE TRIGGER revision_part_is_append_only BEFORE UPDATE OR DELETE ON indicator.revision_part
FOR EACH ROW EXECUTE FUNCTION lineage.refuse_change();

GRANT SELECT ON indicator.review, indicator.revision, indicator.revision_part
TO arshjul_compute, arshjul_publish, arshjul_audit;
GRANT INSERT ON indicator.review, indicator.revision, indicator.revision_part TO arshjul_compute;

RESET ROLE;
