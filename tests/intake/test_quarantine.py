"""Quarantine seen over time, and brought back when rules, code lists or parents change. Nothing is ever in both places."""

from __future__ import annotations

import random
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from tests.conftest import new_database

from arshjul.intake import quarantine
from arshjul.intake.delivery import receive
from arshjul.intake.office import Office, open_office
from arshjul.intake.quarantine import Filter
from arshjul.intake.replay import Replayed, Wanted, choose_deliveries, replay_deliveries
from arshjul.lineage.chain import verify_chain
from arshjul.lineage.ledger import start_run
from arshjul.settings import Settings, load_settings
from arshjul.warehouse.engine import Role, transaction

Desk = Any  # tests/intake/conftest.py

PRAKTIK = "  - {code: praktik, title: Praktik, valid_from: 2000-01-01}\n"


def with_codes(settings: Settings, folder: Path, *lines: str) -> Settings:
    """Settings of the same home, whose catalogue has more programmes."""
    include = folder / f"include_{len(lines)}"
    if not include.exists():
        shutil.copytree(settings.include, include)
        with (include / "contracts/codelists/insatstyper.yaml").open("a", encoding="utf-8") as file:
            file.write("\n" + "".join(lines))
    return replace(settings, include=include)


def replay(office: Office, **wanted: Any) -> Replayed:
    with office.engine.connect() as connection:
        chosen = choose_deliveries(office, connection, Wanted(**wanted))
    return replay_deliveries(office, chosen)


def look(office: Office, name: str, *more: Any, **which: Any) -> list[Any]:
    with office.engine.connect() as connection:
        found: list[Any] = getattr(quarantine, name)(connection, office.statements, Filter(**which), *more)
    return found


def praktik(desk: Desk, insats_id: str, who: int = 1) -> list[str]:
    row: list[str] = desk.enrolment(insats_id, who)
    row[2] = "praktik"
    return row


def day(insats_id: str, datum: str = "2026-03-03") -> list[str]:
    return [insats_id, datum, "8", "8", ""]


