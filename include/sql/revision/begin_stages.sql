-- Make room for the stages of one review: what happened between the stage before and this one
CREATE TEMPORARY TABLE revision_stage (
    indicator_id text NOT NULL,
    stage integer NOT NULL,
    kind text,
    PRIMARY KEY (indicator_id, stage)
)
