"""Every indicator a second time, in plain Python, as slowly and plainly as it can be said.

Nothing here is shared with the product: rows are dictionaries in lists, every cell is computed from all observations, and
every rule is written from the specification (spec/indicators.md, spec/deliveries.md "Code lists", privacy.md D1).
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Literal

from tests.oracles import enrolments, exits, opinions, town_hall
from tests.oracles.knowledge import Period, World
from tests.oracles.observations import Observe, Seen

Kind = Literal["share", "mean", "median", "count", "sum", "ratio"]
ALL_FOUR = ("insatstyp", "anordnare", "kon", "aldersgrupp")
THREE = ("insatstyp", "anordnare", "kon")
TWO = ("insatstyp", "anordnare")


@dataclass(frozen=True)
class Oracle:
    """One row of the specification's table.

    Attributes:
        kind: How observations become a value.
        observe: What is observed.
        breakdowns: What the values are broken down by.
        distribution_over: Breakdown whose parts share the denominator of their whole.
    """

    kind: Kind
    observe: Observe
    breakdowns: tuple[str, ...] = ()
    distribution_over: str | None = None


ORACLES: dict[str, Oracle] = {
    "kunder": Oracle("count", enrolments.active_persons, ALL_FOUR),
    "insatser": Oracle("count", enrolments.active, ALL_FOUR),
    "nya_insatser": Oracle("count", enrolments.new, ALL_FOUR),
    "anordnare_aktiva": Oracle("count", enrolments.active_providers),
    "maluppfyllelse": Oracle("share", exits.goal_reached("own"), ALL_FOUR),
    "maluppfyllelse_kolada": Oracle("share", exits.goal_reached("kolada"), ALL_FOUR),
    "maluppfyllelse_bred": Oracle("share", exits.goal_reached("lenient"), ALL_FOUR),
    "avslutsorsaker": Oracle("share", exits.reasons, ("avslutsorsak", "insatstyp"), "avslutsorsak"),
    "insatsdagar_till_egen_forsorjning": Oracle("mean", exits.days_to_self_support, THREE),
    "insatsdagar_till_egen_forsorjning_median": Oracle("median", exits.days_to_self_support, THREE),
    "stegforflyttning": Oracle("share", exits.rose, THREE),
    "stegforflyttning_medel": Oracle("mean", exits.steps_climbed, THREE),
    "trappmatning_tackning": Oracle("share", exits.measured, TWO),
    "kvar_i_egen_forsorjning_3m": Oracle("share", exits.still_self_supporting(3), TWO),
    "kvar_i_egen_forsorjning_6m": Oracle("share", exits.still_self_supporting(6), TWO),
    "kvar_i_egen_forsorjning_12m": Oracle("share", exits.still_self_supporting(12), TWO),
    "uppfoljning_tackning_3m": Oracle("share", exits.followed_up(3), TWO),
    "uppfoljning_tackning_6m": Oracle("share", exits.followed_up(6), TWO),
    "uppfoljning_tackning_12m": Oracle("share", exits.followed_up(12), TWO),
    "svarsfrekvens": Oracle("share", opinions.answered, ("anordnare",)),
    "kundnojdhet": Oracle("mean", opinions.satisfaction, ("block", "fraga_id", "anordnare")),
    "kursbetyg": Oracle("mean", opinions.course_marks, ("anordnare",)),
    "kursutvardering_tackning": Oracle("share", opinions.evaluated, ("anordnare",)),
    "tid_till_start": Oracle("mean", enrolments.days_from_referral, TWO),
    "kartlaggning_inom_14_dagar": Oracle("share", enrolments.mapped_within_14_days, TWO),
    "synpunkter_inkomna": Oracle("count", opinions.received, ("typ", "kategori")),
    "brister_atgardade": Oracle("share", opinions.acted_on, ("kategori",)),
    "svarstid_synpunkter_median": Oracle("median", opinions.days_to_answer, ("typ",)),
    "namndbesok_genomforda": Oracle("count", town_hall.visits("namndbesok")),
    "tjanstemannabesok_genomforda": Oracle("count", town_hall.visits("tjanstemannabesok")),
    "kvalitetsrapporter_i_tid": Oracle("share", town_hall.reports_in_time),
    "atgarder_i_tid": Oracle("share", town_hall.actions_in_time, ("kalla",)),
    "internkontroll_utan_avvikelse": Oracle("share", town_hall.controls_without_deviation, ("niva",)),
    "kunder_per_coach": Oracle("ratio", enrolments.customers_per_coach, ("anordnare",)),
    "kapacitetsutnyttjande": Oracle("ratio", enrolments.places_used, ("anordnare",)),
    "narvarograd": Oracle("ratio", enrolments.attended, TWO),
    "ersattningsavvikelse": Oracle("sum", town_hall.paid_beyond_attendance, ("anordnare",)),
    "budgetavvikelse": Oracle("sum", town_hall.budget_left, ("objekt_id",)),
    "kostnad_per_lyckat_avslut": Oracle("ratio", town_hall.cost_of_a_reached_exit, ("insatstyp",)),
}

Cell = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Result:
    """One cell as the product stores it."""

    numerator: Fraction
    denominator: Fraction | None
    value: Fraction | None
    observations: int
    is_protected: bool


def cells(indicator_id: str, disclosure: str, world: World, period: Period, as_of: datetime) -> dict[Cell, Result]:
    """Compute every cell that something was observed in, and the total.

    Args:
        indicator_id: The indicator.
        disclosure: Name of the rule that protects it.
        world: All versions of all rows.
        period: The period.
        as_of: Only what was known then.
    """
    oracle = ORACLES[indicator_id]
    everything = list(oracle.observe(world, period, as_of))
    found: dict[Cell, list[Seen]] = {frozenset(): everything}
    for size in range(1, len(oracle.breakdowns) + 1):
        for chosen in itertools.combinations(oracle.breakdowns, size):
            for one in everything:
                found.setdefault(frozenset((name, one.codes[name]) for name in chosen), []).append(one)
    return {cell: _result(oracle, disclosure, cell, found, period) for cell, its in found.items()}


def _result(oracle: Oracle, disclosure: str, cell: Cell, found: dict[Cell, list[Seen]], period: Period) -> Result:
    its = found[cell]
    numerator, denominator, value, number = sum((one.numerator for one in its), Fraction(0)), None, None, len(its)
    if oracle.kind == "count":
        number = len({one.thing for one in its})
        numerator = value = Fraction(number)
    elif oracle.kind == "sum":
        value = numerator
    elif oracle.kind == "median":
        value = Fraction(statistics.median(one.numerator for one in its)) if its else None
    else:
        whole = found[frozenset((name, code) for name, code in cell if name != oracle.distribution_over)]
        denominator = sum((one.denominator or Fraction(0) for one in whole), Fraction(0))
        value = numerator / denominator if denominator else None
    is_whole = oracle.distribution_over is not None and oracle.distribution_over not in dict(cell)
    behind = Behind(
        n=denominator or Fraction(0),
        s=numerator,
        observations=number,
        persons=len({one.person for one in its}),
        months=len(period.month_ends),
        is_whole=is_whole,
    )
    return Result(numerator, denominator, value, number, TELLS_TOO_MUCH[disclosure](behind))


@dataclass(frozen=True)
class Behind:
    """What stands behind a figure: n its denominator, s its numerator."""

    n: Fraction
    s: Fraction
    observations: int
    persons: int
    months: int
    is_whole: bool


def tells_too_much_of_a_share(one: Behind) -> bool:
    if one.is_whole:
        return one.n in FEW
    return any(count in FEW for count in (one.n, one.s, one.n - one.s)) or (one.n > 0 and one.s in (0, one.n))


FEW = range(1, 5)
TELLS_TOO_MUCH: dict[str, Callable[[Behind], bool]] = {
    "oppen": lambda _: False,
    "antal_personer": lambda one: one.s in FEW,
    "andel_personer": tells_too_much_of_a_share,
    "medel_personer": lambda one: one.observations in range(1, 10),
    "medel_enheter": lambda one: one.persons in range(1, 10),
    "summa_enheter": lambda one: one.persons in FEW,
    "kvot_personer": lambda one: 0 < one.s / one.months < 5,
    "kvot_per_person": lambda one: one.observations > 0 and one.n < 5,
    "kvot_enheter": lambda one: one.persons in FEW or (one.persons > 0 and one.s in (0, one.n)),
}
"""By the name of the rule: the figure by itself tells too much of too few (privacy.md D1)."""
