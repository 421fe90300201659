-- Make room for what one computation left out, until all of it is ready to be stored
CREATE TEMPORARY TABLE computed_left_out (
    indicator_id text NOT NULL,
    reason text NOT NULL,
    observations bigint NOT NULL
)
