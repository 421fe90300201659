"""People's texts: which period they are about, which version counts, and which are missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection
from tests import core_rows

from arshjul.periods import Month, Tertial, Year, YearToDate
from arshjul.prose.texts import (
    Wanted,
    explanations,
    missing_message,
    read_texts,
    record_text,
    says_anything,
    wanted_texts,
    written_between,
)
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction
from arshjul.warehouse.errors import WarehouseError

_NEXT = iter(range(1, 1000))


def at(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def deliver(
    connection: Connection, text: str, day: str, *, report: str = "tertialrapport", section: str = "analys", **row: Any
) -> None:
    """A text delivered on the day it was written, unless said."""
    given = {
        "period": f"{day[:7]}-01",
        "known_from": day,
        "known_to": "infinity",
        "indikator_id": None,
        "rapport_id": report,
        "avsnitt": section,
        "text": text,
        "datum": day,
        "row_no": next(_NEXT),
    } | row
    names = ", ".join(given)
    connection.exec_driver_sql(
        f"INSERT INTO core.analystexter (sender, forfattare, delivery_id, {names})"
        f" VALUES ('2120000001', 'Utredare', 1, {', '.join(f'%({name})s' for name in given)})",
        given,
    )


def texts(
    connection: Connection, period: str, as_of: str | None = None, report: str = "tertialrapport"
) -> list[tuple[Any, ...]]:
    found = read_texts(connection, report, period, at(as_of) if as_of else None).texts
    return [(one.section, one.indicator_id, one.markdown, one.version) for one in found]


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (Tertial(2026, 1), date(2026, 5, 1), date(2026, 8, 31)),
        (Tertial(2026, 3), date(2027, 1, 1), date(2027, 4, 30)),
        (Year(2025), date(2026, 1, 1), date(2026, 12, 31)),
        (Month(2026, 1), date(2026, 2, 1), date(2026, 2, 28)),
        (YearToDate(2026, 8), date(2026, 9, 1), date(2026, 10, 31)),
        (YearToDate(2026, 10), date(2026, 11, 1), date(2026, 12, 31)),
    ],
)
def test_the_day_of_writing_says_which_period_a_text_is_about(period: Any, first: date, last: date) -> None:
    assert written_between(period) == (first, last)


def test_a_text_belongs_to_the_period_it_names_or_was_written_after(connection: Connection) -> None:
    deliver(connection, "Vår", "2026-05-12")
    deliver(connection, "Höst", "2026-09-12")
    deliver(connection, "Sent om våren", "2026-10-01", report="tertialrapport/2026-T1", section="tillagg")
    deliver(connection, "Annan rapport", "2026-05-12", report="delarsrapport")
    assert texts(connection, "2026-T1") == [("analys", None, "Vår", 1), ("tillagg", None, "Sent om våren", 1)]
    assert texts(connection, "2026-T2") == [("analys", None, "Höst", 1)]
    assert texts(connection, "2025-T3") == []


def test_the_newest_wording_counts_and_versions_are_counted(connection: Connection) -> None:
    deliver(connection, "Första", "2026-05-10", known_to="2026-05-20")
    deliver(connection, "Andra", "2026-05-20")
    deliver(connection, "Andra", "2026-05-20", period="2026-06-01", known_from="2026-06-01")
    deliver(connection, "Om kunder", "2026-05-20", indikator_id="kunder")
    assert texts(connection, "2026-T1") == [("analys", None, "Andra", 2), ("analys", "kunder", "Om kunder", 1)]
    # A report made again as of its time reads what it read.
    assert texts(connection, "2026-T1", "2026-05-15") == [("analys", None, "Första", 1)]
    assert texts(connection, "2026-T1", "2026-05-01") == []


def test_a_withdrawn_text_no_longer_counts(connection: Connection) -> None:
    deliver(connection, "Återtagen", "2026-05-10", known_to="2026-05-20")
    assert texts(connection, "2026-T1") == []


@dataclass(frozen=True)
class Part:
    """A section of a report."""

    id: str
    title: str
    is_mandatory: bool = True
    per_followed_indicator: bool = False


ECONOMY = Wanted("ekonomiska_konsekvenser", None, "Ekonomiska konsekvenser")


def write(connection: Connection, markdown: str, run_id: int, **given: Any) -> None:
    record_text(
        connection,
        run_id=run_id,
        **{
            "report_id": "tertialrapport",
            "period": "2026-T1",
            "wanted": ECONOMY,
            "markdown": markdown,
            "author": "Enhetschef",
            "person": "anna",
        }
        | given,
    )


def test_what_is_written_in_the_form_is_kept_with_who_and_counts_as_the_newest(database: Settings) -> None:
    with transaction(database, Role.PUBLISH) as connection:
        run_id = core_rows.start_run(connection)
        write(connection, "Första lydelsen.", run_id)
        write(connection, "Andra lydelsen.", run_id)
    with transaction(database, Role.REPORT) as connection:
        (found,) = read_texts(connection, "tertialrapport", "2026-T1").texts
        assert (found.markdown, found.version, found.author, found.origin) == (
            "Andra lydelsen.",
            2,
            "Enhetschef",
            "formulär",
        )
        assert read_texts(connection, "tertialrapport", "2026-T2").texts == ()
        assert read_texts(connection, "tertialrapport", "2026-T1", at("2020-01-01")).texts == ()
    with transaction(database, Role.AUDIT) as connection:
        logged = connection.exec_driver_sql(
            "SELECT data->>'person', data->>'markdown' FROM lineage.log WHERE event = 'written_text.insert' ORDER BY seq"
        ).all()
    assert [tuple(row) for row in logged] == [("anna", "Första lydelsen."), ("anna", "Andra lydelsen.")]


def test_a_form_text_is_never_changed_and_never_empty(database: Settings) -> None:
    with transaction(database, Role.PUBLISH) as connection:
        run_id = core_rows.start_run(connection)
        write(connection, "Text.", run_id)
    for wrong in ({"markdown": " \n"}, {"person": " "}, {"author": ""}):
        with pytest.raises(WarehouseError), transaction(database, Role.PUBLISH) as connection:
            write(connection, **{"markdown": "Text.", "run_id": run_id} | wrong)
    with pytest.raises(Exception, match=r"append only|AJ001"), transaction(database, Role.OWNER) as connection:
        connection.exec_driver_sql("UPDATE lineage.written_text SET markdown = 'x'")


def test_a_report_reader_reaches_texts_and_nothing_of_core(database: Settings) -> None:
    with transaction(database, Role.REPORT) as connection:
        assert read_texts(connection, "tertialrapport", "2026-T1").texts == ()
    with pytest.raises(Exception, match="InsufficientPrivilege"), transaction(database, Role.REPORT) as connection:
        connection.exec_driver_sql("SELECT * FROM core.analystexter")
    with pytest.raises(Exception, match="InsufficientPrivilege"), transaction(database, Role.REPORT) as connection:
        connection.exec_driver_sql("SELECT * FROM lineage.written_text")


def test_explanations_follow_the_indicator_from_every_report_about_the_period(connection: Connection) -> None:
    why = {"section": "forklaring", "indikator_id": "maluppfyllelse"}
    deliver(connection, "Väntan på plan", "2026-02-10", report="verksamhetsberattelse", **why)
    deliver(connection, "Sent byte", "2026-05-20", report="kvalitetsrapport/2025", **why)
    deliver(connection, "Annat mått", "2026-02-10", report="verksamhetsberattelse", **why | {"indikator_id": "kunder"})
    deliver(connection, "Inget skäl", "2026-02-10", report="verksamhetsberattelse", indikator_id="maluppfyllelse")
    yearly = ("verksamhetsberattelse", "kvalitetsrapport")
    found = explanations(connection, "maluppfyllelse", Year(2025), yearly)
    assert [one.markdown for one in found] == ["Väntan på plan", "Sent byte"]
    assert [
        one.markdown for one in explanations(connection, "maluppfyllelse", Year(2025), yearly, at("2026-03-01"))
    ] == ["Väntan på plan"]
    assert explanations(connection, "maluppfyllelse", Year(2024), yearly) == ()


SECTIONS = (
    Part("analys", "Analys", per_followed_indicator=True),
    Part("ekonomiska_konsekvenser", "Ekonomiska konsekvenser"),
    Part("fortsatt_arbete", "Fortsatt arbete", is_mandatory=False),
)


def test_a_text_is_wanted_for_every_mandatory_section_and_followed_indicator() -> None:
    followed = (("maluppfyllelse", "Måluppfyllelse"), ("kunder", "Kunder"))
    wanted = wanted_texts(SECTIONS, followed)
    assert [(one.section, one.indicator_id) for one in wanted] == [
        ("analys", "maluppfyllelse"),
        ("analys", "kunder"),
        ("ekonomiska_konsekvenser", None),
    ]
    assert [one.section for one in wanted_texts(SECTIONS, only_mandatory=False)] == [
        "ekonomiska_konsekvenser",
        "fortsatt_arbete",
    ]
    message = missing_message((wanted[0], wanted[2]))
    assert message.startswith(
        "Rapporten saknar 2 obligatoriska texter: Analys: Måluppfyllelse; Ekonomiska konsekvenser."
    )
    assert "Rapporten saknar 1 obligatorisk text: Ekonomiska" in missing_message(wanted[2:])


def test_a_heading_alone_says_nothing() -> None:
    assert [says_anything(one) for one in ("Det gick bra.", "# Rubrik\n\n…", "", "# Rubrik\n\nJa.")] == [
        True,
        False,
        False,
        True,
    ]
