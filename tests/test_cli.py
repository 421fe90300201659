"""The command line tool as spec/cli.md promises it, without Airflow: commands, exit codes and --json."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.core_rows import INCLUDE
from typer.testing import CliRunner, Result

from arshjul.catalogue.indicators import load_indicators
from arshjul.cli import app
from arshjul.sample import write_sample
from arshjul.settings import Settings

Run = Callable[..., Result]
RECEIPT_KEYS = [
    "fil", "dataset", "avsandare", "period", "status", "rader_in", "inlasta", "oforandrade", "karantan", "skal",
    "varningar", "sha256",
]  # fmt: skip
BREAKDOWNS = {breakdown for one in load_indicators(INCLUDE).values() for breakdown in one.breakdowns}
FIRST = ["insatstyp", "anordnare", "kon", "aldersgrupp"]
CODES = [*FIRST, *sorted(BREAKDOWNS.difference(FIRST))]
EXPORT_COLUMNS = ["indikator_id", "period", *CODES, "taljare", "namnare", "varde", "antal", "skyddad"]


@pytest.fixture
def run(database: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("ARSHJUL_HOME", str(database.home))
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", str(database.database_url))

    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return invoke


@pytest.fixture
def deliveries(tmp_path: Path, database: Settings) -> Path:
    """January to April of a small made-up municipality."""
    tree = tmp_path / "sample"
    write_sample(tree, 2026, scale=0.05, kommun_orgnr=database.kommun_orgnr)
    chosen = tmp_path / "deliveries"
    for file in tree.glob("*/*_2026-0[1-4].*"):
        (chosen / file.parent.name).mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, chosen / file.parent.name)
    return chosen


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_from_files_to_a_traced_figure(run: Run, deliveries: Path, tmp_path: Path) -> None:
    received = run("receive", deliveries, "--json")
    receipts: list[dict[str, Any]] = json.loads(received.stdout)
    assert received.exit_code == 1, "one delivery is refused"
    assert [list(receipt) for receipt in receipts] == [RECEIPT_KEYS] * len(receipts)
    assert {receipt["status"] for receipt in receipts} == {"mottagen", "avvisad"}
    for receipt in receipts:
        assert receipt["rader_in"] == receipt["inlasta"] + receipt["oforandrade"] + receipt["karantan"]

    again: list[dict[str, Any]] = json.loads(run("receive", deliveries, "--json").stdout)
    assert {receipt["status"] for receipt in again} == {"identisk", "avvisad"}
    assert sum(receipt["inlasta"] for receipt in again) == 0

    computed = run("compute", "2026-T1", "--json")
    assert computed.exit_code == 0, computed.output
    for name, option in (("public", ()), ("internal", ("--internal",))):
        assert run("export", "2026-T1", "--out", tmp_path / f"{name}.csv", *option).exit_code == 0
    public, internal = table(tmp_path / "public.csv"), table(tmp_path / "internal.csv")
    assert list(internal[0]) == EXPORT_COLUMNS
    assert len(public) < len(internal)
    assert all(row["varde"] == "" and row["antal"] == "" for row in public if row["skyddad"] == "ja")
    assert any(row["skyddad"] == "ja" for row in public)

    drawn = run("report", "tertialrapport", "2026-T1", "--out", tmp_path / "report")
    assert drawn.exit_code == 0, drawn.output
    assert {path.suffix for path in (tmp_path / "report").iterdir()} == {".html", ".pdf", ".docx", ".xlsx", ".csv"}

    traced = json.loads(run("trace", "maluppfyllelse/2026-T1", "--json").stdout)
    [total] = [
        row for row in internal if row["indikator_id"] == "maluppfyllelse" and not any(row[code] for code in CODES)
    ]
    assert traced["taljare"] == total["taljare"]
    assert traced["publicering"] is None
    assert sum(last - first + 1 for source in traced["kallor"] for first, last in source["rows"]) == int(total["antal"])


def test_what_was_known_then_is_computed_again(run: Run, deliveries: Path, tmp_path: Path) -> None:
    run("receive", deliveries)
    then = json.loads(run("compute", "2026-T1", "--json").stdout)["kunskap_per"]
    run("export", "2026-T1", "--internal", "--out", tmp_path / "then.csv")
    corrected = min(deliveries.glob("*/insatser_*_2026-04.csv"))
    corrected.write_bytes(b"\n".join(corrected.read_bytes().splitlines()[:2]) + b"\n")
    run("receive", corrected.parent)
    run("compute", "2026-T1")
    run("export", "2026-T1", "--internal", "--out", tmp_path / "now.csv")
    run("compute", "2026-T1", "--as-of", then)
    run("export", "2026-T1", "--internal", "--out", tmp_path / "again.csv")
    assert (tmp_path / "now.csv").read_bytes() != (tmp_path / "then.csv").read_bytes()
    assert (tmp_path / "again.csv").read_bytes() == (tmp_path / "then.csv").read_bytes()


def test_a_file_can_be_checked_before_it_is_sent(run: Run, deliveries: Path, tmp_path: Path) -> None:
    good = tmp_path / "kapacitet_5599100442_2026-03.csv"
    good.write_text("manad;coacher;platser\n2026-03;2,5;40\n", encoding="utf-8")
    bad = tmp_path / "kapacitet_5599100442_2026-04.csv"
    bad.write_text("manad;coacher;platser\n2026-04;0;40\n", encoding="utf-8")
    assert run("check", good).exit_code == 0
    checked = run("check", bad, "--json")
    assert checked.exit_code == 1
    [told] = json.loads(checked.stdout)
    assert [(reason["rad"], reason["falt"]) for reason in told["skal"]] == [(1, "coacher")]


def test_quarantine_is_listed_and_judged_again(run: Run, deliveries: Path) -> None:
    assert run("quarantine").stdout.strip() == "Det finns inget att visa."
    receipts = json.loads(run("receive", deliveries, "--json").stdout)
    counted = json.loads(run("quarantine", "--json").stdout)
    by_delivery = {row["delivery_id"]: row["rows_quarantined"] for row in counted}
    assert sum(by_delivery.values()) == sum(receipt["karantan"] for receipt in receipts) > 0
    [first, *_] = by_delivery
    rows = json.loads(run("quarantine", "--rows", "--json").stdout)
    assert len({row["row_no"] for row in rows if row["delivery_id"] == first}) == by_delivery[first]
    words = "rad" if by_delivery[first] == 1 else "rader"
    assert f"(leverans {first}): {by_delivery[first]} {words} i karantän" in run("quarantine").stdout
    assert run("quarantine", "--over-time").stdout.count(f": {sum(by_delivery.values())} rader i karantän") == 1
    assert run("quarantine", "--corrections").exit_code == run("quarantine", "--left").exit_code == 0

    assert json.loads(run("replay", "--json").stdout)["provade"] == 0
    again = json.loads(run("replay", first, "--json").stdout)
    assert (again["provade"], again["rader_i_karantan"]) == (1, by_delivery[first])
    assert run("replay", "--dataset", rows[0]["dataset"], "--month", rows[0]["period"]).exit_code == 0
    assert run("replay", 10**6).exit_code == 1
    assert json.loads(run("quarantine", "--json").stdout) == counted


def test_status_says_what_is_missing(run: Run, deliveries: Path) -> None:
    run("receive", deliveries)
    told = run("status", "--month", "2026-05", "--json")
    assert told.exit_code == 0, told.output
    assert "insatser" in told.stdout


def test_status_knows_what_lies_unread_in_the_landing(run: Run, deliveries: Path, database: Settings) -> None:
    [register] = deliveries.glob("*/anordnare_*_2026-04.*")
    assert run("receive", register).exit_code == 0
    waiting = next(deliveries.glob("*/kapacitet_*_2026-04.*"))
    own = database.landing / waiting.parent.name
    own.mkdir(parents=True)
    shutil.copy2(waiting, own)
    told = json.loads(run("status", "--month", "2026-04", "--json").stdout)
    unread = [(one["avsandare"], one["dataset"]) for one in told["forvantat"] if one["lage"] == "olast"]
    assert unread == [(own.name, "kapacitet")]


DECISION = ("--date", "2026-06-10", "--paragraph", "§ 45", "--text", "Nämnden noterar informationen.", "--by", "anna")


@pytest.mark.parametrize(
    "arguments",
    [
        ("compute", "2026-T4"),
        ("compute",),
        ("compute", "2026-T1", "--as-of", "2026-05-05T12:00:00"),
        ("compute", "2026-T1", "--as-of", "2999-01-01T00:00:00Z"),
        ("report", "arsrapport", "2026-T1", "--out", "x"),
        ("decide", "arsrapport", "2026", *DECISION),
        ("decide", "tertialrapport", *DECISION),
        ("report", "kvalitetsrapport", "2026-T1", "--out", "x"),
        ("report", "internkontrollrapport", "2026-01--2026-09", "--out", "x"),
        ("report", "dialogunderlag", "2025", "--out", "x"),
        ("report", "tertialrapport", "2026-T1", "--out", "x", "--subject", "EV-JOBBTORGET"),
        ("receive", "not-there.csv"),
        ("sample", "--year", "1999", "--out", "x"),
        ("quarantine", "--rows", "--left"),
        ("quarantine", "--dataset", "insats"),
        ("template", "insats", "--out", "x.xlsx"),
        ("template", "insatser", "--out", "x.csv"),
        ("replay", "--month", "2026-13"),
        ("unknown",),
    ],
)
def test_wrong_usage_is_exit_2(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "2026-T1", "--out", "x.csv"),
        ("report", "tertialrapport", "2026-T1", "--out", "x"),
        ("report", "delarsrapport", "2026-01--2026-09", "--out", "x"),
        ("report", "dialogunderlag", "2025", "--out", "x", "--subject", "5566778899"),
        ("decide", "tertialrapport", "2026-T1", *DECISION),
        ("decide", "7", *DECISION),
        ("trace", "maluppfyllelse/2026-T1"),
        ("trace", "nonsense"),
    ],
)
def test_what_is_not_there_is_exit_1_with_a_sentence(
    run: Run, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 1
    assert result.stderr.strip().endswith(".")
    assert list(tmp_path.glob("x*")) == []


def test_a_folder_that_is_no_package_is_not_verified(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = run("verify", tmp_path / "empty", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["godkand"] is False


def test_the_database_can_be_named_and_migrated(run: Run, database: Settings) -> None:
    assert run("db", "url").stdout.strip().startswith("postgresql+psycopg://")
    assert run("db", "up").exit_code == 0
    assert "redan aktuellt" in run("db", "migrate").stdout
    assert run("db", "down").exit_code == 0, "a server that is not ours is left alone"
