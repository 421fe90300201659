-- Make room for one review: readers' cells as they are at each stage between what was released and what is known now
CREATE TEMPORARY TABLE revision_cell (
    indicator_id text NOT NULL,
    stage integer NOT NULL,
    cell jsonb NOT NULL,
    numerator numeric NOT NULL,
    denominator numeric,
    value numeric,
    observations bigint NOT NULL,
    PRIMARY KEY (indicator_id, stage, cell)
)
