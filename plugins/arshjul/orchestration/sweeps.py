"""The steps of the sweeps over the registers, as functions that tasks call: who is told of what, once.

A function of a register (``Enhetschef jobbtorget``) is told at the address of the role that it names in
``include/calendar/activities.yaml``; one that names none of them, and what nobody answers for, goes to the data team.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from arshjul.lineage.statements import LEDGER
from arshjul.orchestration.moments import Step
from arshjul.orchestration.notices import DATA_TEAM, receivers, send
from arshjul.periods import Month, parse_month, parse_period
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction

if TYPE_CHECKING:
    from arshjul.catalogue.activities import ActivityRole
    from arshjul.registers.deviations import Deviation
    from arshjul.registers.goals import GoalChain
    from arshjul.registers.sweep import Red

log = logging.getLogger(__name__)

SWEEP = "atgardsgenomgang"
_AGAIN_AFTER = timedelta(days=7)


def roles_with_red(settings: Settings, day: date) -> list[str]:
    """List the roles that are to be told of something red today; none when it is no working day.

    Args:
        settings: The catalogue and the warehouse.
        day: The day in Sweden.
    """
    from arshjul.catalogue.deadlines import is_workday

    return list(_red_by_role(settings, day)) if is_workday(day) else []


def tell_role(settings: Settings, step: Step, role: str) -> bool:
    """Tell one role of everything red that it answers for: when something of it is new, else once a week.

    Args:
        settings: The catalogue, the warehouse and the mail server.
        step: The run and its moment.
        role: Role of ``include/calendar/activities.yaml``.

    Returns:
        True when an e-mail was sent now: a letter a day about the same things is read by nobody.

    Raises:
        Stopped: The address is the demo's, in production.
        DeliveryError: The mail server did not take it.
    """
    # Asked again, not handed over: what has been done since the list was made is left out.
    day = step.moment.day
    red = _red_by_role(settings, day).get(role, [])
    if not red or not _is_worth_a_letter(settings, role, red, day):
        return False
    rows = [{"id": one.thing_id, "slag": one.kind, "text": one.words} for one in red]
    kept = {"rader": [{"id": one.thing_id, "slag": one.kind} for one in red]}
    return _tell(settings, step, SWEEP, day.isoformat(), [role], {"rader": rows}, kept) == 1


def tell_deviations(settings: Settings, step: Step) -> int:
    """Tell the responsible and the executive board of the months of the year that are beyond budget's tolerance.

    Args:
        settings: The catalogue, the warehouse and the mail server.
        step: The run and its moment, which is about a month; those before it in the year are told again.

    Returns:
        How many deviations there are.

    Raises:
        Stopped: An address is the demo's, in production.
        DeliveryError: The mail server did not take a mail.
    """
    from arshjul.catalogue.activities import load_activities
    from arshjul.registers.actions import read_actions
    from arshjul.registers.deviations import read_deviations

    last, day = parse_month(step.moment.period), step.moment.day
    first = Month(last.year, 1)
    with transaction(settings, Role.REPORT) as connection:
        as_of = datetime.now(UTC)
        actions = read_actions(connection, as_of)
        found = read_deviations(connection, settings.include, as_of, first, last, day, actions)
    for one in found:
        log.info("%s: %+.0f kr, %s", one.deviation_id, one.ledger.difference, "röd" if one.is_red else "inte röd")
    activity = load_activities(settings.include)[step.moment.activity]
    told = (*activity.roles, *activity.recipients)
    rows = [_deviation_row(one) for one in found]
    kept = {"avvikelser": [one.deviation_id for one in found], "roda": sum(one.is_red for one in found)}
    _tell(settings, step, "budgetavvikelser", last.key, told, {"rader": rows, "manad": last.title}, kept)
    return len(found)


def tell_goals(settings: Settings, step: Step) -> str:
    """Tell the responsible how the goal chain of a year stands: goals that nobody serves first.

    Args:
        settings: The catalogue, the warehouse and the mail server.
        step: The run and its moment, which is about the year of the goals.

    Returns:
        The same in few words: what is noted in the ledger.

    Raises:
        Stopped: An address is the demo's, in production.
        DeliveryError: The mail server did not take a mail.
    """
    from arshjul.catalogue.activities import load_activities
    from arshjul.registers.goals import read_goal_chain

    year, day = parse_period(step.moment.period).start.year, step.moment.day
    with transaction(settings, Role.REPORT) as connection:
        chain = read_goal_chain(connection, datetime.now(UTC), year, day)
    for one in chain.orphans:
        log.warning("%s has no goal of the board below it", one.goal_id)
    kept = {"mal": len(chain.goals), "utan_namndmal": [one.goal_id for one in chain.orphans]}
    told = load_activities(settings.include)[step.moment.activity].roles
    _tell(settings, step, "malkedja", f"{year} {day.isoformat()}", told, _goal_values(chain), kept)
    if not chain.goals:
        return f"Inga mål för {year} är registrerade."
    return f"Mål för {year}: {len(chain.goals)}. Fullmäktiges mål utan nämndmål: {len(chain.orphans)}."


def role_of(function: str, roles: Mapping[str, ActivityRole]) -> str:
    """Find the role that a register's function names: by title or id, else by the title's first word.

    Args:
        function: Such as ``Enhetschef``, ``Enhetschef jobbtorget`` or ``Controller``.
        roles: Roles by id.

    Returns:
        A role that can be mailed; the data team when none is named.
    """
    wanted = function.strip().casefold()
    mailable = {role_id: role.title.casefold() for role_id, role in roles.items() if role.address}
    for role_id, title in mailable.items():
        if wanted in (role_id, title):
            return role_id
    first = wanted.partition(" ")[0]
    return next((role_id for role_id, title in mailable.items() if first == title.partition(" ")[0]), DATA_TEAM)


def _is_worth_a_letter(settings: Settings, role: str, red: Iterable[Red], day: date) -> bool:
    with transaction(settings, Role.PUBLISH) as connection:
        last = LEDGER.fetch_one(connection, "notice/last_told.sql", matter=SWEEP, recipient=role, day=day.isoformat())
    if last is None or day - date.fromisoformat(last["about"]) >= _AGAIN_AFTER:
        return True
    told = {(one["slag"], one["id"]) for one in last["content"]["rader"]}
    return any((one.kind, one.thing_id) not in told for one in red)


def _red_by_role(settings: Settings, day: date) -> dict[str, list[Red]]:
    from arshjul.catalogue.activities import load_activities
    from arshjul.registers.sweep import what_is_red

    roles = load_activities(settings.include).roles
    with transaction(settings, Role.REPORT) as connection:
        red = what_is_red(connection, settings.include, datetime.now(UTC), day)
    found: dict[str, list[Red]] = {}
    for one in red:
        for role in dict.fromkeys(role_of(function, roles) for function in one.functions or (DATA_TEAM,)):
            found.setdefault(role, []).append(one)
    return {role: found[role] for role in sorted(found)}


def _deviation_row(one: Deviation) -> dict[str, Any]:
    percent = "" if one.ledger.percent is None else f" ({one.ledger.percent:+.0f} procent)"
    taken = [
        f"{action.action_id}, {action.responsible}, senast {action.due.isoformat()}: {action.text}"
        for action in one.actions
    ]
    return {
        "id": one.deviation_id,
        "namn": one.ledger.object_name,
        "manad": one.ledger.month.title,
        "avvikelse": f"{one.ledger.difference:+,.0f} kr{percent}".replace(",", " ").replace("-", "−"),
        "atgarder": taken,
        "senast": one.act_by.isoformat(),
        "rod": one.is_red,
    }


def _goal_values(chain: GoalChain) -> dict[str, Any]:
    def told(goals: Iterable[Any]) -> list[str]:
        return [f"{one.goal_id} {one.text}" for one in goals]

    return {
        "ar": chain.year,
        "antal": len(chain.goals),
        "utan_namndmal": told(chain.orphans),
        "utan_matt": told(chain.unmeasured),
        "sarskilt": told(chain.followed),
    }


def _tell(
    settings: Settings,
    step: Step,
    matter: str,
    about: str,
    names: Iterable[str],
    values: Mapping[str, Any],
    kept: Mapping[str, Any],
) -> int:
    """Send one notice to each of some roles or recipients, once; returns how many were sent now."""
    from arshjul.delivery.notices import Notice

    told = (Notice(matter, about, to.id, to.name, to.address, values, kept) for to in receivers(settings, names))
    return sum(send(settings, step.run, notice) for notice in told)
