"""The steps of the month's comparison of payments with performed days, as functions that tasks call (R65)."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from arshjul.orchestration.moments import Step
from arshjul.orchestration.notices import responsible, send
from arshjul.periods import parse_period
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction

if TYPE_CHECKING:
    from arshjul.registers.payments import ProviderPayment

log = logging.getLogger(__name__)

MATTER = "avvikande_utbetalningar"


def compare_payments(settings: Settings, period: str) -> dict[str, int]:
    """Log what every provider was paid beside what it performed: what the run's page in Airflow shows.

    Args:
        settings: The catalogue and the warehouse.
        period: Key of the period.

    Returns:
        How many providers and months were compared, and how many differ beyond the tolerance: numbers only, since it
        becomes an XCom.
    """
    from arshjul.comparison.numbers import signed

    compared, flagged = _payments(settings, period)
    for one in compared:
        mark = ", över toleransen" if one in flagged else ""
        log.info("%s %s: skillnad %s kr%s", one.provider, one.month.key, signed(one.difference, 0), mark)
    return {"jamforda": len(compared), "avvikande": len(flagged)}


def tell_differences(settings: Settings, step: Step) -> bool:
    """Tell the function that answers for payments of the differences beyond the tolerance; once for a period.

    Args:
        settings: The catalogue, the warehouse and the mail server.
        step: The run.

    Returns:
        True when an e-mail was sent now; False when it was sent before, or there is nothing to tell.

    Raises:
        DeliveryError: The mail server did not take it.
    """
    from arshjul.catalogue.register_rules import load_register_rules
    from arshjul.comparison.numbers import counted, number
    from arshjul.delivery.notices import Notice

    compared, flagged = _payments(settings, step.moment.period)
    if not flagged:
        return False
    tolerance = load_register_rules(settings.include).payments
    to = responsible(settings, step.moment)
    unpriced = sum(one.unpriced for one in compared)
    rows = [_row(one) for one in flagged]
    values = {
        "period": parse_period(step.moment.period).title,
        "rader": rows,
        "utan_pris": unpriced and counted(unpriced, "insats med närvaro", "insatser med närvaro"),
        "belopp": number(tolerance.kronor, 0),
        "andel": f"{number(100 * tolerance.share, 0)} procent",
    }
    kept = [{name: row[name] for name in ("anordnare", "manad", "betalat", "utfort", "skillnad")} for row in rows]
    return send(
        settings,
        step.run,
        Notice(MATTER, step.moment.period, to.id, to.name, to.address, values, {"avvikelser": kept}),
    )


def _payments(settings: Settings, period: str) -> tuple[tuple[ProviderPayment, ...], tuple[ProviderPayment, ...]]:
    from arshjul.catalogue.register_rules import load_register_rules
    from arshjul.registers.payments import beyond_tolerance, provider_payments

    about = parse_period(period)
    with transaction(settings, Role.AUDIT) as connection:
        compared = provider_payments(connection, datetime.now(UTC), about.start, about.end)
    return compared, beyond_tolerance(compared, load_register_rules(settings.include).payments)


def _row(one: ProviderPayment) -> dict[str, str]:
    from arshjul.comparison.numbers import counted, number, signed

    return {
        "anordnare": one.provider,
        "namn": one.name,
        "manad": one.month.title,
        "betalat": number(one.paid, 0),
        "utfort": number(one.expected, 0),
        "dagar": counted(one.payable_days, "dag", "dagar"),
        "skillnad": signed(one.difference, 0),
    }
