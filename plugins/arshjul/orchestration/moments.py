"""A moment of the year, as the run in Airflow that does it knows it: which activity, which year, about what, on which day.

``follow_the_year`` starts the DAG of every moment with these as its configuration. A person who starts one by hand may leave
them empty: then the moment is the one whose time it is. Every moment's DAG begins with :func:`the_moment`, which settles it
for all its tasks, and ends with :func:`note_done`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from airflow.sdk import Param, get_current_context, task

from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.days import day_of, today
from arshjul.orchestration.runs import RunKey, ledger_run
from arshjul.periods import Month, PeriodError, parse_period
from arshjul.settings import Settings, load_settings
from arshjul.warehouse.engine import Role, transaction
from arshjul.wheel.events import record
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


@dataclass(frozen=True)
class Step:
    """Which run a step of a moment's DAG belongs to, and which moment the run does.

    Attributes:
        run: The run.
        moment: Its moment, settled when it began.
        began: The clock's day in Sweden that the moment's day stands for: the same, but where a year is played.
    """

    run: RunKey
    moment: Moment
    began: date

    def done_on(self, today: date) -> date:
        """The day it is done: as many days after the moment's as have passed on the clock.

        A run waits for its turn, a report for two persons, and a run that stopped is taken up again later: the moment's day
        is not the day it was done, by which it was in time or late.

        Args:
            today: The clock's day in Sweden.
        """
        return self.moment.day + (today - self.began)


def the_moment(given: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None) -> tuple[Callable[[], Step], Any]:
    """Wire the first task of a moment's DAG: it settles which moment the run does, once for all the others.

    Were it worked out in every task, one that is tried again after midnight, or after a meeting has been moved, would do
    another moment than those before it.

    A run that is not told its day is of the day it was to begin, whenever its tasks get their turn; and that is the clock's day
    that a played day stands for.

    Args:
        given: Tells, from Airflow's task context, what the run was started with; its parameters when left out. Where the day
            is that of what came before the run, ``began`` is the clock's day then.

    Returns:
        What tells the moment inside a later task, and the first task.
    """

    @task(task_id="momentet", task_display_name="Vilket moment i årshjulet")
    def settle() -> dict[str, Any]:
        context: Mapping[str, Any] = get_current_context()
        began = day_of(context["dag_run"].run_after).isoformat()
        told = {key: value for key, value in (given or _started_with)(context).items() if value}
        told = {"day": began, "began": began, **told}
        return {"began": told["began"], **moment_of(load_settings(), context["dag"].dag_id, told).as_conf()}

    def step() -> Step:
        context = get_current_context()
        dag_run, settled = context["dag_run"], context["ti"].xcom_pull(task_ids="momentet")
        day, began = (date.fromisoformat(settled[key]) for key in ("day", "began"))
        moment = Moment(settled["activity"], settled["year"], settled["period"], day, settled.get("part", ""))
        run = RunKey(dag_run.dag_id, dag_run.run_id, moment.period, dag_run.triggering_user_name or "")
        return Step(run, moment, began)

    return step, settle()


def _started_with(context: Mapping[str, Any]) -> Mapping[str, Any]:
    params: Mapping[str, Any] = context["params"]
    return params


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
        return today()
    try:
        return date.fromisoformat(str(params["day"]))
    except ValueError:
        raise Stopped("Dagen går inte att läsa. Skriv den som 2026-09-01.") from None


def day_of_data(events: Mapping[Any, Iterable[Any]]) -> dict[str, str]:
    """Give the day that the data came which started a run, and the clock's day then; nothing when a person started it.

    The run may come days later, when its DAG has been paused: all those days count.

    Args:
        events: Airflow's ``triggering_asset_events``.

    Returns:
        ``day`` and ``began``, as :func:`the_moment` is given them.
    """
    all_events = [one for of_asset in events.values() for one in of_asset if "day" in one.extra]
    came = [(one.extra["day"], day_of(one.timestamp).isoformat()) for one in all_events]
    return dict(zip(("day", "began"), max(came), strict=True)) if came else {}


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


def note_done(settings: Settings, step: Step, note: str = "") -> None:
    """Record that a moment is done today: the last step of a moment's DAG.

    Args:
        settings: Where the ledger is.
        step: The run and its moment.
        note: What was done; never personal data.
    """
    record_done(settings, step.run, step.moment, step.done_on(today()), note)


def record_done(settings: Settings, run: RunKey, moment: Moment, day: date, note: str = "") -> None:
    """Record that a moment was done on a day; the same again is recorded once.

    Args:
        settings: Where the ledger is.
        run: The run that did it.
        moment: The moment.
        day: The day it was done.
        note: What was done; never personal data.
    """
    with transaction(settings, Role.PUBLISH) as connection:
        run_id = ledger_run(settings, connection, run)
        record(connection, moment.activity, moment.year, "klar", day, run_id=run_id, part=moment.part, note=note)


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
