-- one row is one log row that breaks the chain: gap (a number is missing before it), link (it does not follow from the
-- row before) or seal (its own content was changed)
WITH chained AS (
    SELECT
        l.*,
        coalesce(lag(l.seq) OVER in_order, 0) AS seq_before,
        coalesce(lag(l.hash) OVER in_order, decode(repeat('00', 32), 'hex')) AS hash_before
    FROM lineage.log AS l
    WINDOW in_order AS (ORDER BY l.seq)
)
SELECT
    c.seq,
    c.seq <> c.seq_before + 1 AS is_gap,
    c.previous_hash <> c.hash_before AS is_unlinked,
    c.hash <> lineage.seal(c.seq, c.at, c.actor, c.event, c.data, c.previous_hash) AS is_changed
FROM chained AS c
WHERE c.seq <> c.seq_before + 1
   OR c.previous_hash <> c.hash_before
   OR c.hash <> lineage.seal(c.seq, c.at, c.actor, c.event, c.data, c.previous_hash)
ORDER BY c.seq;
