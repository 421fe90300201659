"""Finding what lies in folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from arshjul.sources.folder import find_fetched, find_landed, find_named, is_quiet, take_away

PROVIDER = "5560360793"


def write(path: Path, content: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def test_the_folder_says_who_sent_a_file(tmp_path: Path) -> None:
    write(tmp_path / PROVIDER / "a.csv")
    write(tmp_path / PROVIDER / "2026" / "b.csv")
    write(tmp_path / "c.csv")
    found = {(file.path.name, file.sender, file.channel) for file in find_landed(tmp_path)}
    assert found == {("a.csv", PROVIDER, "mapp"), ("b.csv", PROVIDER, "mapp"), ("c.csv", None, "mapp")}


def test_a_landing_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert find_landed(tmp_path / "landing") == []


def test_what_is_unfinished_hidden_or_somebody_elses_is_left(tmp_path: Path) -> None:
    secret = write(tmp_path / "elsewhere" / "hemlig.csv")
    landing = tmp_path / "landing"
    for name in ("a.csv.part", ".a.csv", "~$a.xlsx", "A.CSV.FILEPART", ".ssh/a.csv"):
        write(landing / PROVIDER / name)
    (landing / PROVIDER / "link.csv").symlink_to(secret)
    (landing / "5590000013").symlink_to(secret.parent)
    assert find_landed(landing) == []


def test_files_and_folders_may_be_named_at_the_keyboard(tmp_path: Path) -> None:
    plain = write(tmp_path / "plain.csv")
    own = write(tmp_path / PROVIDER / "own.csv")
    write(tmp_path / "folder" / PROVIDER / "deep.csv")
    found = find_named([plain, own, tmp_path / "folder", plain])
    assert [(file.path.name, file.sender) for file in found] == [
        ("plain.csv", None),
        ("own.csv", PROVIDER),
        ("deep.csv", PROVIDER),
    ]
    assert {file.channel for file in found} == {"kommandorad"}
    assert [file.sender for file in find_named([tmp_path / PROVIDER])] == [PROVIDER]


def test_a_folder_above_the_one_named_says_nothing(tmp_path: Path) -> None:
    write(tmp_path / PROVIDER / "mars" / "a.csv")
    assert [file.sender for file in find_named([tmp_path / PROVIDER / "mars"])] == [None]


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        find_named([tmp_path / "saknas.csv"])


def test_a_received_file_is_taken_away_unless_it_was_replaced(tmp_path: Path) -> None:
    path = write(tmp_path / PROVIDER / "a.csv")
    [file] = find_landed(tmp_path)
    write(path, "something else")
    assert not take_away(file)
    assert path.exists()
    [again] = find_landed(tmp_path)
    assert take_away(again)
    assert not path.exists()
    assert not take_away(again)


def test_what_has_been_fetched_says_by_its_folders_how_it_came_and_from_whom(tmp_path: Path) -> None:
    assert find_fetched(tmp_path) == []
    write(tmp_path / "https" / PROVIDER / "a.csv")
    write(tmp_path / "sftp" / PROVIDER / "b.csv")
    write(tmp_path / "sftp" / PROVIDER / ".kanal.json")
    write(tmp_path / "sftp" / PROVIDER / ".kanal-12.part")
    write(tmp_path / "ftp" / PROVIDER / "c.csv")
    found = [(file.path.name, file.sender, file.channel) for file in find_fetched(tmp_path)]
    assert found == [("a.csv", PROVIDER, "https"), ("b.csv", PROVIDER, "sftp")]


def test_a_file_is_quiet_when_nobody_has_written_to_it_whatever_its_date_says(tmp_path: Path) -> None:
    path = write(tmp_path / PROVIDER / "a.csv")
    os.utime(path, (1_000_000, 1_000_000))
    [file] = find_landed(tmp_path)
    assert is_quiet(file, 0)
    assert not is_quiet(file, 3600)
    path.unlink()
    assert not is_quiet(file, 0)
