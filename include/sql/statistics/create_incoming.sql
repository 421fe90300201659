-- What the fetch says, beside what is known; gone when the transaction ends.
CREATE TEMPORARY TABLE incoming_value (
    series_id text NOT NULL,
    area text NOT NULL,
    period text NOT NULL COLLATE "C",
    dimensions jsonb NOT NULL,
    value numeric,
    status text NOT NULL,
    is_deleted boolean NOT NULL,
    members integer,
    delivery_id bigint NOT NULL,
    row_no integer NOT NULL,
    -- Also what the comparison looks up by.
    PRIMARY KEY (series_id, area, period, dimensions)
) ON COMMIT DROP;
