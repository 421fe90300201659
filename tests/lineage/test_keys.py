from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from arshjul.lineage.keys import KeyFileError, load_or_create_key


def test_the_demo_makes_a_key_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "archive.key"
    key = load_or_create_key(path, is_production=False)
    assert len(key) == 32
    assert load_or_create_key(path, is_production=False) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_makers_at_the_same_time_get_the_same_key(tmp_path: Path) -> None:
    path = tmp_path / "archive.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: load_or_create_key(path, is_production=False), range(40)))
    assert len(keys) == 1


def test_production_refuses_a_missing_key(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match=r"missing\.key"):
        load_or_create_key(tmp_path / "missing.key", is_production=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_production_refuses_a_key_that_others_can_reach(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "archive.key"
    path.write_bytes(bytes(32))
    path.chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600"):
        load_or_create_key(path, is_production=True)
    path.chmod(0o400)
    assert load_or_create_key(path, is_production=True) == bytes(32)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_of_another_length_is_refused_and_not_shown(tmp_path: Path, size: int) -> None:
    path = tmp_path / "archive.key"
    path.write_bytes(b"K" * size)
    with pytest.raises(KeyFileError, match="32 bytes") as caught:
        load_or_create_key(path, is_production=False)
    assert "KK" not in str(caught.value)
