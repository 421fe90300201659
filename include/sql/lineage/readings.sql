-- one row is one time rows about single persons, or unprotected figures, were shown; the newest first
SELECT reading_id, read_at, reader, command, what, rows
FROM lineage.reading
WHERE read_at >= coalesce(:since::timestamptz, '-infinity')
ORDER BY reading_id DESC
