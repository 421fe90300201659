"""The steps of the month's effect follow-ups, as functions that tasks call: what is due, and who is asked (R55)."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from arshjul.orchestration.moments import Step
from arshjul.orchestration.notices import send
from arshjul.periods import Month, parse_period
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction

if TYPE_CHECKING:
    from arshjul.registers.effects import MissingFollowUp

log = logging.getLogger(__name__)

MATTER = "effektuppfoljning"


def tell_followups(settings: Settings, period: str) -> dict[str, int]:
    """Log how the follow-ups that fell due in a period stand, by provider and months after the exit.

    Args:
        settings: The warehouse.
        period: Key of the period.

    Returns:
        Sums over all: numbers only, since it becomes an XCom.
    """
    from arshjul.registers.effects import effect_followups

    about = parse_period(period)
    with transaction(settings, Role.AUDIT) as connection:
        found = effect_followups(connection, datetime.now(UTC), about.start, about.end)
    for one in found:
        log.info(
            "%s, %s månader: %s skulle följas upp, %s gjorda, %s ej nådda, %s saknas",
            one.provider,
            one.months,
            one.due,
            one.done,
            one.not_reached,
            one.missing,
        )
    return {
        "skulle_foljas_upp": sum(one.due for one in found),
        "gjorda": sum(one.done for one in found),
        "ej_nadda": sum(one.not_reached for one in found),
        "saknas": sum(one.missing for one in found),
    }


def providers_to_ask(settings: Settings, period: str) -> list[str]:
    """List the providers that have not told of follow-ups that have fallen due, by number.

    Args:
        settings: The catalogue and the warehouse.
        period: Key of the period: its last day is the last that counts.
    """
    return sorted({one.provider for one in _missing(settings, period)})


def ask_provider(settings: Settings, step: Step, provider: str) -> bool:
    """Send a provider the list of its own numbers that are due and not followed up; once for a period.

    Args:
        settings: The catalogue, the warehouse and the mail server.
        step: The run.
        provider: Ten-digit organisationsnummer.

    Returns:
        True when an e-mail was sent now.

    Raises:
        DeliveryError: The mail server did not take it, or the register's address cannot be used.
    """
    from arshjul.delivery.notices import Notice
    from arshjul.lineage.expected import day_in_words

    # Asked again, not handed over: what has come since the list was made is not asked for.
    mine = [one for one in _missing(settings, step.moment.period) if one.provider == provider]
    if not mine:
        return False
    rows = [{"insats_id": one.insats_id, "manader": one.months, "dag": day_in_words(one.due)} for one in mine]
    values = {"period": parse_period(step.moment.period).title, "rader": rows}
    counts = {str(months): sum(one.months == months for one in mine) for months in sorted({one.months for one in mine})}
    first = mine[0]
    return send(
        settings,
        step.run,
        Notice(MATTER, step.moment.period, provider, first.name, first.email, values, {"saknas": counts}),
    )


def _missing(settings: Settings, period: str) -> tuple[MissingFollowUp, ...]:
    from arshjul.catalogue.register_rules import load_register_rules
    from arshjul.registers.effects import missing_followups

    last_day = parse_period(period).end
    first_day = _months_back(last_day, load_register_rules(settings.include).effects.asked_months)
    with transaction(settings, Role.AUDIT) as connection:
        return missing_followups(connection, datetime.now(UTC), first_day, last_day)


def _months_back(last_day: date, months: int) -> date:
    month = Month.containing(last_day)
    for _ in range(months - 1):
        month = month.previous
    return month.start
