"""The gate with Great Expectations itself. Its import takes seconds, so all of this is one process and few runs."""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event
from tests.conftest import new_database
from tests.core_rows import INCLUDE, PROVIDER
from tests.quality.worlds import AS_OF, MONTH, OTHER, TERTIAL, deliver, insert, make_good_world, run_of, tell

from arshjul.catalogue.contracts import load_contracts
from arshjul.indicators.compute import compute
from arshjul.lineage.ledger import CheckResult, check_results, grant_waiver
from arshjul.periods import Period
from arshjul.quality.gate import NOT_RUN_ACTION, GateStopped, Verdict, run_gate
from arshjul.quality.plan import Scope, plan_checks
from arshjul.settings import Settings, load_settings
from arshjul.warehouse.engine import Role, open_engine

pytestmark = [
    pytest.mark.xdist_group("great_expectations"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # of its own imports
]

TODAY = date(2024, 5, 10)
CANARY = "KANARIEFAGEL"
CANARY_NUMBER = 98765.4321
CANARY_PERSON = "ca9a4ca9-a4ca-4a4c-a9a4-ca9a4ca9a4ca"
DIGITS = r"\D?".join("987654321")  # all of them: five may stand in any hash


@dataclass
class Warehouse:
    """A warehouse of the module's own, which its tests spoil further and further."""

    settings: Settings
    connection: Connection

    @property
    def run_id(self) -> int:
        return run_of(self.connection)

    def compute(self, period: Period = TERTIAL) -> int:
        engine = open_engine(self.settings, Role.COMPUTE)
        with engine.begin() as connection:
            computation_id = compute(connection, INCLUDE, period, run_id=self.run_id, as_of=AS_OF).computation_id
        engine.dispose()
        return computation_id

    def check(self, stage: Any, computation_id: int | None = None, **settings: Any) -> Verdict:
        scope = Scope(stage, MONTH if stage == "staging" else TERTIAL, AS_OF, computation_id)
        return run_gate(replace(self.settings, **settings), scope, self.run_id, TODAY)


@pytest.fixture(scope="module")
def warehouse(
    administrator: psycopg.Connection[Any],
    postgres_server: Path,
    migrated_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Warehouse]:
    home = tmp_path_factory.mktemp("gate")
    with new_database(administrator, postgres_server, migrated_template) as url:
        settings = load_settings({"ARSHJUL_HOME": str(home), "ARSHJUL_DATABASE_URL": url})
        engine = open_engine(settings)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            make_good_world(connection)
            yield Warehouse(settings, connection)
        engine.dispose()


def broken(verdict: Verdict) -> dict[str, int | None]:
    return {result.check_id: result.unexpected for result in verdict.broken}


def pages(warehouse: Warehouse, verdict: Verdict) -> str:
    files = [file for file in (warehouse.settings.data_docs / verdict.data_docs).rglob("*") if file.is_file()]
    return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)


def staged(warehouse: Warehouse, dataset: str, **row: Any) -> None:
    """Put a row that intake calls good in staging, in the current delivery of :data:`MONTH`."""
    delivery_id = warehouse.connection.exec_driver_sql(
        "SELECT delivery_id FROM lineage.delivery WHERE is_current AND (dataset, sender, period) = (%s, %s, %s)",
        (dataset, PROVIDER, MONTH.start),
    ).scalar_one()
    insert(warehouse.connection, f"staging.{dataset}", delivery_id=delivery_id, row_no=1, reasons=0, **row)


@pytest.fixture(scope="module")
def good(warehouse: Warehouse) -> list[Verdict]:
    """All three stages of the good world; of what came in the month, staging holds some datasets only."""
    staged(warehouse, "kapacitet", manad=MONTH.start, coacher=2, platser=20)
    computation_id = warehouse.compute()
    return [warehouse.check("staging"), warehouse.check("core"), warehouse.check("indicator", computation_id)]


