-- the promised sample of a period, with its draw when it is drawn
SELECT
    s.spot_check_id, s.period, s.first_day, s.last_day, s.diary, s.closes_on, s.rules, s.commitment, s.sealed_nonce,
    s.on_day, s.committed_at,
    d.as_of AS draw_as_of, d.nonce AS draw_nonce, d.manifest_sha256 AS draw_manifest_sha256, d.seed AS draw_seed,
    d.population AS draw_population, d.items AS draw_items, d.complete_on AS draw_complete_on, d.on_day AS draw_on_day,
    d.drawn_at AS draw_drawn_at
FROM lineage.spot_check AS s
LEFT JOIN lineage.spot_check_draw AS d USING (spot_check_id)
WHERE s.period = :period;
