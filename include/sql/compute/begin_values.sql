-- Make room for the values of one computation, until all of them are ready to be stored
CREATE TEMPORARY TABLE computed_value (
    indicator_id text NOT NULL,
    cell jsonb NOT NULL,
    numerator numeric NOT NULL,
    denominator numeric,
    squares numeric,
    value numeric,
    interval_low numeric,
    interval_high numeric,
    observations bigint NOT NULL,
    units bigint,
    disclosure text NOT NULL,
    is_whole boolean NOT NULL DEFAULT false
)
