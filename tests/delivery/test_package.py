"""A package is frozen once, whole, and is still itself when it is handed over."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from arshjul.delivery import folders
from arshjul.delivery.folders import place_file, place_folder
from arshjul.delivery.package import PackageError, check_package_bytes, load_package, package_folder


def test_a_package_lies_under_the_hash_of_its_manifest(office: Any) -> None:
    package = office.package()
    folder = package_folder(office.settings, package.content_sha256)
    manifest = (folder / "manifest.json").read_bytes()
    assert hashlib.sha256(manifest).hexdigest() == package.content_sha256 == folder.name
    told = json.loads(manifest)
    assert told["as_of"] == "2026-05-04T07:30:00.123450+00:00"
    assert (told["report"], told["period"], told["computation"]) == ("tertialrapport", "2026-T1", 1)
    assert (told["catalogue_sha256"], told["code_version"]) == ("d" * 64, "abc123")
    assert [file["name"] for file in told["files"]] == sorted(file["name"] for file in told["files"])
    for file in told["files"]:
        content = (folder / file["name"]).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (file["sha256"], file["size_bytes"])
    assert {path.name for path in folder.iterdir()} == {"manifest.json", *(file["name"] for file in told["files"])}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o444 for path in folder.iterdir())
    assert [path for path in office.settings.packages.iterdir() if path != folder] == []


def test_the_same_report_frozen_again_is_the_same_package(office: Any) -> None:
    computation_id = office.compute()
    first = office.freeze(computation_id)
    assert office.freeze(computation_id) == first
    assert office.count("lineage.package") == 1
    assert len(list(office.settings.packages.iterdir())) == 1


def test_any_other_content_is_another_package(office: Any) -> None:
    computation_id = office.compute()
    first = office.freeze(computation_id, {"a.csv": b"1"})
    hashes = {
        office.freeze(computation_id, {"a.csv": b"2"}).content_sha256,
        office.freeze(computation_id, {"b.csv": b"1"}).content_sha256,
        office.freeze(office.compute(), {"a.csv": b"1"}).content_sha256,
        office.freeze(computation_id, {"a.csv": b"1"}, report_id="annan").content_sha256,
    }
    assert len(hashes | {first.content_sha256}) == 5


@pytest.mark.parametrize(
    "name",
    [
        "makro.xlsm",
        "skript.js",
        "rapport",
        "../rapport.pdf",
        "a/b.csv",
        ".dold.csv",
        "manifest.json",
        "BEVIS.json",
        "å.csv",
    ],
)
def test_a_file_of_another_kind_is_not_let_in(office: Any, name: str) -> None:
    computation_id = office.compute()
    with pytest.raises(PackageError, match="får inte innehålla"):
        office.freeze(computation_id, {name: b"x"})
    assert not office.settings.packages.exists()


def test_an_empty_package_and_two_names_that_differ_in_case_are_refused(office: Any) -> None:
    computation_id = office.compute()
    with pytest.raises(PackageError, match="tomt"):
        office.freeze(computation_id, {})
    with pytest.raises(PackageError, match="två filer"):
        office.freeze(computation_id, {"a.csv": b"1", "A.csv": b"2"})


@pytest.mark.parametrize("change", [{"period": "2026-T2"}, {"as_of": timedelta(seconds=1)}, {"computation_id": 99}])
def test_a_report_of_something_else_than_its_computation_is_refused(office: Any, change: dict[str, Any]) -> None:
    computation_id = office.compute()
    if "as_of" in change:
        with office.engine.connect() as connection:
            as_of = connection.exec_driver_sql("SELECT as_of FROM indicator.computation").scalar_one()
        change = {"as_of": as_of + change["as_of"]}
    with pytest.raises(PackageError, match="hör inte till"):
        office.freeze(change.pop("computation_id", computation_id), **change)


def change_file(folder: Path) -> None:
    path = folder / "siffror.csv"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"0,65", b"0,66"))


def change_manifest(folder: Path) -> None:
    path = folder / "manifest.json"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"\n")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (change_file, "siffror.csv är ändrad"),
        (change_manifest, "manifest.json är ändrad"),
        (lambda folder: (folder / "siffror.csv").unlink(), "siffror.csv går inte att läsa"),
        (lambda folder: (folder / "manifest.json").unlink(), "manifest.json går inte att läsa"),
        (lambda folder: (folder / "extra.csv").write_bytes(b"1"), "extra.csv"),
    ],
)
def test_a_package_that_was_changed_on_disk_is_noticed(
    office: Any, change: Callable[[Path], object], named: str
) -> None:
    package = office.package()
    check_package_bytes(office.settings, package)
    change(package_folder(office.settings, package.content_sha256))
    with pytest.raises(PackageError, match=named):
        check_package_bytes(office.settings, package)
    with pytest.raises(PackageError, match=named):
        office.freeze(package.computation_id)


def test_the_ledgers_list_of_files_counts_too(office: Any) -> None:
    package = office.package()
    with office.administrator.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("UPDATE lineage.package SET files = files - 0")
    with office.engine.connect() as connection, pytest.raises(PackageError, match="huvudboken"):
        check_package_bytes(office.settings, load_package(connection, package.package_id))


def test_an_unknown_package_is_not_found(office: Any) -> None:
    with office.engine.connect() as connection, pytest.raises(PackageError, match="finns inte"):
        load_package(connection, 99)


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, files = tmp_path / "out" / "target", {"a.csv": b"1", "b.csv": b"2"}
    written = folders._write

    def fail_at_the_second(path: Path, content: bytes) -> None:
        if path.name == "b.csv":
            raise OSError("disk full")
        written(path, content)

    monkeypatch.setattr(folders, "_write", fail_at_the_second)
    with pytest.raises(OSError, match="disk full"):
        place_folder(target, files)
    assert not target.exists()
    monkeypatch.undo()
    assert place_folder(target, files) is True
    assert place_folder(target, {"a.csv": b"other"}) is False
    assert {path.name: path.read_bytes() for path in target.iterdir()} == files
    assert list(target.parent.iterdir()) == [target]


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    (tmp_path / ".bevis.json.draft").write_text("left by a killed writer")
    for content in (b"1", b"2"):
        place_file(tmp_path / "bevis.json", content)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"bevis.json": content}
