-- one row says where in the log the freezing of a package and its publication stand
SELECT min(seq) AS first_seq, max(seq) AS last_seq
FROM lineage.log
WHERE (event = 'package.insert' AND (data ->> 'package_id')::bigint = :package_id)
   OR (event IN ('publication.insert', 'figure.insert') AND (data ->> 'publication_id')::bigint = :publication_id);
