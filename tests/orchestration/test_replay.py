"""Judging again from Airflow: what is chosen, what is told, and the month checked afterwards."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.monthly import receive_from
from arshjul.orchestration.replay import replay_wanted
from arshjul.orchestration.runs import RunKey
from arshjul.quality import gate
from arshjul.quality.plan import Scope
from arshjul.settings import Settings
from arshjul.warehouse.engine import transaction

PROVIDER = "5560360793"
MARCH = RunKey("ingest_provider_monthly", "manual__1", "2026-03")
RUN = RunKey("replay_quarantine", "manual__2", "")
USUAL: dict[str, Any] = {"omfattning": "regler", "leverans": None, "dataset": None, "avsandare": None, "manad": None}
TODAY = date(2026, 4, 6)


@pytest.fixture(autouse=True)
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The months that the gate has looked at; in place of the real one, which takes its time."""
    months: list[str] = []

    def look(_: Settings, scope: Scope, *__: Any) -> gate.Verdict:
        months.append(scope.period.key)
        return gate.Verdict(1, (), "")

    monkeypatch.setattr(gate, "run_gate", look)
    return months


@pytest.fixture
def received(database: Settings, tmp_path: Path) -> Settings:
    """An enrolment whose programme the code list does not have; settings where it does."""
    register = (
        "orgnr;namn;typ;auktoriserad_fran;auktoriserad_till;kvalitetssystem;epost\n"
        f"{PROVIDER};Anordnaren AB;extern;2020-01-01;;inget;info@anordnaren.example\n"
    )
    files = {
        f"{database.kommun_orgnr}/anordnare_{database.kommun_orgnr}_2026-03.csv": register,
        f"{PROVIDER}/insatser_{PROVIDER}_2026-03.csv": "insats_id;personnummer;insatstyp;startdatum\n"
        "A1;199001012385;praktik;2026-03-02\n",
    }
    for name, content in files.items():
        path = database.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    for sender in (database.kommun_orgnr, PROVIDER):
        receive_from(database, MARCH, sender)
    include = tmp_path / "include"
    shutil.copytree(database.include, include)
    with (include / "contracts/codelists/insatstyper.yaml").open("a", encoding="utf-8") as file:
        file.write("\n  - {code: praktik, title: Praktik, valid_from: 2000-01-01}\n")
    return replace(database, include=include)


def loaded(settings: Settings) -> int:
    with transaction(settings) as connection:
        sql = "SELECT count(*) FROM core.insatser WHERE known_to = 'infinity'"
        return int(connection.exec_driver_sql(sql).scalar_one())


def test_by_default_what_was_judged_by_other_rules_is_judged_again(received: Settings, looked: list[str]) -> None:
    assert loaded(received) == 0
    told = replay_wanted(received, RUN, USUAL, TODAY)
    assert told == {"provade": 1, "rader_i_karantan": 0, "avvisade": [], "saknar_fil": []}
    assert loaded(received) == 1
    assert replay_wanted(received, RUN, USUAL, TODAY)["provade"] == 0, "a task run again finds nothing left to do"
    assert looked == ["2026-03"]
    with transaction(received) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM staging.insatser").scalar_one() == 0


def test_what_is_judged_again_can_be_narrowed(database: Settings, received: Settings) -> None:
    assert replay_wanted(received, RUN, USUAL | {"manad": "2026-02"}, TODAY)["provade"] == 0
    assert replay_wanted(received, RUN, USUAL | {"avsandare": "5590000013"}, TODAY)["provade"] == 0
    assert replay_wanted(database, RUN, USUAL | {"omfattning": "karantan", "dataset": "insatser"}, TODAY) == {
        "provade": 1,
        "rader_i_karantan": 1,
        "avvisade": [],
        "saknar_fil": [],
    }


def test_a_month_that_is_none_is_refused_with_a_sentence(database: Settings) -> None:
    with pytest.raises(Stopped, match="Månaden skrivs"):
        replay_wanted(database, RUN, USUAL | {"manad": "2026-13"}, TODAY)
