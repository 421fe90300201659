"""The monthly run's steps: which files are due, what becomes of them, and when a month is not in."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from arshjul.intake import queue
from arshjul.intake.delivery import IntakeError
from arshjul.lineage.ledger import CheckResult
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.fetching import sender_alone
from arshjul.orchestration.monthly import UNKNOWN, check_month, check_received, receive_from, waiting_senders
from arshjul.orchestration.runs import RunKey
from arshjul.quality import gate
from arshjul.quality.plan import Scope
from arshjul.settings import Settings
from arshjul.sources.folder import LandedFile
from arshjul.warehouse.engine import transaction

PROVIDER, OTHER = "5560360793", "5590000013"
MARCH = RunKey("ingest_provider_monthly", "manual__1", "2026-03")
REGISTER = (
    "orgnr;namn;typ;auktoriserad_fran;auktoriserad_till;kvalitetssystem;epost\n"
    f"{PROVIDER};Anordnaren AB;extern;2020-01-01;;inget;info@anordnaren.example\n"
    f"{OTHER};Företaget AB;extern;2020-01-01;;inget;info@foretaget.example\n"
)


def put(settings: Settings, name: str, content: str, sender: str | None = PROVIDER) -> Path:
    file = settings.landing / (sender or "") / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return file


def capacity(month: str) -> str:
    return f"manad;coacher;platser\n{month};2;40\n"


def test_files_of_the_month_and_earlier_are_due_and_later_ones_wait(database: Settings) -> None:
    put(database, f"anordnare_{database.kommun_orgnr}_2026-01.csv", REGISTER, database.kommun_orgnr)
    late = put(database, f"kapacitet_{PROVIDER}_2026-02.csv", capacity("2026-02"))
    due = put(database, f"kapacitet_{PROVIDER}_2026-03.csv", capacity("2026-03"))
    early = put(database, f"kapacitet_{PROVIDER}_2026-04.csv", capacity("2026-04"))
    assert waiting_senders(database, MARCH) == [PROVIDER]
    assert receive_from(database, MARCH, database.kommun_orgnr)["mottagen"] == 1
    assert receive_from(database, MARCH, PROVIDER) == {
        "mottagen": 2,
        "identisk": 0,
        "avvisad": 0,
        "rader_i_karantan": 0,
    }
    assert [file.exists() for file in (late, due, early)] == [False, False, True]
    assert receive_from(database, MARCH, PROVIDER)["mottagen"] == 0, "a task run again finds nothing left to do"


def test_a_file_in_nobodys_folder_is_refused_and_taken_away(database: Settings) -> None:
    stray = put(database, "Åsa Öbergs lista.csv", "a;b\n1;2\n", None)
    assert waiting_senders(database, MARCH) == [UNKNOWN]
    assert receive_from(database, MARCH, UNKNOWN)["avvisad"] == 1
    assert not stray.exists()


def test_a_month_without_deliveries_is_not_in(database: Settings) -> None:
    assert waiting_senders(database, MARCH) == []
    with pytest.raises(Stopped, match="Inga leveranser har kommit för mars 2026"):
        check_month(database, MARCH, date(2026, 4, 5))


def test_a_file_that_cannot_be_removed_stops_without_telling_its_name(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database, "19900101-2385.csv", "a;b\n", PROVIDER)

    def refuse(landed: LandedFile) -> bool:
        raise PermissionError(13, "Permission denied", str(landed.path))

    monkeypatch.setattr("arshjul.sources.folder.take_away", refuse)
    with pytest.raises(Stopped) as stopped:
        receive_from(database, MARCH, PROVIDER)
    assert "19900101" not in str(stopped.value)
    assert stopped.value.__cause__ is None
    assert stopped.value.__suppress_context__


def test_a_file_that_we_cannot_manage_does_not_hold_up_the_senders_others(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = put(database, f"kapacitet_{PROVIDER}_2026-03.csv", "manad;coacher;platser\n", PROVIDER)
    good = put(database, "obegriplig.csv", "a;b\n", PROVIDER)
    receive_one = queue.receive_all

    def receive_all(office: Any, files: Any, run_id: int) -> Any:
        if files[0].path == bad:
            raise IntakeError("ValueError in somewhere.py, line 7")
        return receive_one(office, files, run_id)

    monkeypatch.setattr(queue, "receive_all", receive_all)
    with pytest.raises(
        Stopped, match=r"^En fil gick inte att ta emot .* ValueError in somewhere.py, line 7\. De övriga"
    ):
        receive_from(database, MARCH, PROVIDER)
    assert bad.exists()
    assert not good.exists()


ENROLMENTS = (
    "insats_id;personnummer;insatstyp;startdatum;slutdatum;avslutsorsak\nA1;199001012385;jobbpeng_grund;2026-03-02;;\n"
)
WATCH = RunKey("watch_deliveries", "scheduled__1", "2026-03")


def ask(settings: Settings, question: str) -> Any:
    with transaction(settings) as connection:
        return connection.exec_driver_sql(question).scalar_one()


def is_waiting_for_a_lock(settings: Settings) -> bool:
    return bool(ask(settings, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"))


STOPPED = "STOPP"


def verdict(settings: Settings, scope: Scope, *_: Any) -> gate.Verdict:
    """A gate in place of the real one, which takes its time: it stops a month with an enrolment of a certain name."""
    broken = ask(
        settings,
        "SELECT count(*) FROM staging.insatser JOIN lineage.delivery USING (delivery_id) "
        f"WHERE is_current AND insats_id = '{STOPPED}' AND to_char(period, 'YYYY-MM') = '{scope.period.key}'",
    )
    return gate.Verdict(1, (CheckResult(STOPPED, "Provet håller.", "stopp", not broken, "Rätta."),), "")


def test_a_delivery_that_comes_while_the_gate_looks_is_loaded_after_it_and_looked_at_by_its_own_run(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database, f"anordnare_{database.kommun_orgnr}_2026-01.csv", REGISTER, database.kommun_orgnr)
    put(database, f"insatser_{PROVIDER}_2026-03.csv", ENROLMENTS)
    receive_from(database, MARCH, database.kommun_orgnr)
    receive_from(database, MARCH, PROVIDER)
    put(database, f"insatser_{OTHER}_2026-03.csv", ENROLMENTS, OTHER)
    late = threading.Thread(target=receive_from, args=(database, WATCH, OTHER))
    looked: list[int] = []

    def run_gate_while_a_delivery_comes(its_settings: Settings, scope: Scope, *rest: Any) -> gate.Verdict:
        if scope.period.key == MARCH.period:
            if late.ident is None:
                late.start()
            while late.is_alive() and not is_waiting_for_a_lock(database):
                late.join(0.05)
            looked.append(ask(database, "SELECT count(*) FROM staging.insatser"))
        return verdict(its_settings, scope, *rest)

    monkeypatch.setattr(gate, "run_gate", run_gate_while_a_delivery_comes)
    check_month(database, MARCH, date(2026, 4, 5))
    late.join(60)
    assert looked == [1], "nothing is loaded while the gate looks"
    assert ask(database, "SELECT count(*) FROM staging.insatser") == 1, "what it has not seen is not removed"
    check_received(database, WATCH, date(2026, 4, 5))
    assert ask(database, "SELECT count(*) FROM staging.insatser") == 0
    assert looked == [1, 1], "the run that took it in has looked at it"


def test_what_a_gate_has_stopped_is_looked_at_again_by_the_next_run(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "run_gate", verdict)
    put(database, f"anordnare_{database.kommun_orgnr}_2026-01.csv", REGISTER, database.kommun_orgnr)
    put(database, f"insatser_{PROVIDER}_2026-03.csv", ENROLMENTS.replace("A1", STOPPED))
    receive_from(database, WATCH, database.kommun_orgnr)
    receive_from(database, WATCH, PROVIDER)
    with pytest.raises(Stopped, match=STOPPED):
        check_received(database, WATCH, date(2026, 3, 20))
    with pytest.raises(Stopped, match=STOPPED):
        check_month(database, MARCH, date(2026, 4, 5))
    assert ask(database, "SELECT count(*) FROM staging.insatser") == 1
    assert ask(database, "SELECT count(*) FROM staging.anordnare") == 0, "January's register has passed"
    put(database, f"insatser_{PROVIDER}_2026-03.csv", ENROLMENTS)
    receive_from(database, MARCH, PROVIDER)
    check_month(database, MARCH, date(2026, 4, 5))
    assert ask(database, "SELECT count(*) FROM staging.insatser") == 0


def test_two_runs_never_receive_from_one_sender_at_a_time(database: Settings) -> None:
    put(database, f"anordnare_{database.kommun_orgnr}_2026-01.csv", REGISTER, database.kommun_orgnr)
    receive_from(database, MARCH, database.kommun_orgnr)
    put(database, f"kapacitet_{PROVIDER}_2026-03.csv", capacity("2026-03"))
    runs = [threading.Thread(target=receive_from, args=(database, run, PROVIDER)) for run in (MARCH, WATCH)]
    with sender_alone(database, PROVIDER):
        for run in runs:
            run.start()
        while ask(database, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") < len(runs):
            runs[0].join(0.05)
        assert ask(database, "SELECT count(*) FROM lineage.delivery WHERE dataset = 'kapacitet'") == 0
    for run in runs:
        run.join(60)
    assert (
        ask(database, "SELECT string_agg(status, ' ') FROM lineage.delivery WHERE dataset = 'kapacitet'") == "mottagen"
    )
