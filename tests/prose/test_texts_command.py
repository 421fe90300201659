"""``arshjul texts``: what there is, what is missing, and whether a file can stand in the report."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.reports.facts_example import INCLUDE, facts, goal, share
from typer.testing import CliRunner

from arshjul.cli import app, texts
from arshjul.prose.texts import Texts, WrittenText
from arshjul.reports.library import REPORTS
from arshjul.reports.report_type import Reading, ReportType, Section

FACTS = facts({("maluppfyllelse", ""): share(44, 100)}, goals=(goal("N1", is_followed=True),))
REPORT = ReportType(
    "tertialrapport",
    lambda _reading: None,  # type: ignore[arg-type, return-value]
    (
        Section("analys", "Analys", per_followed_indicator=True),
        Section("barn", "Konsekvenser för barn"),
        Section("ekonomi", "Ekonomiska konsekvenser"),
        Section("fortsatt", "Fortsatt arbete", is_mandatory=False),
    ),
)


def written(section: str, markdown: str, indicator_id: str | None = None) -> WrittenText:
    return WrittenText(section, indicator_id, markdown, "Utredare", date(2026, 5, 12), 2)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command on a report with the given texts; exit code and what was said."""

    def command(*arguments: str, of: tuple[WrittenText, ...] = ()) -> tuple[int, str]:
        reading = Reading(None, INCLUDE, FACTS, Texts(of), "Exempelkommun")  # type: ignore[arg-type]
        monkeypatch.setattr(texts, "ready", lambda: None)
        monkeypatch.setattr(texts, "_read", lambda *_given: reading)
        monkeypatch.setattr(type(REPORTS), "__getitem__", lambda *_given: REPORT)
        result = CliRunner().invoke(app, ["texts", "tertialrapport", "2026-T1", *arguments])
        return result.exit_code, result.output

    return command


SOME = (written("analys", "Blev 44.", "maluppfyllelse"), written("ekonomi", "Inga nya kostnader."))


def test_every_text_is_told_with_its_state(run: Any) -> None:
    code, said = run(of=SOME)
    assert code == 1
    assert said.splitlines()[0] == "Analys: Måluppfyllelse: behöver ändras, version 2, Utredare, 2026-05-12, leverans"
    assert said.splitlines()[1].startswith(
        "  Avsnittet analys om maluppfyllelse, rad 1: En siffra är skriven för hand."
    )
    assert [line.split(",")[0] for line in said.splitlines()[2:]] == [
        "Konsekvenser för barn: saknas",
        "Ekonomiska konsekvenser: klar",
        "Fortsatt arbete: frivillig",
    ]


def test_a_report_with_its_texts_is_in_order(run: Any) -> None:
    whole = (written("analys", "Blev {maluppfyllelse}.", "maluppfyllelse"), written("barn", "Ja."), SOME[1])
    code, said = run("--json", of=whole)
    assert code == 0
    assert [(one["avsnitt"], one["lage"], one["version"]) for one in json.loads(said)] == [
        ("analys", "klar", 2),
        ("barn", "klar", 2),
        ("ekonomi", "klar", 2),
        ("fortsatt", "frivillig", None),
    ]


def test_a_file_is_checked_before_it_is_delivered(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "analys.md"
    file.write_text("Utfallet är {maluppfyllelse}.", encoding="utf-8")
    assert run("--check", str(file)) == (0, "Inget att ändra.\n")
    file.write_text("Utfallet är 44 procent, se {okand}.", encoding="utf-8")
    code, said = run("--check", str(file))
    assert code == 1
    assert [line.split(":")[0] for line in said.splitlines()] == ["Avsnittet analys, rad 1"] * 2
    file.write_bytes("Måluppfyllelse".encode("cp1252"))
    assert run("--check", str(file)) == (1, "Filen är inte skriven i UTF-8.\n")


def test_an_unknown_report_is_wrong_usage() -> None:
    assert CliRunner().invoke(app, ["texts", "arsrapport", "2026"]).exit_code == 2
