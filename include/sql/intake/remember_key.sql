-- Remember the fingerprint of the first identity key that is used here.
INSERT INTO vault.key (key_id, fingerprint)
SELECT :key_id, :fingerprint
WHERE NOT EXISTS (SELECT FROM vault.key)
ON CONFLICT DO NOTHING
