from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
import yaml

from arshjul.sample import write_sample
from arshjul.sample.columns import COLUMNS, MUNICIPALITY_DATASETS, PROVIDER_DATASETS
from arshjul.sample.providers import make_providers
from arshjul.settings import REPOSITORY

KOMMUN = "2120000001"

# All files but the workbooks, whose XML is xlsxwriter's. A change of the world changes it, and so must be meant: the
# first is the datasets that the tertial's figures are made of, the second those that came after them.
FIRST_DATASETS = ("anordnare", "mal", "insatser", "narvaro", "trappsteg", "uppfoljningar", "kapacitet")
VILLAGE_SHA256 = "bd64c7a8596d9bcb2325cd53f160103a6c63368aba657d947971e27187ecb682"
LATER_SHA256 = "3e2dc962abd166bf6043b579bcba13df49250f5cbcfb69362e0e53c449b37b07"


def tree_sha256(folder: Path, pattern: str = "*", datasets: Collection[str] = tuple(COLUMNS)) -> str:
    content = hashlib.sha256()
    for path in sorted(folder.rglob(pattern)):
        if path.is_file() and path.name.rsplit("_", 2)[0] in datasets:
            content.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return content.hexdigest()


def test_the_same_arguments_give_the_same_bytes(village: Any, tmp_path: Path) -> None:
    again = write_sample(tmp_path, 2026, scale=0.05, kommun_orgnr=KOMMUN)
    assert again == village.summary
    assert tree_sha256(tmp_path) == tree_sha256(village.folder)


def test_the_bytes_are_those_of_every_other_machine(village: Any) -> None:
    assert tree_sha256(village.folder, "*.csv", FIRST_DATASETS) == VILLAGE_SHA256
    assert tree_sha256(village.folder, "*.[cj]s*", set(COLUMNS) - set(FIRST_DATASETS)) == LATER_SHA256


def test_another_seed_is_another_municipality_with_the_same_providers(village: Any, tmp_path: Path) -> None:
    other = write_sample(tmp_path, 2026, seed=2, scale=0.05, kommun_orgnr=KOMMUN)
    assert other.providers == village.summary.providers
    assert tree_sha256(tmp_path) != tree_sha256(village.folder)


def test_every_file_stands_in_its_senders_folder_under_its_right_name(town: Any) -> None:
    on_disk = {path.relative_to(town.folder).as_posix() for path in town.folder.rglob("*") if path.is_file()}
    assert on_disk == {file.path for file in town.summary.files}
    for file in town.summary.files:
        assert re.fullmatch(rf"{file.orgnr}/{file.dataset}_{file.orgnr}_{file.month}\.(csv|xlsx|json)", file.path)


def test_every_provider_sends_every_dataset_every_month(town: Any) -> None:
    months = [f"2026-{month:02d}" for month in range(1, 13)]
    sent = [(file.month, file.orgnr, file.dataset) for file in town.summary.files if not file.is_refused]
    providers = [(m, orgnr, name) for m in months for orgnr in town.summary.providers for name in PROVIDER_DATASETS]
    assert sorted(one for one in sent if one[1] != KOMMUN) == sorted(providers)


def test_the_municipality_sends_each_dataset_in_the_months_of_the_arshjul(town: Any) -> None:
    sent: dict[str, list[int]] = {}
    for file in town.summary.files:
        if file.orgnr == KOMMUN:
            sent.setdefault(file.dataset, []).append(int(file.month[5:]))
    now_and_then = {
        "kundenkat_fragor": [1, 4, 5],
        "kundenkat_inbjudningar": [1, 4, 5],
        "kundenkat_svar": [1, 4, 5],
        "kvalitetsrapporter": [1, 12],
        "dialoger": [1, 5],
        "analystexter": [1, 3, 4, 8, 10, 12],
    }
    assert sent == {name: now_and_then.get(name, list(range(1, 13))) for name in MUNICIPALITY_DATASETS}


