"""The steps of the month's spot check, as functions that tasks call: draw what was promised, promise the next (R66)."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.days import today
from arshjul.orchestration.moments import Step
from arshjul.orchestration.notices import responsible, send
from arshjul.orchestration.runs import ledger_run
from arshjul.periods import Month, Period, parse_period
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction
from arshjul.warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from arshjul.registers.spot_checks import Promise

log = logging.getLogger(__name__)

MATTER = "stickprov_draget"


def promise_next(settings: Settings, step: Step) -> bool:
    """Promise the sample of the month that the day lies in, unless it is promised; True when there is a promise.

    A promise that comes too late is refused by the database: then that month gets no sample, which is told and not hidden.

    Args:
        settings: The catalogue, the warehouse and the vault's key.
        step: The run.

    Raises:
        Stopped: The run was started with another day than its own, in production.
    """
    from arshjul.registers.drawing import promise_sample

    day = _day(settings, step)
    month = Month.containing(day)
    try:
        with transaction(settings, Role.COMPUTE) as connection:
            promise = promise_sample(
                connection,
                settings,
                month,
                run_id=ledger_run(settings, connection, step.run),
                on_day=day,
            )
    except WarehouseError as refused:
        if not refused.sqlstate.startswith("AJ03"):
            raise
        log.warning("Inget stickprov kan utfästas för %s. %s", month.title, refused.message)
        return False
    log.info("Stickprovet för %s är utfäst: %s", month.title, promise.commitment)
    return True


def draw_promised(settings: Settings, step: Step) -> int:
    """Draw the sample that was promised for the moment's period; returns its size, 0 when none was promised.

    A run that is done again finds it drawn.

    Args:
        settings: The catalogue, the warehouse and the vault's key.
        step: The run.

    Raises:
        Stopped: The run was started with another day than its own in production, it is too early, or nothing was paid.
    """
    from arshjul.registers.drawing import SpotCheckRefused, draw_sample
    from arshjul.registers.spot_checks import find_promise

    day = _day(settings, step)
    period = parse_period(step.moment.period)
    try:
        with transaction(settings, Role.COMPUTE) as connection:
            promise = find_promise(connection, period)
            if promise is None:
                log.warning("Inget stickprov utfästes för %s innan leveranserna var inne.", period.title)
                return 0
            if promise.draw is None:
                run_id = ledger_run(settings, connection, step.run)
                promise = draw_sample(connection, settings, period, run_id=run_id, on_day=day)
    except SpotCheckRefused as refused:
        raise Stopped(str(refused)) from None
    except WarehouseError as refused:
        if not refused.sqlstate.startswith("AJ03"):
            raise
        raise Stopped(refused.message) from None
    return len(promise.draw.items) if promise.draw else 0


def tell_drawn(settings: Settings, step: Step) -> bool:
    """Tell the function that answers for spot checks how many of each provider are to be checked; once for a period.

    Args:
        settings: The catalogue, the warehouse and the mail server.
        step: The run.

    Returns:
        True when an e-mail was sent now.

    Raises:
        DeliveryError: The mail server did not take it.
    """
    from arshjul.delivery.notices import Notice
    from arshjul.registers.drawing import worklist
    from arshjul.registers.spot_checks import find_promise

    period = parse_period(step.moment.period)
    with transaction(settings, Role.AUDIT) as connection:
        promise = find_promise(connection, period)
        if promise is None or promise.draw is None:
            return False
        drawn = worklist(connection, period)
    sizes = Counter((one.name, one.provider) for one in drawn)
    to = responsible(settings, step.moment)
    values = _values(promise, period) | {
        "anordnare": [
            {"namn": name, "nummer": provider, "antal": count} for (name, provider), count in sorted(sizes.items())
        ]
    }
    content = {"antal": len(drawn), "underlag": promise.draw.population}
    return send(settings, step.run, Notice(MATTER, period.key, to.id, to.name, to.address, values, content))


def log_open(settings: Settings, year: int) -> dict[str, int]:
    """Log how the samples of a year stand, and return how much is left to check and to act on.

    Args:
        settings: The warehouse.
        year: The year of the periods.
    """
    from arshjul.registers.spot_checks import spot_checks

    with transaction(settings, Role.AUDIT) as connection:
        found = spot_checks(connection, datetime.now(UTC), year)
    for one in found:
        log.info(
            "%s: %s dragna, %s granskade, %s avvikelser, %s kvar",
            one.period,
            one.size,
            one.checked,
            one.faults,
            one.waiting,
        )
    return {
        "kvar_att_granska": sum(one.waiting for one in found),
        "avvikelser_utan_atgard": sum(one.unanswered_faults for one in found),
    }


def _values(promise: Promise, period: Period) -> dict[str, object]:
    from arshjul.comparison.numbers import number

    rules, made = promise.rules["spot_checks"], promise.draw
    return {
        "period": period.title,
        "nyckel": period.key,
        "antal": len(made.items) if made else 0,
        "underlag": made.population if made else 0,
        "tolererat": f"{number(100 * rules['tolerated'], 0)} procent",
        "sakerhet": f"{number(100 * rules['confidence'], 0)} procents",
    }


def _day(settings: Settings, step: Step) -> date:
    """The day it is done, also where the run has waited; in production never a day that is played."""
    if settings.is_production and step.moment.day != step.began:
        raise Stopped("Stickprov utfästs och dras med dagens datum. En annan dag går bara att spela i demon.")
    return step.done_on(today())
