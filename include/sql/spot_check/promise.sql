-- Promise a sample of a period's payments; nothing happens when it is promised already
INSERT INTO lineage.spot_check (
    run_id, period, first_day, last_day, diary, closes_on, rules, commitment, sealed_nonce, on_day
)
VALUES (
    :run_id, :period, :first_day, :last_day, :diary, :closes_on, :rules::jsonb, :commitment, :sealed_nonce, :on_day
)
ON CONFLICT (period) DO NOTHING
