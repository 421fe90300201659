from __future__ import annotations

import hmac
from dataclasses import replace
from pathlib import Path

import pytest

from arshjul.intake.identity import IdentityError, IdentityKeys
from arshjul.lineage.keys import KeyFileError
from arshjul.settings import Settings, load_settings

TOLVAN = "191212121212"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"ARSHJUL_HOME": str(tmp_path)})


def test_the_alias_is_a_keyed_hash_with_its_own_domain(settings: Settings) -> None:
    keys = IdentityKeys.load(settings)
    key = settings.identity_key_file.read_bytes()
    assert keys.alias(TOLVAN) == hmac.digest(key, b"arshjul/personnummer/1\x1f191212121212", "sha256")
    assert keys.alias(TOLVAN) == IdentityKeys.load(settings).alias(TOLVAN)


def test_another_home_has_other_aliases(settings: Settings, tmp_path: Path) -> None:
    other = load_settings({"ARSHJUL_HOME": str(tmp_path / "other")})
    assert IdentityKeys.load(settings).alias(TOLVAN) != IdentityKeys.load(other).alias(TOLVAN)


def test_an_encrypted_number_opens_under_its_own_alias_only(settings: Settings) -> None:
    keys = IdentityKeys.load(settings)
    alias = keys.alias(TOLVAN)
    encrypted = keys.encrypt(TOLVAN, alias)
    assert keys.decrypt(encrypted, alias) == TOLVAN
    assert TOLVAN.encode() not in encrypted
    assert keys.encrypt(TOLVAN, alias) != encrypted
    spoilt = encrypted[:-1] + bytes([encrypted[-1] ^ 1])
    for ciphertext, name in ((encrypted, keys.alias("191212121213")), (spoilt, alias), (b"", alias)):
        with pytest.raises(IdentityError) as caught:
            keys.decrypt(ciphertext, name)
        assert TOLVAN not in str(caught.value)


def test_the_key_id_comes_from_the_key_files_name(settings: Settings, tmp_path: Path) -> None:
    assert IdentityKeys.load(settings).key_id == 1
    rotated = replace(settings, identity_key_file=tmp_path / "keys" / "identity.2.key")
    assert IdentityKeys.load(rotated).key_id == 2
    assert IdentityKeys.load(rotated).alias(TOLVAN) != IdentityKeys.load(settings).alias(TOLVAN)


def test_no_key_is_shown(settings: Settings) -> None:
    keys = IdentityKeys.load(settings)
    assert repr(keys) == "IdentityKeys(key_id=1)"


def test_production_is_never_given_new_keys(settings: Settings) -> None:
    with pytest.raises(KeyFileError):
        IdentityKeys.load(replace(settings, environment="production"))
    assert not settings.identity_key_file.exists()
