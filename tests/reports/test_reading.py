"""What a report is written from: other periods stand beside it only as readers had them when its figures were pinned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection
from tests.core_rows import INCLUDE, start_run
from tests.public_rows import as_public

from arshjul.periods import Period, Tertial, Year
from arshjul.prose.texts import Wanted, record_text
from arshjul.reports.blocks import Document
from arshjul.reports.reading import read
from arshjul.reports.report_type import Reading, ReportType

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
BESIDE = Tertial(2026, 1)


def never(_: Reading) -> Document:
    raise AssertionError("reading draws nothing")


REPORT = ReportType("kvalitetsrapport", "Kvalitetsrapport", never, beside=lambda _: (BESIDE.key,))


def computed(connection: Connection, run_id: int, period: Period, indicators: tuple[str, ...] = ("kunder",)) -> int:
    """A computation with one figure of each indicator, and its public table; give the table's number."""
    computation_id = connection.exec_driver_sql(
        "INSERT INTO indicator.computation (run_id, period, period_start, period_end, as_of, catalogue_sha256) "
        "VALUES (%s, %s, %s, %s, %s, repeat('d', 64)) RETURNING computation_id",
        (run_id, period.key, period.start, period.end, NOW),
    ).scalar_one()
    for indicator in indicators:
        connection.exec_driver_sql(
            "INSERT INTO indicator.value VALUES (%s, %s, '{}', 40, 1, 40, 40, 40, false)", (computation_id, indicator)
        )
    return as_public(connection, run_id, computation_id)


def released(connection: Connection, run_id: int, protection_id: int, at: datetime) -> None:
    connection.exec_driver_sql(
        "INSERT INTO indicator.release (protection_id, kind, run_id, released_at) VALUES (%s, 'publicering', %s, %s)",
        (protection_id, run_id, at),
    )


def beside(connection: Connection) -> list[int]:
    """Computations that stand beside the year's report."""
    reading = read(connection, INCLUDE, REPORT, Year(2025), "Exempelkommun")
    return [facts.current.computation_id for facts in reading.beside.values()]


@pytest.mark.parametrize(("hours", "shown"), [(None, 0), (1, 0), (0, 1), (-1, 1)])
def test_another_period_is_shown_when_readers_had_it_then(
    connection: Connection, hours: int | None, shown: int
) -> None:
    run_id = start_run(connection)
    computed(connection, run_id, Year(2025))
    other = computed(connection, run_id, BESIDE)
    if hours is not None:
        released(connection, run_id, other, NOW + timedelta(hours=hours))
    assert len(beside(connection)) == shown


def test_of_several_tables_the_one_that_tells_most_is_shown_and_the_newest_of_those(connection: Connection) -> None:
    run_id = start_run(connection)
    computed(connection, run_id, Year(2025))
    tables = [computed(connection, run_id, BESIDE, told) for told in (("kunder", "insatser"),) * 2 + (("kunder",),)]
    for hours, protection_id in enumerate(tables, start=-5):
        released(connection, run_id, protection_id, NOW + timedelta(hours=hours))
    made = connection.exec_driver_sql(
        "SELECT computation_id FROM indicator.protection WHERE protection_id = %s", (tables[1],)
    )
    assert beside(connection) == [made.scalar_one()]


def test_a_text_written_after_a_report_was_frozen_is_not_in_it_when_it_is_made_again(connection: Connection) -> None:
    run_id = start_run(connection)
    computed(connection, run_id, Year(2025))
    wanted = Wanted("barn", None, "Konsekvenser för barn")
    record_text(
        connection, run_id=run_id, report_id=REPORT.id, period="2025", wanted=wanted, markdown="Inga.", author="Utredare",
        person="anna",
    )  # fmt: skip
    now = read(connection, INCLUDE, REPORT, Year(2025), "Exempelkommun")
    then = read(connection, INCLUDE, REPORT, Year(2025), "Exempelkommun", texts_as_of=NOW)
    assert [one.markdown for one in now.texts.texts] == ["Inga."]
    assert then.texts.texts == ()
