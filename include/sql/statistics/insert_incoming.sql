-- Puts a batch of cells beside what is known.
INSERT INTO incoming_value
SELECT n.*
FROM jsonb_to_recordset(:cells::jsonb) AS n (
    series_id text, area text, period text, dimensions jsonb, value numeric, status text, is_deleted boolean,
    members integer, delivery_id bigint, row_no integer
);
