-- one row says where in the log something stands that happened to a publication after it was published
SELECT seq
FROM lineage.log
WHERE (event IN ('decision.insert', 'recall.update') AND (data ->> 'publication_id')::bigint = :publication_id)
   OR (event = 'correction.insert'
       AND :publication_id IN ((data ->> 'publication_id')::bigint, (data ->> 'replaces_id')::bigint))
ORDER BY seq;
