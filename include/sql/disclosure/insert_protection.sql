-- Enter a protection
INSERT INTO indicator.protection
    (computation_id, run_id, rules, grouping, method, companions, against, cells, hidden, figures_sha256, copied_from)
VALUES
    (:computation_id, :run_id, :rules::jsonb, :grouping::jsonb, :method, :companions, :against, :cells, :hidden,
     :figures_sha256, :copied_from)
RETURNING protection_id, made_at;
