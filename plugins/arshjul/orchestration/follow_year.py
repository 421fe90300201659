"""The steps of the daily look at the year, as functions that tasks call: what begins, who is reminded, what did not happen."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine

from arshjul.catalogue.activities import ActivityCalendar, load_activities
from arshjul.delivery.mail import compose_mail, send_mail
from arshjul.lineage.ledger import code_version, start_run
from arshjul.lineage.statements import LEDGER
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.moments import Moment, period_key
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine, transaction
from arshjul.wheel.events import EventKind, record
from arshjul.wheel.letters import Letter, due_reminders, newly_missed, told, write_letter
from arshjul.wheel.standing import STATE_WORDS, Standing, read_around

log = logging.getLogger(__name__)

WATCH = "vakten"
"""The name in the ledger of the mails that tell the data team what did not happen."""


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


def note_started(settings: Settings, dag_id: str, dag_run_id: str, starts: Iterable[Mapping[str, Any]]) -> int:
    """Record that the runs were started; returns how many they are.

    Args:
        settings: Where the ledger is.
        dag_id: Airflow's DAG id.
        dag_run_id: Airflow's run id.
        starts: From :func:`moments_that_begin`.
    """
    starts = list(starts)
    with transaction(settings, Role.PUBLISH) as connection:
        run_id = start_run(connection, dag_id, dag_run_id, None, code_version(settings))
        for one in starts:
            conf = one["conf"]
            day = date.fromisoformat(conf["day"])
            _record(connection, conf["activity"], conf["year"], conf.get("part", ""), "startad", day, run_id)
    return len(starts)


def roles_to_remind(settings: Settings, day: date) -> list[str]:
    """List the roles that are to have an e-mail today.

    Args:
        settings: The catalogue and the warehouse.
        day: The day in Sweden.
    """
    calendar, standings = _look(settings, day)
    return list(due_reminders(calendar, standings, day))


def remind_role(settings: Settings, dag_id: str, dag_run_id: str, role: str, day: date) -> bool:
    """Remind one role of everything that it answers for and that its time has come for, once a day.

    Args:
        settings: The catalogue, the warehouse and the mail server.
        dag_id: Airflow's DAG id.
        dag_run_id: Airflow's run id.
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
    lines = told(about, calendar)
    who = calendar.roles[role]
    return _send_once(settings, (dag_id, dag_run_id), ("paminnelse", role), (who.title, who.address), lines, day)


def tell_missed(settings: Settings, dag_id: str, dag_run_id: str, day: date) -> int:
    """Tell the data team what should have happened and did not; each thing once. Returns how many things.

    Args:
        settings: The catalogue, the warehouse and the mail server.
        dag_id: Airflow's DAG id.
        dag_run_id: Airflow's run id.
        day: The day in Sweden.

    Raises:
        DeliveryError: The mail server did not take it.
    """
    calendar, standings = _look(settings, day)
    missed = newly_missed(standings, day)
    if not missed:
        return 0
    for one in missed:
        log.warning("%s: %s, senast %s", one.occurrence.key, STATE_WORDS[one.state], one.occurrence.due)
    lines = told(missed, calendar)
    to = ("Datateamet", settings.data_team_email)
    return len(lines) if _send_once(settings, (dag_id, dag_run_id), ("missat", WATCH), to, lines, day) else 0


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


def _send_once(
    settings: Settings,
    run: tuple[str, str],
    what: tuple[Letter, str],
    to: tuple[str, str],
    lines: list[dict[str, str]],
    day: date,
) -> bool:
    """Send a letter, once a day: reserved (committed), sent, marked (committed), the row locked in between."""
    (letter, role), (name, address) = what, to
    if settings.is_production and address.endswith(".example"):
        raise Stopped(f"Rollen {role} har demons påhittade adress. Rätta include/calendar/activities.yaml.")
    engine = open_engine(settings, Role.PUBLISH)
    try:
        with engine.begin() as connection:
            run_id = start_run(connection, *run, None, code_version(settings))
        _reserve(settings, engine, run_id, role, day, lines)
        with engine.begin() as connection:
            [row] = LEDGER.fetch_all(connection, "wheel/lock_mail.sql", role_id=role, day=day)
            if row["sent_at"] is not None:
                return False
            text = write_letter(
                settings.include, letter, name, row["told"], day,
                kommun=settings.kommun_namn, kontakt=settings.data_team_email,
            )  # fmt: skip
            reference, begun = row["reference"], row["reserved_at"]
            send_mail(settings, compose_mail(settings, text, to=address, reference=reference, begun=begun))
            LEDGER.execute(connection, "wheel/mark_mailed.sql", activity_mail_id=row["activity_mail_id"])
            kind: EventKind = "missad" if letter == "missat" else "paminnelse"
            for one in row["told"]:
                note = role if kind == "paminnelse" else ""
                _record(connection, one["aktivitet"], int(one["ar"]), one["del"], kind, day, run_id, note)
    finally:
        engine.dispose()
    return True


def _reserve(
    settings: Settings, engine: Engine, run_id: int, role: str, day: date, lines: list[dict[str, str]]
) -> None:
    digest = hashlib.sha256(f"{role}\n{day}".encode()).hexdigest()
    with engine.begin() as connection:
        LEDGER.execute(
            connection,
            "wheel/insert_mail.sql",
            run_id=run_id,
            role_id=role,
            day=day,
            told=json.dumps(lines),
            reference=f"<arshjul-{digest[:40]}@{settings.smtp_sender.rpartition('@')[2]}>",
        )


def _record(
    connection: Connection,
    activity: str,
    year: int,
    part: str,
    kind: EventKind,
    day: date,
    run_id: int,
    note: str = "",
) -> None:
    record(connection, activity, year, kind, day, run_id=run_id, part=part, note=note)