def test_the_good_world_passes_every_check_of_every_stage(warehouse: Warehouse, good: list[Verdict]) -> None:
    assert [verdict.message for verdict in good] == ["Alla kontroller är godkända."] * 3
    assert [verdict.outcome for verdict in good] == ["godkand"] * 3
    for verdict in good:
        verdict.require_passed()
        assert len(verdict.results) == len(check_results(warehouse.connection, verdict.check_run_id))


def test_data_docs_show_every_check_in_swedish_and_call_nobody(warehouse: Warehouse, good: list[Verdict]) -> None:
    for verdict in good:
        folder = warehouse.settings.data_docs / verdict.data_docs
        assert (folder / "index.html").is_file()
        shown = pages(warehouse, verdict)
        assert [result.title for result in verdict.results if result.title not in shown] == []
        for page in folder.rglob("*.html"):
            head = page.read_text(encoding="utf-8").partition("<head>")[2]
            assert head.lstrip().startswith('<meta http-equiv="Content-Security-Policy" content="default-src \'none\'')


@pytest.fixture(scope="module")
def spoilt(good: list[Verdict], warehouse: Warehouse) -> Warehouse:
    """The same warehouse after a bad day, with the canary in every place a value can stand."""
    day, person = MONTH.start, CANARY_PERSON
    for dataset in ("trappsteg", "uppfoljningar"):
        deliver(warehouse.connection, dataset, PROVIDER, MONTH)
    enrolment = {"insats_id": CANARY, "insatstyp": "jobbpeng_grund", "startdatum": day, "person_id": person}
    for _ in range(2):
        staged(warehouse, "insatser", **enrolment)
    staged(warehouse, "insatser", **enrolment | {"insats_id": CANARY * 4, "insatstyp": CANARY, "person_id": None})
    staged(warehouse, "insatser", **enrolment | {"insats_id": "b", "slutdatum": date(2024, 3, 1)})
    attendance = {"insats_id": CANARY, "planerade_timmar": 8, "narvarande_timmar": CANARY_NUMBER}
    staged(warehouse, "narvaro", datum=day, **attendance)
    staged(warehouse, "narvaro", datum=None, **attendance | {"narvarande_timmar": -CANARY_NUMBER})
    step = {"insats_id": CANARY, "datum": day, "tillfalle": CANARY, "metodversion": "1", "steg": 987654321}
    staged(warehouse, "trappsteg", **step)
    staged(warehouse, "uppfoljningar", insats_id=CANARY, manader=987654321, datum=day, status=CANARY)
    staged(warehouse, "kapacitet", manad=date(2024, 3, 1), coacher=0, platser=1)

    warehouse.connection.exec_driver_sql(
        "UPDATE lineage.delivery SET status = 'avvisad', is_current = false, refusal_rule = 'x'"
        " WHERE dataset = 'insatser' AND sender = %s AND period = '2024-02-01'",
        (OTHER,),
    )
    tell(
        warehouse.connection,
        insatser=[{"insats_id": CANARY}],
        narvaro=[{"insats_id": CANARY, "datum": "2023-01-01", "period": "2024-01-01", "planerade_timmar": 8}],
        uppfoljningar=[{"insats_id": CANARY, "manader": 3, "datum": "2024-02-01", "status": "ej_nadd"}],
    )
    return warehouse


@pytest.fixture(scope="module")
def fetched() -> list[tuple[str, int]]:
    """Every statement of :func:`stopped`, and how many rows it gave."""
    return []


