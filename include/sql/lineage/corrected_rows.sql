-- one row is a row of one of the named deliveries that a correction had changed at a time, now by default
SELECT c.delivery_id, c.row_no, c.rattelse_id
FROM quarantine.corrected AS c
WHERE c.delivery_id = ANY(:delivery_ids::bigint[])
    AND c.known_from <= coalesce(:as_of, clock_timestamp()) AND coalesce(:as_of, clock_timestamp()) < c.known_to
ORDER BY c.delivery_id, c.row_no, c.rattelse_id;
