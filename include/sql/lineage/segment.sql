-- one row is one log row as text, exactly what its seal is made of
SELECT
    seq, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, actor, event, data::text AS data,
    encode(previous_hash, 'hex') AS previous_hash, encode(hash, 'hex') AS hash
FROM lineage.log
WHERE seq BETWEEN :first_seq AND :last_seq
ORDER BY seq;
