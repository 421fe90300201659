-- Reserve a notice to one recipient about one matter; nothing happens when it is reserved already
INSERT INTO lineage.notice (run_id, matter, about, recipient, content, reference)
VALUES (:run_id, :matter, :about, :recipient, :content::jsonb, :reference)
ON CONFLICT ON CONSTRAINT notice_once DO NOTHING