def test_some_months_can_be_written_with_any_number_of_providers(village: Any, tmp_path: Path) -> None:
    some = write_sample(tmp_path / "some", 2026, scale=0.05, kommun_orgnr=KOMMUN, months=(1, 5))
    assert some.files == (*village.summary.of_month("2026-01"), *village.summary.of_month("2026-05"))
    many = write_sample(tmp_path / "many", 2026, scale=0.05, kommun_orgnr=KOMMUN, months=(2,), providers=30)
    assert len(many.providers) == len({file.orgnr for file in many.files}) - 2 == 30
    assert many.persons < 2 * village.summary.persons


def test_the_promised_number_of_rows_is_in_every_file(town: Any) -> None:
    assert {file.path: file.rows_in for file in town.summary.files} == {
        path: len(rows) for path, rows in town.rows.items()
    }


def test_the_columns_are_those_of_the_contracts() -> None:
    contracts = {path.stem for path in (REPOSITORY / "include" / "contracts").glob("*.yaml")}
    assert set(COLUMNS) <= contracts
    for dataset, columns in COLUMNS.items():
        contract = yaml.safe_load((REPOSITORY / "include" / "contracts" / f"{dataset}.yaml").read_text("utf-8"))
        assert columns == tuple(field["name"] for field in contract["fields"])


def test_files_come_in_the_shapes_of_real_life(town: Any) -> None:
    def first_file(index: int, dataset: str = "insatser") -> Path:
        orgnr = town.summary.providers[index]
        return Path(next(town.folder / file.path for file in town.files(dataset) if file.orgnr == orgnr))

    with_mark, windows, commas, tabs = (first_file(index).read_bytes() for index in (0, 1, 3, 4))
    assert with_mark.startswith(b"\xef\xbb\xbf")
    with pytest.raises(UnicodeDecodeError):
        windows.decode("utf-8")
    assert "Söder-1" in windows.decode("cp1252")
    assert commas.startswith(b"insats_id,personnummer,")
    assert tabs.startswith(b"insats_id\tpersonnummer\t")
    assert re.search(rb"\t2026[01][0-9][0-3][0-9]\t", tabs)
    assert first_file(6).read_text("utf-8-sig").startswith(" INSATS_ID ; PERSONNUMMER ;")
    assert re.search(rb";3,5;", first_file(0, "narvaro").read_bytes())
    assert re.search(rb",3\.5,", first_file(3, "narvaro").read_bytes())
    assert isinstance(json.loads(first_file(5).read_bytes()), list)
    assert list(json.loads(first_file(5, "kapacitet").read_bytes())) == ["rader"]
    assert {first_file(index).suffix for index in (2, 7)} == {".xlsx"}


def test_a_workbook_tells_neither_the_clock_nor_the_machine(town: Any) -> None:
    workbook = next(path for path in town.folder.rglob("*.xlsx"))
    with zipfile.ZipFile(workbook) as book:
        assert {(e.date_time, e.create_system, e.compress_type) for e in book.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 3, zipfile.ZIP_STORED)
        }
        assert b"2026-01-01T00:00:00Z" in book.read("docProps/core.xml")


def test_a_large_municipality_has_30_providers_each_with_a_number_and_an_address_of_its_own() -> None:
    providers = make_providers(2.5)
    assert len(providers) == 30
    assert len({provider.orgnr for provider in providers}) == 30
    assert len({provider.name for provider in make_providers(6)}) == 72
    assert len({provider.email for provider in make_providers(6)}) == 72
    assert all(re.fullmatch(r"leverans@[a-z0-9-]+\.example", provider.email) for provider in providers)
    for number in (provider.orgnr for provider in providers):
        doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in number[0::2])
        assert (doubled + sum(int(digit) for digit in number[1::2])) % 10 == 0
        assert number[2] >= "2"


@pytest.mark.parametrize("orgnr", ["2120000002", "212000000", "2110000002", "212000-0001", "²120000001"])
def test_a_wrong_number_for_the_municipality_is_refused_before_anything_is_written(orgnr: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="organisationsnummer"):
        write_sample(tmp_path, 2026, kommun_orgnr=orgnr)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan")])
def test_a_scale_that_is_not_positive_is_refused(scale: float, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="scale"):
        write_sample(tmp_path, 2026, scale=scale, kommun_orgnr=KOMMUN)
