-- one row is the recall of a publication: the approved one, else the newest request
SELECT recall_id, publication_id, reason, requested_by, requested_at, approved_by, approved_at
FROM published.recall
WHERE publication_id = :publication_id
ORDER BY approved_at IS NULL, recall_id DESC
LIMIT 1;
