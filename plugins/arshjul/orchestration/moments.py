"""A moment of the year, as the run in Airflow that does it knows it: which activity, which year, about what, on which day.

``follow_the_year`` starts the DAG of every moment with these as its configuration. A person who starts one by hand may leave
them empty: then the moment is the one whose time it is. Every moment's DAG ends with :func:`record_done`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from airflow.sdk import Param

from arshjul.lineage.ledger import code_version, start_run
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.partitions import STOCKHOLM
from arshjul.periods import Month, PeriodError, parse_period
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction
from arshjul.wheel.events import EventKind, record
from arshjul.wheel.occurrences import Occurrence

_DAY_PATTERN = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


@dataclass(frozen=True)
class Moment:
    """Which occurrence of which activity a run does.

    Attributes:
        activity: The activity's id.
        year: The follow-up year.
        period: Key of the period it is about.
        day: The day in Sweden it is done; not the clock's where a year is played.
        part: Which of several in the year; empty when there is one a year.
    """

    activity: str
    year: int
    period: str
    day: date
    part: str = ""

    def as_conf(self) -> dict[str, Any]:
        """The moment as a run's configuration."""
        conf = {"activity": self.activity, "year": self.year, "period": self.period, "day": self.day.isoformat()}
        return {**conf, "part": self.part} if self.part else conf


def moment_params() -> dict[str, Param]:
    """Give the parameters of a moment's DAG: all may be left empty by a person who starts it."""
    return {
        "activity": Param(None, type=["null", "string"], title="Aktivitet (tom: den som flödet gör nu)"),
        "year": Param(None, type=["null", "integer"], title="Uppföljningsår (tomt: det som gäller nu)"),
        "period": Param(None, type=["null", "string"], title="Period (tom: årshjulets)"),
        "day": day_param(),
        "part": Param(None, type=["null", "string"], title="Månad eller besöksdag (tom: den som gäller nu)"),
    }


def day_param() -> Param:
    """Give the parameter that says which day it is: left empty but where a year is played."""
    return Param(None, type=["null", "string"], pattern=_DAY_PATTERN, title="Dag, ÅÅÅÅ-MM-DD (tom: i dag)")


def swedish_day(params: Mapping[str, Any]) -> date:
    """Give the day a run is about: the one it was started with, else today in Sweden.

    Raises:
        Stopped: The day cannot be read.
    """
    if not params.get("day"):
        return datetime.now(STOCKHOLM).date()
    try:
        return date.fromisoformat(str(params["day"]))
    except ValueError:
        raise Stopped("Dagen går inte att läsa. Skriv den som 2026-09-01.") from None


def day_of_data(events: Mapping[Any, Iterable[Any]]) -> str | None:
    """Give the day that the data came which started a run; ``None`` when a person started it.

    Args:
        events: Airflow's ``triggering_asset_events``.
    """
    return max(
        (one.extra["day"] for of_asset in events.values() for one in of_asset if "day" in one.extra), default=None
    )


def moment_of(settings: Settings, dag_id: str, params: Mapping[str, Any]) -> Moment:
    """Say which moment a run does, filling in from the årshjul what it was not started with.

    Args:
        settings: The catalogue, and the warehouse with its meetings.
        dag_id: The DAG.
        params: The run's parameters; those that are missing or empty are filled in. A run that data has started gives its
            period here: ``{"period": "2026-T1"}``.

    Raises:
        Stopped: The DAG does no such activity, or the year has no such moment.
    """
    day = swedish_day(params)
    given = {key: params[key] for key in ("activity", "year", "period", "part") if params.get(key)}
    found = [one for one in _candidates(settings, dag_id, day, given) if _fits(one, given)]
    if not found:
        raise Stopped("Årshjulet har inget sådant moment för flödet. Se arshjul calendar, rätta och starta om.")
    begun = [one for one in found if one.opens <= day]
    one = max(begun, key=lambda o: o.opens) if begun else min(found, key=lambda o: o.opens)
    return Moment(one.activity.id, one.year, str(given.get("period", period_key(one, day))), day, one.part)


def record_done(
    settings: Settings, dag_id: str, dag_run_id: str, moment: Moment, note: str = "", kind: EventKind = "klar"
) -> None:
    """Record that a moment is done, on its day; a run that is done again records it once.

    Args:
        settings: Where the ledger is.
        dag_id: Airflow's DAG id.
        dag_run_id: Airflow's run id.
        moment: The moment.
        note: What was done; never personal data.
        kind: ``klar``; ``kvitterad`` for what has been received and acknowledged; ``ej_aktuell`` with the reason as note.
    """
    with transaction(settings, Role.PUBLISH) as connection:
        run_id = start_run(connection, dag_id, dag_run_id, moment.period, code_version(settings))
        record(connection, moment.activity, moment.year, kind, moment.day, run_id=run_id, part=moment.part, note=note)


def period_key(one: Occurrence, day: date) -> str:
    """Give the key of the period that a run is about: of what is done each day it is the day's month."""
    return Month.containing(day).key if one.activity.every == "dag" else one.period.key


def _candidates(settings: Settings, dag_id: str, day: date, given: Mapping[str, Any]) -> list[Occurrence]:
    from arshjul.catalogue.activities import load_activities
    from arshjul.wheel.occurrences import occurrences
    from arshjul.wheel.standing import calendar_days

    calendar = load_activities(settings.include)
    about = {day.year}
    try:
        about |= {int(given["year"])} if "year" in given else set()
        about |= {parse_period(str(given["period"])).start.year} if "period" in given else set()
    except (PeriodError, ValueError):
        raise Stopped("Året eller perioden går inte att läsa. Skriv till exempel 2026 och 2026-T1.") from None
    found: list[Occurrence] = []
    with transaction(settings, Role.PUBLISH) as connection:
        for year in sorted({one + step for one in about for step in (-1, 0, 1)}):
            found += occurrences(calendar, year, calendar_days(connection, year))
    return [one for one in found if one.activity.dag == dag_id]


def _fits(one: Occurrence, given: Mapping[str, Any]) -> bool:
    if "activity" in given and one.activity.id != given["activity"]:
        return False
    if "year" in given and one.year != int(given["year"]):
        return False
    if "part" in given and one.part != given["part"]:
        return False
    # An activity that is named may be about another period than the årshjul's; else the period finds the activity.
    every = one.activity.every
    is_named = every in ("dag", "besok") or ("activity" in given and every != "manad")
    return is_named or "period" not in given or one.period.key == given["period"]
