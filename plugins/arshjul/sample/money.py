"""What the municipality pays for attended days (``utbetalningar``) and its ledger (``ekonomi``).

A payment follows what the provider has reported: the days somebody attended, at the programme's price. A few are for
too many days; that difference is what following up payments is to find.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

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
# (object, account, kronor a month)
_OWN_COSTS = (
    (OWN_UNIT, SALARIES, 1_180_000),
    (OWN_UNIT, PREMISES, 165_000),
    (OWN_UNIT, OTHER_COSTS, 72_000),
    (BECOMING_PERMANENT, SALARIES, 355_000),
    (BECOMING_PERMANENT, OTHER_COSTS, 41_000),
)
BUDGET_STEP = 1_000


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
    """Return the month's ``ekonomi``: what was paid to each provider, and the costs of the municipality's own units."""
    dice = Dice(world.seed, "ledger", month.key)
    to_provider = Counter[str]()
    for row in paid:
        to_provider[str(row[1])] += int(row[6]) if isinstance(row[6], int) else 0
    rows: list[Row] = [
        (month.key, object_id, account, budget, _near(budget, 4, dice)) for object_id, account, budget in _OWN_COSTS
    ]
    return [*rows, *(_provider_row(provider, month, to_provider[provider.orgnr], dice) for provider in world.providers)]


def _provider_row(provider: Provider, month: Month, paid: int, dice: Dice) -> Row:
    return month.key, object_of(provider), BOUGHT_SERVICES, _near(paid, 9, dice), paid


def _near(amount: int, pct: int, dice: Dice) -> int:
    """Return whole thousands of kronor within some percent of an amount."""
    return (amount * (1000 + dice.between(-10 * pct, 10 * pct)) // 1000) // BUDGET_STEP * BUDGET_STEP
