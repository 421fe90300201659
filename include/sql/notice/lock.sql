-- the notice to one recipient about one matter, locked until the transaction ends
SELECT n.notice_id, n.reference, n.reserved_at, n.sent_at
FROM lineage.notice AS n
WHERE n.matter = :matter AND n.about = :about AND n.recipient = :recipient
FOR UPDATE
