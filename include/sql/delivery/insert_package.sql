-- Put a package up for approval, unless the very same content already is.
INSERT INTO lineage.package
    (run_id, report_id, period, as_of, computation_id, content_sha256, files, prepared_by)
VALUES
    (:run_id, :report_id, :period, :as_of, :computation_id, :content_sha256, :files::jsonb, :prepared_by)
ON CONFLICT (content_sha256) DO NOTHING;
