"""The real årshjul with made-up meetings, for tests of the wheel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Connection
from tests.core_rows import load

from arshjul.catalogue.activities import ActivityCalendar, load_activities
from arshjul.wheel.occurrences import CalendarDay, Occurrence, occurrences

INCLUDE = Path(__file__).resolve().parents[2] / "include"

BOARD, COUNCIL = "Arbetsmarknadsnämnden", "Kommunfullmäktige"

BOARD_2026 = (
    date(2026, 2, 18),
    date(2026, 4, 15),
    date(2026, 6, 17),
    date(2026, 9, 16),
    date(2026, 10, 21),
    date(2026, 11, 18),
)


def real() -> ActivityCalendar:
    return load_activities(INCLUDE)


def meetings(days: Iterable[date] = BOARD_2026, board: str = BOARD, sent_before: int = 8) -> list[CalendarDay]:
    return [CalendarDay("sammantrade", board, day, day - timedelta(days=sent_before)) for day in days]


def visits(*days: date, kind: str = "namndbesok") -> list[CalendarDay]:
    return [CalendarDay("besok", kind, day) for day in days]


def of_2026() -> list[CalendarDay]:
    """A whole year's meetings and visits."""
    return [
        *meetings(),
        *meetings([date(2026, 6, 24)], COUNCIL),
        *visits(date(2025, 10, 15), date(2026, 2, 11), date(2026, 10, 14)),
    ]


def by_id(found: Iterable[Occurrence]) -> dict[str, Occurrence]:
    """Occurrences by key without the year: ``klagomal``, ``stickprov/2026-03``."""
    return {"/".join(filter(None, (one.activity.id, one.part))): one for one in found}


def year_2026(days: Iterable[CalendarDay] | None = None) -> dict[str, Occurrence]:
    return by_id(occurrences(real(), 2026, of_2026() if days is None else days))


def register(connection: Connection, days: Iterable[CalendarDay]) -> None:
    """Deliver meetings and visits: rows of ``core.sammantraden`` and ``core.besok``, known since long."""
    run_id = connection.exec_driver_sql(
        "INSERT INTO lineage.run (dag_id, dag_run_id, code_version) VALUES ('test', 'register', 'test') RETURNING run_id"
    ).scalar_one()
    days = list(days)
    load(
        connection,
        run_id,
        {
            "sammantraden": [
                {"organ": one.name, "datum": one.day, "utskick_datum": one.sent_on, "period": date(2025, 1, 1)}
                for one in days
                if one.kind == "sammantrade"
            ],
            "besok": [
                {"besok_id": f"b{place}", "typ": one.name, "datum": one.day, "status": "planerat"}
                for place, one in enumerate(days)
                if one.kind == "besok"
            ],
        },
    )
