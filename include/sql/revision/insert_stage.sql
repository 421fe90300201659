-- Note a stage and what happened before it
INSERT INTO pg_temp.revision_stage (indicator_id, stage, kind) VALUES (:indicator_id, :stage, :kind)
