-- Keep a working paper, unless the very same content already is.
INSERT INTO lineage.paper
    (run_id, report_id, period, subject, as_of, computation_id, protection_id, content_sha256, files)
VALUES
    (
        :run_id, :report_id, :period, :subject, :as_of, :computation_id, :protection_id, :content_sha256,
        :files::jsonb
    )
ON CONFLICT (content_sha256) DO NOTHING;
