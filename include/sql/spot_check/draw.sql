-- Keep the draw of a promised sample
INSERT INTO lineage.spot_check_draw (
    spot_check_id, run_id, closed_on, complete_on, as_of, nonce, manifest_sha256, seed, population, items, on_day
)
VALUES (
    :spot_check_id, :run_id, :closed_on, :complete_on, :as_of, :nonce, :manifest_sha256, :seed, :population,
    :items::jsonb, :on_day
)
