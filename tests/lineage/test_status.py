"""What is late, missing, failed or waiting for a person."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sqlalchemy import Connection

from arshjul.lineage.expected import LandedSlice
from arshjul.lineage.ledger import CheckResult
from arshjul.lineage.status import status
from arshjul.periods import Month
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine

MARCH = Month(2026, 3)
ALFA, BETA = "5560360793", "5566778899"


def register(ledger: Any, orgnr: str, *, since: str = "2025-01-01", until: str | None = None) -> None:
    """Put a provider into the register delivered for March."""
    ledger.connection.exec_driver_sql(
        "INSERT INTO core.anordnare (sender, period, orgnr, namn, typ, auktoriserad_fran, auktoriserad_till, "
        "kvalitetssystem, epost, delivery_id, row_no, known_from) "
        "VALUES ('2120000001', '2026-03-01', %(o)s, 'Anordnare ' || %(o)s, 'extern', %(s)s, %(u)s, 'inget', 'x@example.org', "
        "%(d)s, 1, clock_timestamp())",
        {"o": orgnr, "s": since, "u": until, "d": ledger.delivery(dataset="anordnare", sender=orgnr, is_current=False)},
    )


def test_an_empty_warehouse_has_nothing_to_say(connection: Connection, database: Settings) -> None:
    report = status(connection, database, MARCH)
    assert report.ok
    assert report.text() == "Inget saknas för mars 2026 och inget väntar.\n\nLoggen är hel: 0 rader."


def test_an_authorised_provider_is_missed_until_it_has_delivered(
    ledger: Any, connection: Connection, database: Settings
) -> None:
    register(ledger, ALFA)
    register(ledger, BETA)
    register(ledger, "1", until="2026-02-28")
    register(ledger, "2", since="2026-04-01")
    register(ledger, "3", until="2026-03-01")
    for dataset in ("insatser", "narvaro"):
        ledger.delivery(dataset=dataset, sender=ALFA)
    ledger.delivery(dataset="kapacitet", sender=ALFA, period="2026-02-01")
    everything = ("insatser", "narvaro", "kapacitet")
    report = status(connection, database, MARCH)
    assert report.missing == {
        ("3", "Anordnare 3"): everything,
        (ALFA, f"Anordnare {ALFA}"): ("kapacitet",),
        (BETA, f"Anordnare {BETA}"): everything,
    }
    assert not report.ok
    assert f"Anordnare {ALFA} ({ALFA}): kapacitet" in report.text()


def test_a_refused_delivery_is_told_until_a_later_one_makes_it_good(
    ledger: Any, connection: Connection, database: Settings
) -> None:
    refused = {
        "status": "avvisad",
        "is_current": False,
        "rows_in": None,
        "rows_loaded": None,
        "rows_unchanged": None,
        "rows_quarantined": None,
        "refusal_rule": "kolumn_saknas",
        "refusal_text": "Kolumnen startdatum saknas.",
    }
    ledger.delivery(**refused)
    ledger.delivery(**refused | {"dataset": None, "sender": None, "period": None, "received_at": "2026-04-02"})
    ledger.delivery(**refused | {"dataset": None, "sender": None, "period": None, "received_at": "2026-07-02"})
    first = status(connection, database, MARCH)
    assert [row["delivery_id"] for row in first.refused] == [1, 2]
    assert "okänd avsändare): Kolumnen startdatum saknas." in first.text()
    ledger.delivery()
    assert [row["delivery_id"] for row in status(connection, database, MARCH).refused] == [2]


def test_an_interrupted_delivery_and_quarantined_rows_are_told(
    ledger: Any, connection: Connection, database: Settings
) -> None:
    loaded = ledger.delivery()
    none = dict.fromkeys(("rows_in", "rows_loaded", "rows_unchanged", "rows_quarantined"))
    ledger.delivery(status="landad", is_current=False, **none)
    replaced = ledger.delivery(is_current=False)
    for delivery_id, row_no, field in ((loaded, 1, "a"), (loaded, 1, "b"), (loaded, 2, "a"), (replaced, 1, "a")):
        connection.exec_driver_sql(
            "INSERT INTO quarantine.row VALUES (%s, %s, %s, 'ogiltigt_datum', 'Datumet finns inte.')",
            (delivery_id, row_no, field),
        )
    report = status(connection, database, MARCH)
    assert [row["delivery_id"] for row in report.unfinished] == [2]
    assert report.quarantine == ({"dataset": "insatser", "rule": "ogiltigt_datum", "rows": 2, "senders": 1},)
    assert status(connection, database, Month(2026, 4)).quarantine == ()


def test_deliveries_judged_by_other_rules_are_told(ledger: Any, connection: Connection, database: Settings) -> None:
    ledger.delivery()
    assert status(connection, database, MARCH).outdated == ()
    connection.exec_driver_sql("UPDATE lineage.delivery SET rules_sha256 = repeat('0', 64)")
    report = status(connection, database, MARCH)
    assert report.outdated == ({"dataset": "insatser", "deliveries": 1},)
    assert "insatser: 1 leveranser (kör arshjul replay)" in report.text()


def test_a_stop_is_told_until_a_newer_check_run_passes(ledger: Any, connection: Connection, database: Settings) -> None:
    computation_id = ledger.computation()
    broken = CheckResult("delar_summerar", "Delarna summerar.", "stopp", False, "Räkna om perioden.", 9, 2)
    ledger.check(computation_id, broken)
    stopped = status(connection, database, MARCH)
    assert [(row["period"], row["check_id"]) for row in stopped.stops] == [("2026-T1", "delar_summerar")]
    assert "«Delarna summerar.» gäller inte. Gör så här: Räkna om perioden." in stopped.text()
    ledger.check(computation_id)
    assert status(connection, database, MARCH).stops == ()


def test_a_package_is_told_by_what_it_waits_for(ledger: Any, connection: Connection, database: Settings) -> None:
    computation_id = ledger.computation()
    ledger.check(computation_id)
    ledger.package(computation_id, "b" * 64)
    package_id = ledger.package(computation_id)

    def waits_for() -> list[tuple[int, str]]:
        return [(row["package_id"], row["waits_for"]) for row in status(connection, database, MARCH).packages]

    assert waits_for() == [(package_id, "granskning")]
    ledger.approve(package_id, "granskning", "anna")
    assert waits_for() == [(package_id, "godkannande")]
    rejection = connection.begin_nested()
    ledger.approve(package_id, "godkannande", "bertil", "avvisad", "Fel diagram.")
    assert waits_for() == [(package_id, "rättning")]
    assert "väntar på datateamet: «Fel diagram.»" in status(connection, database, MARCH).text()
    rejection.rollback()
    ledger.approve(package_id, "godkannande", "bertil")
    assert waits_for() == [(package_id, "publicering")]
    ledger.publish(package_id)
    assert waits_for() == []


def test_a_publication_is_told_until_every_recipient_has_it(
    ledger: Any, connection: Connection, database: Settings
) -> None:
    ledger.whole_line()
    lacking = status(connection, database, MARCH)
    assert [(row["recipient_id"], bool(row["reserved_at"])) for row in lacking.undelivered] == [
        ("diarium", True),
        ("namnd", False),
    ]
    assert "tertialrapport 2026-T1 till diarium med mapp (påbörjad men inte klar)" in lacking.text()
    connection.exec_driver_sql("UPDATE lineage.receipt SET delivered_at = clock_timestamp()")
    assert [row["recipient_id"] for row in status(connection, database, MARCH).undelivered] == ["namnd"]


def test_a_broken_log_is_told(ledger: Any, connection: Connection, database: Settings) -> None:
    ledger.delivery()
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    connection.exec_driver_sql("UPDATE lineage.log SET actor = 'x' WHERE seq = 1")
    report = status(connection, database, MARCH)
    assert not report.ok
    assert report.text().endswith("Loggens innehåll är ändrat på rad 1.\n\nLoggen är INTE hel.")


def test_the_report_is_json(ledger: Any, connection: Connection, database: Settings) -> None:
    register(ledger, BETA)
    ledger.whole_line()
    told = json.loads(json.dumps(status(connection, database, MARCH).as_json()))
    assert told["manad"] == "2026-03"
    assert told["saknas"][0]["dataset"] == ["insatser", "narvaro", "kapacitet"]
    assert told["logg"]["hel"] is True


def test_the_auditor_may_ask(database: Settings) -> None:
    engine = open_engine(database, Role.AUDIT)
    try:
        with engine.connect() as connection:
            assert status(connection, database, MARCH).ok
    finally:
        engine.dispose()


def test_each_delivery_is_told_by_how_it_stands(ledger: Any, connection: Connection, database: Settings) -> None:
    register(ledger, ALFA)
    ledger.delivery(received_at="2026-04-01T08:00Z")
    ledger.delivery(dataset="narvaro", received_at="2026-04-07T08:00Z")
    early = status(connection, database, MARCH, date(2026, 4, 2))
    assert early.missing == {}
    assert f"Väntas för mars 2026\n  Anordnare {ALFA} ({ALFA}): kapacitet (senast 2 april 2026)" in early.text()
    late = status(connection, database, MARCH, date(2026, 4, 7))
    assert late.missing == {(ALFA, f"Anordnare {ALFA}"): ("kapacitet",)}
    assert f"Anordnare {ALFA} ({ALFA}): kapacitet (skulle ha kommit senast 2 april 2026)" in late.text()
    assert (
        f"Kom för sent för mars 2026\n  Anordnare {ALFA} ({ALFA}): narvaro "
        "(kom 7 april 2026, skulle ha kommit senast 2 april 2026)"
    ) in late.text()
    states = {one["dataset"]: one["lage"] for one in late.as_json()["forvantat"]}
    assert states == {"insatser": "i_tid", "narvaro": "sen", "kapacitet": "saknas"}
    unread = status(connection, database, MARCH, date(2026, 4, 7), [LandedSlice("kapacitet", ALFA, MARCH)])
    assert unread.ok
    assert f"men är inte inläst\n  Anordnare {ALFA} ({ALFA}): kapacitet" in unread.text()


def test_what_is_missing_since_earlier_months_is_told(ledger: Any, connection: Connection, database: Settings) -> None:
    register(ledger, ALFA)
    for dataset in ("insatser", "narvaro"):
        ledger.delivery(dataset=dataset, sender=ALFA)
    april = status(connection, database, Month(2026, 4), date(2026, 4, 10))
    assert [(one.dataset, one.month) for one in april.older] == [("kapacitet", MARCH)]
    assert f"tidigare månader\n  Anordnare {ALFA} ({ALFA}): kapacitet för mars 2026" in april.text()
    assert april.as_json()["saknas_sedan_tidigare"][0]["manad"] == "2026-03"
    assert not april.ok


def test_what_came_after_the_report_is_told_until_it_is_reported_again(
    ledger: Any, connection: Connection, database: Settings
) -> None:
    publication_id = ledger.whole_line()
    connection.exec_driver_sql("UPDATE lineage.delivery SET finished_at = '2026-05-01'")
    assert status(connection, database, MARCH).after_report == ()
    ledger.delivery(is_current=False, finished_at="2026-05-04T08:00Z", received_at="2026-05-04T08:00Z")
    ledger.delivery(dataset="narvaro", finished_at="2026-06-01T08:00Z", received_at="2026-06-01T08:00Z")
    ledger.delivery(period="2026-05-01", finished_at="2026-06-01T08:00Z")  # of a month that is not reported
    ledger.delivery(dataset="synpunkter", finished_at="2026-06-01T08:00Z")  # no report is made of it
    report = status(connection, database, MARCH)
    assert [(row["dataset"], row["is_correction"]) for row in report.after_report] == [
        ("insatser", True),
        ("narvaro", False),
    ]
    assert "Rapporterat men ändrat\n  tertialrapport 2026-T1: en rättelse av insatser för mars 2026" in report.text()
    assert "en sen leverans av narvaro för mars 2026 från 5560360793 kom 1 juni 2026" in report.text()
    told = json.loads(json.dumps(report.as_json()))["rapporterat_men_andrat"]
    assert told[0]["reported_period"] == "2026-T1"
    assert publication_id