def test_rows_that_wait_for_a_parent_judged_by_a_killed_worker_are_chosen(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = desk.send("narvaro", [day("A1")])
    with monkeypatch.context() as killed:
        killed.setattr("arshjul.intake.delivery._retry_children", lambda *_: None)
        desk.send("insatser", [desk.enrolment("A1")])
    assert [receipt.delivery_id for receipt in replay(desk.office).receipts] == [waiting.delivery_id]
    assert desk.current("narvaro", "insats_id") == [("A1",)]
    assert replay(desk.office).receipts == ()


def test_a_mended_code_list_brings_rows_and_their_children_back(desk: Desk, tmp_path: Path) -> None:
    enrolments = desk.send("insatser", [desk.enrolment("A1"), praktik(desk, "A2", 2)])
    desk.send("narvaro", [day("A1"), day("A2")])
    assert replay(desk.office).receipts == ()
    with open_office(with_codes(desk.office.settings, tmp_path, PRAKTIK)) as mended:
        done = replay(mended)
        assert [receipt.delivery_id for receipt in done.receipts] == [enrolments.delivery_id]
        assert done.as_json() == {"provade": 1, "rader_i_karantan": 0, "avvisade": [], "saknar_fil": []}
        assert desk.current("narvaro", "insats_id") == [("A1",), ("A2",)]
        assert replay(mended).receipts == (), "what has been judged by these rules is left alone"


def test_a_stricter_rule_moves_a_loaded_row_to_quarantine(desk: Desk, tmp_path: Path) -> None:
    with open_office(with_codes(desk.office.settings, tmp_path, PRAKTIK)) as lenient:
        receive(lenient, desk.put(desk.name("insatser"), desk.csv("insatser", [praktik(desk, "A1")])), desk.run_id)
    assert desk.current("insatser", "insats_id") == [("A1",)]
    with open_office(desk.office.settings) as strict:
        replay(strict)
    assert desk.current("insatser", "insats_id") == []
    assert desk.query("SELECT row_no, rule FROM quarantine.row") == [(1, "kodlista")]


def test_which_deliveries_are_judged_again(desk: Desk) -> None:
    good = desk.send("insatser", [desk.enrolment("A1")], "2026-03")
    bad = desk.send("narvaro", [day("A9")], "2026-03")
    other = desk.send("kapacitet", [["2026-03", "0", "1"]], sender=desk.OTHER)
    register = desk.query("SELECT delivery_id FROM lineage.delivery WHERE dataset = 'anordnare'")[0][0]

    def chosen(**wanted: Any) -> list[int]:
        with desk.office.engine.connect() as connection:
            return [one.delivery_id for one in choose_deliveries(desk.office, connection, Wanted(**wanted))]

    assert chosen() == []
    assert chosen(reach="alla")[0] == register
    assert set(chosen(reach="alla")) == {register, good.delivery_id, bad.delivery_id, other.delivery_id}
    assert set(chosen(reach="karantan")) == {bad.delivery_id, other.delivery_id}
    assert chosen(reach="karantan", sender=desk.OTHER) == [other.delivery_id]
    assert chosen(reach="alla", dataset="insatser") == [good.delivery_id]
    assert chosen(reach="alla", delivery_id=bad.delivery_id) == [bad.delivery_id]
    desk.send("narvaro", [], "2026-03")
    assert chosen(reach="alla", delivery_id=bad.delivery_id) == [], "it has been replaced"


def test_a_destroyed_file_is_told_and_stops_nothing(desk: Desk) -> None:
    lost = desk.send("narvaro", [day("A1")])
    kept = desk.send("kapacitet", [["2026-03", "0", "1"]])
    desk.office.archive.forget(lost.sha256)
    done = replay(desk.office, reach="karantan")
    assert done.lost == (lost.delivery_id,)
    assert [receipt.delivery_id for receipt in done.receipts] == [kept.delivery_id]


def test_quarantine_says_what_where_and_why(desk: Desk) -> None:
    receipt = desk.send("narvaro", [day("A1"), ["A1", "igår", "8", "8", ""]])
    told = [(row["period"], row["rule"], row["rows"], row["rows_quarantined"]) for row in look(desk.office, "by_rule")]
    assert told == [("2026-03", "foralder_saknas", 2, 2), ("2026-03", "format", 1, 2)]
    [row] = look(desk.office, "rows", rule="format")
    assert (row["delivery_id"], row["row_no"], row["field"]) == (receipt.delivery_id, 2, "datum")
    assert row["text"].startswith("Datum ska vara")
    assert look(desk.office, "rows", dataset="insatser") == look(desk.office, "rows", sender=desk.OTHER) == []


def test_a_row_that_left_says_when_and_why(desk: Desk) -> None:
    first = desk.send("narvaro", [day("A1"), day("A2")])
    desk.send("insatser", [desk.enrolment("A1")])
    desk.send("narvaro", [day("A1")])
    left = look(desk.office, "left_rows", dataset="narvaro")
    assert [(row["delivery_id"], row["row_no"], row["because"]) for row in left] == [
        (first.delivery_id, 1, "foralder"),
        (first.delivery_id, 2, "ersatt"),
    ]
    assert left[0]["known_from"] < left[0]["left_at"] < left[1]["left_at"]


def test_a_reason_that_stays_is_not_touched_by_a_replay(desk: Desk) -> None:
    receipt = desk.send("narvaro", [day("A1"), day("A2")])
    since = "SELECT row_no, known_from FROM quarantine.reason WHERE known_to = 'infinity' ORDER BY 1"
    before = desk.query(since)
    replay(desk.office, reach="alla", delivery_id=receipt.delivery_id)
    desk.send("insatser", [desk.enrolment("A1")])
    assert desk.query(since) == before[1:]


def test_counts_over_time(desk: Desk) -> None:
    desk.send("narvaro", [day("A1"), day("A2"), ["A3", "igår", "8", "8", ""]])
    then = datetime.now(UTC)
    desk.send("insatser", [desk.enrolment("A1")])
    now = datetime.now(UTC)
    statements = desk.office.statements
    with desk.office.engine.connect() as connection:
        names = {"dataset": None, "sender": None, "period": None, "rule": None}
        told = statements.fetch_all(
            connection, "quarantine/over_time.sql", moments=[then - timedelta(days=1), then, now], **names
        )
    rows = [(row["at"], row["dataset"], row["rule"], row["rows"]) for row in told]
    assert rows == [
        (then - timedelta(days=1), None, None, 0),
        (then, None, None, 3),
        (then, "narvaro", "foralder_saknas", 3),
        (then, "narvaro", "format", 1),
        (now, None, None, 2),
        (now, "narvaro", "foralder_saknas", 2),
        (now, "narvaro", "format", 1),
    ]
    in_two_months = now + timedelta(days=62)
    totals = [row for row in look(desk.office, "over_time", in_two_months) if row["dataset"] is None]
    assert [row["rows"] for row in totals] == [2] * len(totals)
    assert len(totals) in (3, 4)


def test_a_report_made_again_tells_the_counts_as_they_were(desk: Desk) -> None:
    desk.send("narvaro", [day("A1"), day("A2")])
    then = datetime.now(UTC)
    desk.send("insatser", [desk.enrolment("A1")])

    def counted(as_of: datetime) -> list[tuple[int, ...]]:
        march = {"period_start": "2026-03-01", "period_end": "2026-03-31"}
        with desk.office.engine.connect() as connection:
            found = desk.office.statements.fetch_all(connection, "report/deliveries.sql", as_of=as_of, **march)
        return [(row["rows_in"], row["rows_loaded"], row["rows_quarantined"]) for row in found]

    assert counted(then) == [(2, 0, 2)]
    assert counted(datetime.now(UTC)) == [(1, 1, 0), (2, 1, 1)]


def test_judgements_are_in_the_log_and_cannot_be_changed(desk: Desk) -> None:
    desk.send("narvaro", [day("A1")])
    with transaction(desk.office.settings, Role.AUDIT) as connection:
        assert verify_chain(connection).ok
    with pytest.raises(Exception, match="append only"):
        desk.query("UPDATE lineage.judgement SET rows_loaded = 7, rows_in = 7")


# What can be delivered of one small world: few keys, so that everything meets everything.
IDS = ("A1", "A2", "A3")
MONTHS = ("2026-03", "2026-04")


class World:
    """Random deliveries, corrections and rules, and what must hold after each."""

    def __init__(self, desk: Any, settings: list[Settings], seed: int) -> None:
        self.desk = desk
        self.dice = random.Random(seed)
        self.settings = settings
        self.rules = 0
        self.files: dict[str, bytes] = {}

    def step(self, office: Office) -> None:
        """Deliver something."""
        kind = self.dice.choice(("insatser", "insatser", "narvaro", "narvaro", "rattelser"))
        month = self.dice.choice(MONTHS)
        rows = [getattr(self, kind)(month) for _ in range(self.dice.randrange(5))]
        content = self.desk.csv(kind, rows)
        name = self.desk.name(kind, month)
        if receive(office, self.desk.put(name, content), self.desk.run_id).status != "avvisad":
            self.files[name] = content

    def insatser(self, month: str) -> list[str]:
        number = self.dice.randrange(len(IDS))
        row: list[str] = self.desk.enrolment(
            IDS[number], number, self.dice.choice(("2026-03-02", "2026-03-32", "2026-03-20"))
        )
        row[2] = self.dice.choice(("jobbpeng_grund", "praktik"))
        return row

    def narvaro(self, month: str) -> list[str]:
        hours = self.dice.choice(("8", "80"))
        return [self.dice.choice(IDS), f"{month}-{self.dice.choice(('03', '21', '04'))}", hours, "8", ""]

    def rattelser(self, month: str) -> list[str]:
        target = f"insats_id={self.dice.choice(IDS)}"
        about = {
            "narvaro": (f"{target};datum={month}-{self.dice.choice(('03', '21'))}", "planerade_timmar", "80", "8"),
            "insatser": (target, "startdatum", "2026-03-32", "2026-03-02"),
        }
        dataset = self.dice.choice(list(about))
        key, field, wrong, right = about[dataset]
        told = [dataset, self.desk.PROVIDER, month, key]
        change = ["andra", field, wrong, right] if self.dice.random() < 0.6 else ["uteslut", "", "", ""]
        return [f"R{self.dice.randrange(100)}", *told, *change, "Fel.", "Samordnaren", "2026-05-01"]


LOADED = {
    "insatser": "sender, period, insats_id, insatstyp, startdatum",
    "narvaro": "sender, period, insats_id, datum, planerade_timmar, narvarande_timmar",
    "rattelser": "sender, period, rattelse_id, dataset, nyckel, atgard, falt, fran, till",
}


def require_whole(desk: Desk) -> None:
    """Every row of every delivery that counts is loaded or in quarantine, never both, and is counted so."""
    for delivery_id, dataset, sender, period, rows_in, known, quarantined in desk.query(
        "SELECT delivery_id, dataset, sender, period, rows_in, rows_loaded + rows_unchanged, rows_quarantined"
        " FROM lineage.delivery WHERE is_current"
    ):
        loaded = desk.query(
            f"SELECT delivery_id, row_no FROM core.{dataset}"
            " WHERE sender = :sender AND period = :period AND known_to = 'infinity'",
            sender=sender,
            period=period,
        )
        kept_out = {
            row_no
            for (row_no,) in desk.query("SELECT row_no FROM quarantine.row WHERE delivery_id = :id", id=delivery_id)
        }
        assert (len(loaded), len(kept_out)) == (known, quarantined)
        assert rows_in == known + quarantined
        assert {row_no for told_by, row_no in loaded if told_by == delivery_id} & kept_out == set()


def contents(office: Office) -> dict[str, list[str]]:
    """What is loaded and what is kept out, without the numbers that tell when it came."""
    told = {
        name: f"SELECT ({columns})::text FROM core.{name} WHERE known_to = 'infinity'"
        for name, columns in LOADED.items()
    }
    told["karantan"] = (
        "SELECT (d.dataset, d.sender, d.period, q.row_no, q.field, q.rule)::text"
        " FROM quarantine.row q JOIN lineage.delivery d USING (delivery_id) WHERE d.is_current"
    )
    told["rattade"] = (
        "SELECT (d.dataset, d.sender, d.period, c.row_no, c.rattelse_id)::text FROM quarantine.corrected c"
        " JOIN lineage.delivery d USING (delivery_id) WHERE d.is_current AND c.known_to = 'infinity'"
    )
    with office.engine.connect() as connection:
        return {name: sorted(connection.execute(text(sql)).scalars()) for name, sql in told.items()}


@contextmanager
def another_warehouse(administrator: Any, server: Path, template: str, home: Path) -> Iterator[Settings]:
    with new_database(administrator, server, template) as url:
        yield load_settings({"ARSHJUL_HOME": str(home), "ARSHJUL_DATABASE_URL": url})


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happened_on_the_way_the_end_is_what_the_last_files_give(
    desk: Desk,
    seed: int,
    tmp_path: Path,
    administrator: psycopg.Connection[Any],
    postgres_server: Path,
    migrated_template: str,
) -> None:
    settings = [desk.office.settings, with_codes(desk.office.settings, tmp_path, PRAKTIK)]
    world = World(desk, settings, seed)
    with ExitStack() as stack:
        office = stack.enter_context(open_office(settings[0]))
        for _ in range(14):
            if world.dice.random() < 0.25:
                world.rules = 1 - world.rules
                office = stack.enter_context(open_office(settings[world.rules]))
                replay(office)
            else:
                world.step(office)
            require_whole(desk)
        replay(office, reach="alla")
        require_whole(desk)
        reached = contents(office)

        fresh = stack.enter_context(
            another_warehouse(administrator, postgres_server, migrated_template, tmp_path / "ny")
        )
        new = stack.enter_context(open_office(replace(fresh, include=settings[world.rules].include)))
        with new.engine.begin() as connection:
            run_id = start_run(connection, "cli", uuid.uuid4().hex, None, "test")
        register = [desk.provider(desk.PROVIDER), desk.provider(desk.OTHER)]
        receive(new, desk.put(desk.name("anordnare", "2026-01"), desk.csv("anordnare", register)), run_id)
        for name in sorted(world.files, key=lambda name: (name.split("_")[0] != "rattelser", name)):
            receive(new, desk.put(name, world.files[name]), run_id)
        assert contents(new) == reached
