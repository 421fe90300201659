-- Ask for files to be destroyed by a decision; nothing is destroyed before another person has approved it.
INSERT INTO lineage.disposal (decided_on, reference, decision, files, requested_by)
VALUES (:decided_on, :reference, :decision, :files::jsonb, :requested_by)
RETURNING disposal_id
