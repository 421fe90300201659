"""The one file that senders get runs where there is nothing but Python, and says what ``arshjul check`` says."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from arshjul.catalogue.codelists import CodeList
from arshjul.catalogue.contracts import Contract
from arshjul.intake.checker import check_files
from arshjul.kit import build
from arshjul.kit.build import KitError, build_checker, build_kit
from arshjul.kit.offline import as_json, as_text
from arshjul.settings import REPOSITORY, Settings
from arshjul.sources.folder import find_named

ENROLMENTS = (
    "insats_id;personnummer;insatstyp;startdatum\n"
    "A1;199001019802;jobbpeng_grund;2026-03-02\n"
    "A2;199001019803;Jobbpeng_grund;2026-03-02\n"
    "A3;199001019802;okänd;20260332\n"
)
DAYS = [
    {"insats_id": "A1", "datum": "2026-03-03", "planerade_timmar": 8, "narvarande_timmar": 7.5, "franvaroorsak": "vab"},
    {"insats_id": "A9", "datum": "2026-03-03", "planerade_timmar": 8, "narvarande_timmar": "8,0"},
    {"insats_id": "A1", "datum": "2026-04-03", "planerade_timmar": 25, "narvarande_timmar": 1e400 - 1e400},
]

# What Windows lacks: modules, and a list of time zones.
AS_ON_WINDOWS = (
    "import sys, zoneinfo\n"
    "zoneinfo.reset_tzpath([])\n"
    "for name in ('resource', 'fcntl', 'pwd', 'grp', 'termios', 'tzdata'):\n"
    "    sys.modules[name] = None\n"
    "import runpy\n"
    "sys.argv = sys.argv[1:]\n"
    "runpy.run_path(sys.argv[0], run_name='__main__')\n"
)


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with nothing installed."""
    folder = tmp_path_factory.mktemp("bar")
    venv.create(folder, with_pip=False, symlinks=True)
    return folder / "bin" / "python"


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Good and bad files of each kind."""
    folder = tmp_path_factory.mktemp("filer")
    (folder / "insatser_5560360793_2026-03.csv").write_text(ENROLMENTS, encoding="cp1252")
    (folder / "narvaro_5560360793_2026-03.json").write_text(json.dumps(DAYS[:2]), encoding="utf-8")
    (folder / "narvaro_5560360793_2026-04.json").write_text(json.dumps(DAYS), encoding="utf-8")
    (folder / "kapacitet_5560360793_2026-04.csv").write_text('manad;"coacher\n', encoding="utf-8")
    (folder / "mal_5560360793_2026-03.csv").write_text("mal_id\n", encoding="utf-8")
    (folder / "trasig_5560360793_2026-03.xlsx").write_bytes(b"PK\x03\x04")
    (folder / "trappsteg_5560360793_2026-03.xlsx").write_bytes(b"PK\x03\x04")
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["manad", "coacher", "platser"], [date(2026, 3, 1), 2.5, 40], ["2026-04", True, "=1+1"]):
        book.active.append(row)
    book.save(folder / "kapacitet_5560360793_2026-03.xlsx")
    return sorted(folder.iterdir())


def run(
    python: Path, packed: Path, *words: str | Path, as_on_windows: bool = False
) -> subprocess.CompletedProcess[bytes]:
    """Run the file as its receiver does, far from the repository and with an empty environment."""
    start = ["-c", AS_ON_WINDOWS, packed] if as_on_windows else [packed]
    command = [str(word) for word in (python, "-I", *start, *words)]
    return subprocess.run(command, env={}, cwd=packed.parent, capture_output=True, check=False, timeout=120)


@pytest.mark.parametrize("as_on_windows", [False, True])
def test_it_says_what_the_checker_says(
    bare_python: Path, packed: Path, sent: list[Path], home: Settings, as_on_windows: bool
) -> None:
    told = run(bare_python, packed, "--json", *sent, as_on_windows=as_on_windows)
    expected = check_files(home, find_named(sent))
    assert told.stderr == b""
    assert json.loads(told.stdout) == as_json(expected)
    assert told.returncode == 1
    assert {one.receipt.status for one in expected} == {"mottagen", "avvisad"}
    assert {one.receipt.refusal.rule for one in expected if one.receipt.refusal} >= {"ej_kommunen", "ej_lasbar"}


def test_it_says_the_same_words_as_the_command_line(
    bare_python: Path, packed: Path, sent: list[Path], home: Settings
) -> None:
    folder = run(bare_python, packed, sent[0].parent)
    assert folder.stdout.decode() == as_text(check_files(home, find_named(sent))) + "\n"
    ours = subprocess.run(
        [sys.executable, "-c", "from arshjul.cli import main; main()", "check", *sent],
        capture_output=True,
        check=False,
        cwd=REPOSITORY / "plugins",
    )
    assert (folder.stdout, folder.returncode) == (ours.stdout, ours.returncode)


def test_a_file_without_faults_ends_well(bare_python: Path, packed: Path, tmp_path: Path) -> None:
    good = tmp_path / "kapacitet_5560360793_2026-03.csv"
    good.write_text("manad;coacher;platser\n2026-03;2,5;40\n", encoding="utf-8")
    told = run(bare_python, packed, good)
    assert (told.returncode, told.stderr) == (0, b"")
    assert "Inlästa: 1" in told.stdout.decode()


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ([], 2, "en eller flera filer"),
        (["--help"], 0, "Ingenting skickas någonstans"),
        (["--jsno", "x.csv"], 2, "Okänt val: --jsno"),
        (["finns-inte.csv"], 2, "Finns inte: finns-inte.csv"),
    ],
)
def test_wrong_usage_is_told_in_swedish(
    bare_python: Path, packed: Path, words: list[str], code: int, says: str
) -> None:
    told = run(bare_python, packed, *words)
    assert told.returncode == code
    assert says in (told.stderr if code == 2 else told.stdout).decode()


def test_it_holds_only_python_and_rules_and_the_same_bytes_each_time(
    packed: Path, home: Settings, tmp_path: Path
) -> None:
    assert build_checker(home, tmp_path).read_bytes() == packed.read_bytes()
    with zipfile.ZipFile(packed) as package:
        names = package.namelist()
        facts = json.loads(package.read("arshjul/kit/packed/facts.json"))
    assert facts == {"kommun_orgnr": home.kommun_orgnr}
    assert not [name for name in names if name.endswith((".so", ".pyd", ".pyc", ".sql"))]
    assert not [name for name in names if name.startswith(("arshjul/lineage", "arshjul/warehouse"))]
    assert len([name for name in names if "licen" in name.lower()]) >= len(build._DISTRIBUTIONS)


def test_it_belongs_to_the_municipality_that_built_it(
    bare_python: Path,
    home: Settings,
    tmp_path: Path,
    contracts: Mapping[str, Contract],
    codelists: Mapping[str, CodeList],
) -> None:
    other = build_checker(replace(home, kommun_orgnr="5560360793"), tmp_path)
    file = tmp_path / "mal_5560360793_2026-03.csv"
    file.write_text("mal_id\n", encoding="utf-8")
    [told] = json.loads(run(bare_python, other, "--json", file).stdout)
    assert [reason["regel"] for reason in told["skal"]] == ["obligatorisk_kolumn_saknas"]


def test_a_need_of_something_that_is_not_packed_stops_the_build(
    monkeypatch: pytest.MonkeyPatch, home: Settings, tmp_path: Path
) -> None:
    monkeypatch.setattr(build, "_ENTRY", "arshjul.intake.delivery")
    with pytest.raises(KitError, match="sqlalchemy"):
        build_checker(home, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_kit_is_the_checker_and_a_template_for_each_dataset(
    home: Settings, tmp_path: Path, contracts: Mapping[str, Contract]
) -> None:
    files = build_kit(home, tmp_path / "kit", date(2026, 3, 1))
    assert [path.stem for path in files] == ["arshjul-kontroll", *contracts]
    assert all(path.stat().st_size for path in files)
