"""The steps of the daily look at the year, as functions that tasks call: what begins, who is reminded, what did not happen."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from arshjul.catalogue.activities import ActivityCalendar, load_activities
from arshjul.orchestration.moments import Moment, period_key
from arshjul.orchestration.notices import Receiver, data_team, receivers, send
from arshjul.orchestration.runs import RunKey, ledger_run
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction
from arshjul.wheel.events import EventKind, record
from arshjul.wheel.letters import due_reminders, letter_values, newly_missed, told
from arshjul.wheel.standing import STATE_WORDS, Standing, read_around

log = logging.getLogger(__name__)

REMINDER, MISSED = "moment_paminnelse", "moment_missat"


def moments_that_begin(settings: Settings, day: date) -> list[dict[str, Any]]:
    """List the runs to start today: everything whose day has come, and that is not done, started or waiting for another.

    Args:
        settings: The catalogue and the warehouse.
        day: The day in Sweden.

    Returns:
        For each run what ``TriggerDagRunOperator`` is given: ids, periods and days only, since it becomes an XCom.
    """
    calendar, standings = _look(settings, day)
    for one in standings:
        if one.state in ("pagar", "forsenad"):
            log.info("%s: %s, senast %s", one.occurrence.key, one.state_in_words, one.occurrence.due)
    return [_start(one, day) for one in standings if _begins(one, calendar, day)]


def note_started(settings: Settings, run: RunKey, starts: Iterable[Mapping[str, Any]]) -> int:
    """Record that the runs were started; returns how many they are.

    Args:
        settings: Where the ledger is.
        run: The run that started them.
        starts: From :func:`moments_that_begin`.
    """
    begun = [one["conf"] for one in starts]
    with transaction(settings, Role.PUBLISH) as connection:
        run_id = ledger_run(settings, connection, run)
        for conf in begun:
            day, part = date.fromisoformat(conf["day"]), conf.get("part", "")
            record(connection, conf["activity"], conf["year"], "startad", day, run_id=run_id, part=part)
    return len(begun)


def roles_to_remind(settings: Settings, day: date) -> list[str]:
    """List the roles that are to have an e-mail today.

    Args:
        settings: The catalogue and the warehouse.
        day: The day in Sweden.
    """
    calendar, standings = _look(settings, day)
    return list(due_reminders(calendar, standings, day))


def remind_role(settings: Settings, run: RunKey, role: str, day: date) -> bool:
    """Remind one role of everything that it answers for and that its time has come for, once a day.

    Args:
        settings: The catalogue, the warehouse and the mail server.
        run: The run.
        role: The role.
        day: The day in Sweden.

    Returns:
        True when an e-mail was sent now.

    Raises:
        Stopped: The address is the demo's, in production.
        DeliveryError: The mail server did not take it.
    """
    calendar, standings = _look(settings, day)
    # Asked again, not handed over: what has been done since the list was made is left out.
    about = due_reminders(calendar, standings, day).get(role)
    if not about:
        return False
    [to] = receivers(settings, [role])
    return _send(settings, run, REMINDER, to, told(about, calendar), day)


def tell_missed(settings: Settings, run: RunKey, day: date) -> int:
    """Tell the data team what should have happened and did not; each thing once. Returns how many things.

    Args:
        settings: The catalogue, the warehouse and the mail server.
        run: The run.
        day: The day in Sweden.

    Raises:
        Stopped: The data team's address is the demo's, in production.
        DeliveryError: The mail server did not take it.
    """
    calendar, standings = _look(settings, day)
    missed = newly_missed(standings, day)
    if not missed:
        return 0
    for one in missed:
        log.warning("%s: %s, senast %s", one.occurrence.key, STATE_WORDS[one.state], one.occurrence.due)
    sent = _send(settings, run, MISSED, data_team(settings), told(missed, calendar), day)
    return len(missed) if sent else 0


def _look(settings: Settings, day: date) -> tuple[ActivityCalendar, tuple[Standing, ...]]:
    calendar = load_activities(settings.include)
    with transaction(settings, Role.PUBLISH) as connection:
        return calendar, read_around(connection, calendar, day)


def _begins(one: Standing, calendar: ActivityCalendar, day: date) -> bool:
    activity = one.occurrence.activity
    if activity.dag is None or calendar.dags[activity.dag] != "follow_the_year" or not one.occurrence.can_start:
        return False
    if one.state not in ("pagar", "forsenad") or one.waits_for:
        return False
    again = day if activity.every == "dag" else _last_round(one, day)
    return one.started_on is None or (again is not None and one.started_on < again)


def _last_round(one: Standing, day: date) -> date | None:
    """The last day until today that something which is asked for more than once is asked for again."""
    if not one.occurrence.activity.repeats:
        return None
    return max((again for again in one.occurrence.reminders if one.occurrence.opens < again <= day), default=None)


def _start(one: Standing, day: date) -> dict[str, Any]:
    occurrence = one.occurrence
    moment = Moment(occurrence.activity.id, occurrence.year, period_key(occurrence, day), day, occurrence.part)
    again = day if occurrence.activity.every == "dag" else _last_round(one, day)
    run_id = f"{occurrence.run_id}__{again}" if again else occurrence.run_id
    return {"trigger_dag_id": occurrence.activity.dag, "trigger_run_id": run_id, "conf": moment.as_conf()}


def _send(settings: Settings, run: RunKey, matter: str, to: Receiver, lines: list[dict[str, str]], day: date) -> bool:
    """Send a letter, once a day; with it the ledger keeps of everything it tells that it has been told."""
    from arshjul.delivery.notices import Notice

    kind: EventKind = "missad" if matter == MISSED else "paminnelse"

    def note(connection: Connection, run_id: int) -> None:
        for one in lines:
            who = to.id if kind == "paminnelse" else ""
            activity, year, part = one["aktivitet"], int(one["ar"]), one["del"]
            record(connection, activity, year, kind, day, run_id=run_id, part=part, note=who)

    content = {"moment": lines}
    notice = Notice(matter, day.isoformat(), to.id, to.name, to.address, letter_values(lines, day), content)
    return send(settings, run, notice, then=note)