@pytest.fixture(scope="module")
def stopped(spoilt: Warehouse, fetched: list[tuple[str, int]]) -> list[Verdict]:
    """All three stages of the spoilt warehouse."""

    def note(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        fetched.append((statement, cursor.rowcount))

    computation_id = spoilt.compute()
    insert(
        spoilt.connection,
        "indicator.value",
        computation_id=computation_id,
        indicator_id="maluppfyllelse",
        cell=json.dumps({"insatstyp": CANARY}),
        numerator=CANARY_NUMBER,
        value=CANARY_NUMBER,
        observations=1,
        is_protected=False,
    )
    event.listen(Engine, "after_cursor_execute", note)
    verdicts = [spoilt.check("staging"), spoilt.check("core"), spoilt.check("indicator", computation_id)]
    event.remove(Engine, "after_cursor_execute", note)
    return verdicts


def test_no_row_leaves_the_database(stopped: list[Verdict], fetched: list[tuple[str, int]]) -> None:
    batches = [rows for statement, rows in fetched if statement.startswith("SELECT * FROM (")]
    assert len(batches) >= len(load_contracts(INCLUDE))
    assert set(batches) == {0}
    assert max(rows for statement, rows in fetched if statement.startswith("SELECT")) == 1


def test_each_fault_is_counted_by_the_check_that_is_made_for_it(stopped: list[Verdict]) -> None:
    assert [broken(verdict) for verdict in stopped] == [
        {
            "inlast_eller_i_karantan": 4,  # the spoilt rows were put in staging only
            "insatser_nyckel_unik": 1,
            "insatser_insats_id_langd": 1,
            "insatser_insatstyp_tillaten": 1,
            "insatser_personnummer_finns": 1,
            "insatser_slutdatum_ej_fore_falt_startdatum": 1,
            "narvaro_datum_finns": 1,
            "narvaro_narvarande_timmar_rimlig": 1,
            "narvaro_narvarande_timmar_hogst_falt_planerade_timmar": 1,
            "trappsteg_steg_rimlig": 1,
            "trappsteg_tillfalle_tillaten": 1,
            "uppfoljningar_manader_tillaten": 1,
            "uppfoljningar_status_tillaten": 1,
            "kapacitet_coacher_rimlig": 1,
        },
        {"anordnare_har_levererat_insatser": 1, "datum_stammer_med_insatsen": 1},
        {"maluppfyllelse_intervall": 1, "maluppfyllelse_delar_summerar": 1},
    ]
    assert [verdict.outcome for verdict in stopped] == ["stopp"] * 3


def test_the_message_says_what_failed_and_what_to_do(stopped: list[Verdict]) -> None:
    with pytest.raises(GateStopped) as stop:
        stopped[1].require_passed()
    lines = str(stop.value).splitlines()
    assert lines[0] == "Kvalitetsgrinden stoppade. Ingenting publiceras; det som är inläst ligger kvar."
    assert lines[1] == (
        "STOPP anordnare_har_levererat_insatser: «Varje auktoriserad anordnare har levererat insatser för varje månad som "
        "är slut» gäller inte (1 avvikelse). Gör så här: Se med «arshjul status» vilka leveranser som saknas, påminn "
        "anordnarna och kör om när de har kommit. Kommer en leverans inte i tid, begär ett undantag; det skrivs ut i "
        "rapporten."
    )
    assert lines[2].startswith("VARNING datum_stammer_med_insatsen: ")
    assert "undantag" in lines[3]
    assert stopped[1].data_docs in lines[4]


def test_many_breaches_are_written_as_swedes_write_numbers() -> None:
    result = CheckResult("x", "Allt är bra.", "varning", False, "Läs.", unexpected=12345)
    assert Verdict(1, (result,), "d").message == (
        "VARNING x: «Allt är bra» gäller inte (12\N{NO-BREAK SPACE}345 avvikelser). Gör så här: Läs."
    )


def test_no_value_of_any_row_is_told_anywhere(spoilt: Warehouse, stopped: list[Verdict]) -> None:
    ledger = spoilt.connection.exec_driver_sql("SELECT string_agg(data::text, ' ') FROM lineage.log").scalar_one()
    told = [pages(spoilt, verdict) + verdict.message + str(verdict.results) for verdict in stopped]
    assert len(told[0]) > 10_000
    assert not re.search(rf"{CANARY}|{CANARY_PERSON}|{DIGITS}|{PROVIDER}|{OTHER}", " ".join(told))
    assert not re.search(rf"{CANARY}|{CANARY_PERSON}|{DIGITS}", ledger)


def test_a_waiver_lets_a_stop_pass_for_its_reason_until_its_end(spoilt: Warehouse, stopped: list[Verdict]) -> None:
    grant_waiver(
        spoilt.connection,
        check_id="anordnare_har_levererat_insatser",
        period=TERTIAL.key,
        reason="Anordnaren har upphört med verksamheten.",
        valid_until=date(2099, 1, 1),
        requested_by="anna",
        approved_by="bertil",
    )
    passed = spoilt.check("core")
    passed.require_passed()
    assert passed.outcome == "varning"
    assert broken(passed) == {"datum_stammer_med_insatsen": 1}
    assert passed.message.splitlines()[1] == (
        "UNDANTAG anordnare_har_levererat_insatser: «Varje auktoriserad anordnare har levererat insatser för varje månad "
        "som är slut» gäller inte (1 avvikelse). Skäl: Anordnaren har upphört med verksamheten."
    )
    scope = Scope("core", TERTIAL, AS_OF)
    with pytest.raises(GateStopped):
        run_gate(spoilt.settings, scope, spoilt.run_id, date(2099, 1, 2)).require_passed()


def test_a_check_that_cannot_be_run_stops_and_says_so_without_the_databases_words(
    spoilt: Warehouse, stopped: list[Verdict], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    include = tmp_path / "include"
    shutil.copytree(INCLUDE, include)
    for name, sql in (
        ("trasig", "SELECT 1 AS breach FROM core.insatser AS i WHERE CAST(i.insats_id AS uuid) IS NULL"),
        ("nyfiken", "SELECT 1 AS breach FROM vault.alias"),
    ):
        (include / "sql" / "quality" / "core" / f"{name}.sql.j2").write_text(f"-- one row is nothing\n{sql}\n")
        (include / "checks" / "core" / f"{name}.yaml").write_text(
            f"id: {name}\ntitle: Allt är bra.\naction: Läs.\nseverity: varning\nexplanation: Inget.\n", encoding="utf-8"
        )
    period = TERTIAL.key
    who = {"requested_by": "anna", "approved_by": "bertil", "valid_until": date(2099, 1, 1)}
    grant_waiver(spoilt.connection, check_id="trasig", period=period, reason="Vi vet inte varför.", **who)
    with caplog.at_level(logging.DEBUG):
        verdict = spoilt.check("core", include=include)
    assert verdict.outcome == "stopp"
    assert [(one.check_id, one.severity, one.action) for one in verdict.broken if one.severity == "stopp"] == [
        ("nyfiken", "stopp", NOT_RUN_ACTION),
        ("trasig", "stopp", NOT_RUN_ACTION),
    ]
    assert "STOPP trasig: «Kontrollen går att köra: Allt är bra» gäller inte. Gör så här: " in verdict.message
    assert "check nyfiken could not be run: InsufficientPrivilege" in caplog.messages
    assert "check trasig could not be run: InvalidTextRepresentation" in caplog.messages
    shown = pages(spoilt, verdict)
    assert "Kontrollen gick inte att köra." in shown
    assert not re.search(rf"Traceback|psycopg|invalid input|{CANARY}|{PROVIDER}", shown)
    assert CANARY not in caplog.text


def test_a_missing_table_stops_with_its_own_checks_only(spoilt: Warehouse, stopped: list[Verdict]) -> None:
    spoilt.connection.exec_driver_sql("DROP TABLE staging.narvaro")
    verdict = spoilt.check("staging")
    not_run = {result.check_id for result in verdict.broken if result.action == NOT_RUN_ACTION}
    planned = {check.id for check in plan_checks(INCLUDE, Scope("staging", MONTH))}
    of_the_table = {check_id for check_id in planned if check_id.startswith("narvaro_")}
    assert not_run == of_the_table | {"inlast_eller_i_karantan"}  # which looks at every dataset
    assert "Traceback" not in pages(spoilt, verdict)
