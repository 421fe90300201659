-- The vault: who a pseudonym is. Nothing outside intake reads it, and nothing else holds a personnummer.
SET LOCAL ROLE arshjul_owner;

CREATE TABLE vault.alias (
    alias bytea NOT NULL CHECK (length(alias) = 32),
    key_id smallint NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('pn', 'sam')),
    encrypted bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (alias, key_id)
);
CREATE INDEX ON vault.alias (person_id);
COMMENT ON TABLE vault.alias IS 'One way of knowing a person: the keyed alias of one personnummer or samordningsnummer';
COMMENT ON COLUMN vault.alias.alias IS 'HMAC-SHA256 of the canonical number under the identity key; worthless without the key';
COMMENT ON COLUMN vault.alias.key_id IS 'Which identity key made the alias, so that keys can be rotated';
COMMENT ON COLUMN vault.alias.person_id IS 'The random pseudonym that everything else uses';
COMMENT ON COLUMN vault.alias.kind IS 'pn = personnummer, sam = samordningsnummer';
COMMENT ON COLUMN vault.alias.encrypted IS 'The canonical number, AES-256-GCM under the vault key, bound to the alias';
COMMENT ON COLUMN vault.alias.created_at IS 'When the number was first seen';

CREATE TABLE vault.key (
    key_id smallint PRIMARY KEY,
    fingerprint bytea NOT NULL CHECK (length(fingerprint) = 32),
    first_used_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE vault.key IS 'Which identity key the aliases were made with: another key would make everybody a new person';
COMMENT ON COLUMN vault.key.key_id IS 'Number of the key';
COMMENT ON COLUMN vault.key.fingerprint IS 'HMAC-SHA256 of a fixed text under the key; says nothing of the key itself';
COMMENT ON COLUMN vault.key.first_used_at IS 'When the key was first used here';
GRANT SELECT, INSERT ON vault.key TO arshjul_intake;

GRANT SELECT (alias, key_id, person_id), INSERT ON vault.alias TO arshjul_intake;

RESET ROLE;
