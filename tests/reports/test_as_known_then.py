"""A published report made again is the same byte for byte, whatever has come, been computed, checked or defined since."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.core_rows import INCLUDE
from typer.testing import CliRunner, Result

from arshjul.cli import app
from arshjul.lineage.ledger import CheckResult, record_check_run, start_run
from arshjul.orchestration.publication import (
    APPROVE,
    COMMENT,
    compute_period,
    freeze_report,
    protect_figures,
    record_answer,
    release,
    revise_periods,
)
from arshjul.orchestration.runs import RunKey
from arshjul.periods import Tertial
from arshjul.sample import write_sample
from arshjul.settings import Settings, load_settings
from arshjul.warehouse.engine import Role, transaction

T1 = Tertial(2026, 1)
BEFORE = T1.previous
HOLDS = CheckResult("delar_summerar", "Delarna summerar.", "stopp", True, "Räkna om.", 4, 0)
WARNS = CheckResult("varden_rimliga", "Värdena är rimliga.", "varning", False, "Läs.", 4, 1)


@dataclass
class Town:
    """A small municipality, its deliveries, and the line worked by hand."""

    settings: Settings
    sample: Path
    runs: int = 0

    def cli(self, *arguments: object) -> Result:
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def key(self, period: str) -> RunKey:
        self.runs += 1
        return RunKey("tertial_indicators", f"run {self.runs}", period, report_id="tertialrapport")

    def receive(self, pattern: str) -> None:
        chosen = self.settings.home / f"chosen {self.runs}"
        self.runs += 1
        for file in self.sample.glob(pattern):
            (chosen / file.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, chosen / file.parent.name)
        self.cli("receive", chosen)

    def check(self, computation_id: int, result: CheckResult = HOLDS) -> None:
        with transaction(self.settings, Role.COMPUTE) as connection:
            run_id = start_run(connection, "tertial_indicators", f"check {self.runs}", T1.key, "abc")
            self.runs += 1
            for stage in ("core", "indicator"):
                record_check_run(
                    connection, run_id=run_id, stage=stage, period=T1.key, results=[result],
                    as_of=None, computation_id=computation_id,
                )  # fmt: skip

    def publish(self, period: str) -> dict[str, Any]:
        """Compute, check, protect, freeze, approve by two and release; give the package."""
        run = self.key(period)
        computation_id = compute_period(self.settings, run)
        self.check(computation_id)
        package = freeze_report(self.settings, run, protect_figures(self.settings, run, computation_id))
        for step, person in (("granskning", "anna"), ("godkannande", "bertil")):
            answer = {
                "chosen_options": [APPROVE],
                "params_input": {COMMENT: ""},
                "responded_by_user": {"name": person},
                "responded_at": datetime(2026, 5, 12, 9, tzinfo=UTC),
            }
            record_answer(self.settings, package, step, answer)
        release(self.settings, run, package)
        return {**package, "computation_id": computation_id}

    def report(self, period: str, as_of: datetime | None = None) -> dict[str, bytes]:
        folder = self.settings.home / f"report {self.runs}"
        self.runs += 1
        options = ["--as-of", as_of.isoformat()] if as_of else []
        done = self.cli("report", "tertialrapport", period, "--out", folder, *options, "--json")
        assert done.exit_code == 0, done.output
        return {file.name: file.read_bytes() for file in folder.iterdir()}

    def as_of(self, computation_id: int) -> datetime:
        return self.value("SELECT as_of FROM indicator.computation WHERE computation_id = %s", computation_id)

    def value(self, sql: str, *parameters: object) -> Any:
        with transaction(self.settings, Role.COMPUTE) as connection:
            return connection.exec_driver_sql(sql, parameters).scalar_one()


@pytest.fixture
def town(database: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    shutil.copytree(INCLUDE, tmp_path / "include")
    monkeypatch.setenv("ARSHJUL_HOME", str(database.home))
    monkeypatch.setenv("ARSHJUL_DATABASE_URL", str(database.database_url))
    monkeypatch.setenv("ARSHJUL_INCLUDE", str(tmp_path / "include"))
    sample = tmp_path / "sample"
    write_sample(sample, 2026, scale=0.05, kommun_orgnr=database.kommun_orgnr)
    return Town(load_settings(), sample)


def published_files(package: dict[str, Any]) -> dict[str, bytes]:
    files = {file.name: file.read_bytes() for file in Path(package["folder"]).iterdir()}
    return {name: content for name, content in files.items() if not name.endswith(".json")}


def test_the_published_report_is_made_again_byte_for_byte(town: Town) -> None:
    late = min(town.sample.glob("*/insatser_*_2026-04.csv"))
    kept = late.rename(town.sample / late.name)
    town.receive("*/*_2026-0[1-4].*")
    compute_period(town.settings, town.key(BEFORE.key))
    package = town.publish(T1.key)
    published, then = published_files(package), datetime.now(UTC)
    known = town.as_of(package["computation_id"])
    assert town.report(T1.key, known) == town.report(T1.key, then) == published

    kept.rename(late)
    town.receive(f"*/{late.name}")
    later(town)
    town.check(package["computation_id"], WARNS)
    revise_periods(town.settings, town.key(T1.key))
    what_has_changed_is_told_in_the_house(town)
    for period in (BEFORE.key, T1.key):
        assert town.cli("compute", period).exit_code == 0
        assert town.cli("compute", period, "--as-of", known.isoformat()).exit_code == 0
    again = town.publish(T1.key)
    assert published_files(again) != published
    the_new_version_says_that_it_replaces_the_old(town, published, published_files(again))
    for as_of in (known, then):
        assert town.report(T1.key, as_of) == published
    assert town.report(T1.key, datetime.now(UTC)) == published_files(again)


def the_new_version_says_that_it_replaces_the_old(town: Town, old: dict[str, bytes], new: dict[str, bytes]) -> None:
    assert "Ersätter versionen av den".encode() not in old["tertialrapport-2026-T1.html"]
    assert "Ersätter versionen av den".encode() in new["tertialrapport-2026-T1.html"]
    with transaction(town.settings, Role.REPORT) as connection:
        reason = connection.exec_driver_sql("SELECT reason FROM published.correction").scalar_one()
    assert "siffror skiljer sig från den förra versionen" in reason


def what_has_changed_is_told_in_the_house(town: Town) -> None:
    told = json.loads(town.cli("revisions", T1.key, "--json").stdout)
    [total] = [one for one in told if (one["indikator_id"], one["cell"]) == ("maluppfyllelse", {})]
    reasons = {part["orsak"] for part in total["delar"]}
    assert {"sena_uppgifter", "andrad_definition"} <= reasons
    difference = Decimal(total["nu"]["varde"]) - Decimal(total["rapporterat"]["varde"])
    assert sum(Decimal(part["varde"]) for part in total["delar"]) == difference
    assert town.cli("revisions").stdout.startswith("Oskyddade siffror: får inte spridas.\n")
    lines = town.cli("status").stdout.splitlines()
    assert "Rapporterade siffror som har ändrats" in lines
    assert [
        line for line in lines if line.startswith("  2026-T1: ") and line.endswith("(kör arshjul revisions 2026-T1)")
    ]


def later(town: Town) -> None:
    """Rows are withdrawn, names and codes are changed, definitions too, deliveries judged again and files refused."""
    file = max(town.sample.glob("*/insatser_*_2026-03.csv"), key=lambda one: one.stat().st_size)
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-5]))
    lists = town.settings.include / "contracts" / "codelists"
    rewrite(lists / "insatstyper.yaml", "title: ", "title: Ny ")
    rewrite(lists / "avslutsorsaker.yaml", "title: ", "title: Ny ")
    folder = town.settings.include / "sql" / "indicator"
    rewrite(folder / "maluppfyllelse.yaml", "title: Måluppfyllelse", "title: Annan måluppfyllelse")
    rewrite(folder / "maluppfyllelse.sql", "x.own = 'reached'", "x.lenient = 'reached'")
    for kind in (".yaml", ".sql"):
        text = (folder / f"narvarograd{kind}").read_text()
        (folder / f"a_new_one{kind}").write_text(text.replace("id: narvarograd", "id: a_new_one"))
    refused = town.sample / file.parent.name / f"insatser_{file.parent.name}_2026-02.csv"
    refused.write_bytes(b"inte;en;leverans\r\n1;2;3\r\n")
    town.receive(f"*/{file.name}")
    town.receive(f"*/{refused.name}")
    town.cli("replay", "--all")
    renamed = "SELECT count(*) FROM core.code WHERE starts_with(title, 'Ny ') AND known_to = 'infinity'"
    assert town.value(renamed) > 0
    assert town.value("SELECT count(*) FROM lineage.judgement WHERE because <> 'forsta'") > 0


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
