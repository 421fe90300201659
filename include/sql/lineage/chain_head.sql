-- one row is the last row of the log
SELECT seq, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, encode(hash, 'hex') AS hash
FROM lineage.log
ORDER BY seq DESC
LIMIT 1;
