"""From a published figure back to what it rests on."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection

from arshjul.catalogue.indicators import load_indicators
from arshjul.lineage.ledger import CheckResult, grant_waiver
from arshjul.lineage.trace import FigureNotFound, figure_evidence, row_ranges, source_files
from arshjul.lineage.trace_text import trace_text
from arshjul.settings import Settings

TOTAL = "maluppfyllelse/2026-T1"
PROTECTED = "maluppfyllelse/2026-T1/kon=man"


def test_a_figure_leads_to_everything_it_rests_on(ledger: Any, connection: Connection) -> None:
    publication_id = ledger.whole_line()
    found = figure_evidence(connection, TOTAL, sources=[(1, 2), (1, 1), (1, 1), (1, 7)])
    assert (found.figure.numerator, found.figure.denominator, found.figure.observations) == (13, 20, 20)
    assert found.publication.publication_id == publication_id
    assert found.package.content_sha256 == found.publication.content_sha256
    assert found.computation.computation_id == found.package.computation_id
    assert {role: run.dag_id for role, run in found.runs.items()} == dict.fromkeys(
        ("berakning", "paket", "publicering"), "tertial_indicators"
    )
    assert [run.stage for run in found.checks] == ["core", "indicator"]
    assert [(made.step, made.person) for made in found.approvals] == [("granskning", "anna"), ("godkannande", "bertil")]
    assert [receipt.recipient_id for receipt in found.receipts] == ["diarium"]
    [source] = found.sources
    assert (source.file_name, source.dag_run_id) == ("insatser_5560360793_2026-03.csv", "ingest__1")
    assert (source.sha256, source.rows, source.row_count) == ("a" * 64, ((1, 2), (7, 7)), 3)
    events = connection.exec_driver_sql(
        "SELECT event FROM lineage.log WHERE seq BETWEEN %s AND %s ORDER BY seq", found.log
    )
    assert events.scalars().all() == [
        "package.insert",
        "approval.insert",
        "approval.insert",
        "publication.insert",
        "figure.insert",
    ]


def test_the_newest_publication_answers_unless_another_is_named(ledger: Any, connection: Connection) -> None:
    first = ledger.whole_line()
    # A later issue of the same report: another package, and so another publication with the same figure.
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    package_id = ledger.package(ledger.computation(), "b" * 64)
    second = ledger.publish(package_id)
    connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
    assert figure_evidence(connection, TOTAL).publication.publication_id == second
    assert figure_evidence(connection, TOTAL, publication_id=first).publication.publication_id == first
    with pytest.raises(FigureNotFound, match="finns inte"):
        figure_evidence(connection, TOTAL, publication_id=second + 1)


def test_a_figure_nobody_published_is_not_found(ledger: Any, connection: Connection) -> None:
    ledger.whole_line()
    with pytest.raises(FigureNotFound, match="maluppfyllelse/2025-T1 finns inte"):
        figure_evidence(connection, "maluppfyllelse/2025-T1")


def test_the_text_says_what_the_evidence_holds_in_swedish(
    ledger: Any, connection: Connection, settings: Settings
) -> None:
    waiver_id = grant_waiver(
        connection,
        check_id="x",
        period="2026-T1",
        reason="Känt fel hos en anordnare.",
        valid_until=date(2199, 1, 1),
        requested_by="anna",
        approved_by="bertil",
    )
    ledger.delivery()
    computation_id = ledger.computation()
    ledger.check(computation_id, CheckResult("x", "Delarna summerar.", "stopp", False, "Gör om.", 5, 1, waiver_id))
    package_id = ledger.package(computation_id)
    ledger.approve(package_id, "granskning", "anna")
    ledger.approve(package_id, "godkannande", "bertil", comment="Ser rätt ut.")
    ledger.receipt(ledger.publish(package_id))
    definition = load_indicators(settings.include)["maluppfyllelse"]
    text = trace_text(figure_evidence(connection, TOTAL, sources=[(1, 1), (1, 2)]), definition)
    for said in (
        definition.title,
        "Värde, oavrundat: 0,65",
        "Täljare 13, nämnare 20",
        "insatser_5560360793_2026-03.csv  rad 1–2",
        f"sha256 {'a' * 64}",
        "det som var känt 2026-05-04 09:30",
        "stopp x: «Delarna summerar.» gäller inte. Undantag: Känt fel hos en anordnare.",
        "Granskning: anna, godkänd",
        "«Ser rätt ut.»",
        "diarium (mapp, diarium): inte levererad än",
    ):
        assert said in text


def test_a_protected_figure_tells_no_number(ledger: Any, connection: Connection) -> None:
    ledger.whole_line()
    found = figure_evidence(connection, PROTECTED)
    assert "Värdet visas inte" in trace_text(found)
    told = found.as_json()
    assert told["skyddad"] is True
    assert [told[name] for name in ("taljare", "namnare", "varde", "antal")] == [None] * 4


def test_the_evidence_is_json_and_no_number_is_rounded(ledger: Any, connection: Connection) -> None:
    ledger.whole_line()
    told = json.loads(json.dumps(figure_evidence(connection, TOTAL, sources=[(1, 3)]).as_json()))
    assert (told["varde"], told["antal"]) == ("0.65", 20)
    assert told["kallor"][0]["rows"] == [[3, 3]]
    assert told["beslut"][1]["person"] == "bertil"
    assert told["kontroller"][1]["results"][0]["check_id"] == "delar_summerar"
    assert told["berakning"]["as_of"] == "2026-05-04T07:30:00.123450+00:00"


@pytest.mark.parametrize(
    ("numbers", "ranges"),
    [([], ()), ([5], ((5, 5),)), ([3, 1, 2, 2, 7, 9, 8], ((1, 3), (7, 9)))],
)
def test_row_numbers_are_written_as_ranges(numbers: list[int], ranges: tuple[tuple[int, int], ...]) -> None:
    assert row_ranges(numbers) == ranges


def test_a_row_that_the_municipality_corrected_is_told(ledger: Any, connection: Connection) -> None:
    ledger.whole_line()
    for row_no, known_to in ((3, "infinity"), (4, "2026-01-01"), (5, "infinity")):
        connection.exec_driver_sql(
            "INSERT INTO quarantine.corrected VALUES (1, %s, 'R7', 'andra', 'startdatum', '2025-01-01', %s)",
            (row_no, known_to),
        )
    [source] = source_files(connection, [(1, 3), (1, 4)], datetime(2026, 5, 4, tzinfo=UTC))
    assert source.corrected == ((3, "R7"),)
    [before] = source_files(connection, [(1, 4)], datetime(2025, 5, 4, tzinfo=UTC))
    assert before.corrected == ((4, "R7"),)
    told = figure_evidence(connection, TOTAL, sources=[(1, 3)])
    assert "rad 3 rättad enligt kommunens beslut R7" in trace_text(told)
    assert told.as_json()["kallor"][0]["corrected"] == [[3, "R7"]]


def test_a_figure_without_source_rows_has_no_files(connection: Connection) -> None:
    assert source_files(connection, ()) == ()
