"""What the municipality pays for attended days (``utbetalningar``) and its ledger (``ekonomi``).

A payment follows what the provider has reported: the days somebody attended, at the programme's price. A few are for
too many days; that difference is what following up payments is to find.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from arshjul.periods import Month
from arshjul.sample.columns import Row
from arshjul.sample.dice import Dice
from arshjul.sample.objects import BECOMING_PERMANENT, OWN_UNIT, object_of
from arshjul.sample.programmes import FORSTARKT, GRUND, SPRAK
from arshjul.sample.providers import Provider
from arshjul.sample.world import World

PRICE_A_DAY = {GRUND.code: 410, FORSTARKT.code: 520, SPRAK.code: 465}
OVERPAID_SHARE = 0.012

BOUGHT_SERVICES, SALARIES, PREMISES, OTHER_COSTS = "4610", "5010", "6010", "7690"
BOUGHT_FROM_BOARDS, PARTNERSHIPS = "4690", "4510"
# (object, account, kronor a month)
_OWN_COSTS = (
    (OWN_UNIT, SALARIES, 1_180_000),
    (OWN_UNIT, PREMISES, 165_000),
    (OWN_UNIT, OTHER_COSTS, 72_000),
    (BECOMING_PERMANENT, SALARIES, 355_000),
    (BECOMING_PERMANENT, OTHER_COSTS, 41_000),
)
# What the municipality pays for its agreements, projects and partnerships.
_SHARED_COSTS = (
    ("IO-OMSORG", BOUGHT_FROM_BOARDS, 240_000),
    ("EO-AF", PREMISES, 64_000),
    ("PR-GRANNEN", SALARIES, 96_000),
    ("PR-SPRAKPRAKTIK", SALARIES, 88_000),
    ("PR-UNGA", SALARIES, 142_000),
    ("IOP-KVINNOR", PARTNERSHIPS, 125_000),
)
BUDGET_STEP = 1_000


@dataclass(frozen=True, slots=True)
class Overspent:
    """A month in which an object costs more than its budget, every year.

    Attributes:
        object_id: The object.
        month: The month, 1–11.
        account: The account.
        extra: Kronor over what it would have cost.
        action: What is decided about it; empty when nobody does anything.
    """

    object_id: str
    month: int
    account: str
    extra: int
    action: str


OVERSPENT = (
    Overspent(OWN_UNIT, 3, SALARIES, 118_000, "Vikarier tas in först efter prövning av enhetschefen."),
    Overspent(BECOMING_PERMANENT, 6, OTHER_COSTS, 52_000, ""),
    Overspent(OWN_UNIT, 9, PREMISES, 104_000, "Hyresavtalet för den tillfälliga lokalen sägs upp."),
    Overspent(BECOMING_PERMANENT, 10, SALARIES, 47_000, ""),
)
"""Deviations from the budget, with and without an action."""


def payments(world: World, month: Month, attendance: Mapping[int, list[Row]]) -> list[Row]:
    """Return the month's ``utbetalningar``.

    Args:
        world: The municipality.
        month: The delivery month, also the month paid for.
        attendance: Per provider's index, its true rows of ``narvaro``.
    """
    dice, rows = Dice(world.seed, "payments", month.key), list[Row]()
    for provider in world.providers:
        programme = {one.stay.insats_id: one.stay.programme.code for one in world.enrolments[provider.index]}
        for insats_id, days in _paid_days(attendance[provider.index]).items():
            paid = days + (dice.between(1, 3) if days < 20 and dice.chance(OVERPAID_SHARE) else 0)
            price = PRICE_A_DAY[programme[insats_id]]
            number = f"U{month.year % 100:02d}{month.month:02d}-{len(rows) + 1:05d}"
            rows.append((number, provider.orgnr, insats_id, month.key, paid, price, paid * price))
    return rows


def _paid_days(attendance: Iterable[Row]) -> Counter[str]:
    """Days per enrolment with attended hours above 0 (spec/indicators.md, ``ersattningsavvikelse``)."""
    return Counter(str(row[0]) for row in attendance if isinstance(row[3], float) and row[3] > 0)


def ledger(world: World, month: Month, paid: list[Row]) -> list[Row]:
    """Return the month's ``ekonomi``: what was paid to each provider, the municipality's own units and what it shares."""
    dice = Dice(world.seed, "ledger", month.key)
    to_provider = Counter[str]()
    for row in paid:
        to_provider[str(row[1])] += int(row[6]) if isinstance(row[6], int) else 0
    rows: list[Row] = [
        (month.key, object_id, account, budget, _near(budget, 2, dice) + _extra(object_id, account, month))
        for object_id, account, budget in _OWN_COSTS
    ]
    rows += [_provider_row(provider, month, to_provider[provider.orgnr], dice) for provider in world.providers]
    return [*rows, *((month.key, *shared, _near(shared[2], 2, dice)) for shared in _SHARED_COSTS)]


def _extra(object_id: str, account: str, month: Month) -> int:
    where = (object_id, account, month.month)
    return sum(one.extra for one in OVERSPENT if (one.object_id, one.account, one.month) == where)


def _provider_row(provider: Provider, month: Month, paid: int, dice: Dice) -> Row:
    return month.key, object_of(provider), BOUGHT_SERVICES, _near(paid, 6, dice), paid


def _near(amount: int, pct: int, dice: Dice) -> int:
    """Return whole thousands of kronor within some percent of an amount."""
    return (amount * (1000 + dice.between(-10 * pct, 10 * pct)) // 1000) // BUDGET_STEP * BUDGET_STEP
