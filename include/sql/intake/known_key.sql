-- true when the identity key is the one that the aliases here were made with
SELECT EXISTS (SELECT FROM vault.key AS k WHERE k.key_id = :key_id AND k.fingerprint = :fingerprint) AS is_known
