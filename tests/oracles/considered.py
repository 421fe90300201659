"""How much an indicator looks at before it leaves something out: what is left out is the rest.

Source: spec/indicators.md, "Nothing is thrown away quietly: every indicator also has what it left out and why".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tests.oracles import enrolments, exits, opinions, town_hall
from tests.oracles.knowledge import Period, World, current
from tests.oracles.observations import Observe, is_active
from tests.oracles.observations import enrolments as all_enrolments

Considered = Callable[[World, Period, datetime], int]


def everything_in(observe: Observe) -> Considered:
    return lambda world, period, as_of: sum(1 for _ in observe(world, period, as_of))


def started(world: World, period: Period, as_of: datetime) -> int:
    return len(enrolments.started(world, period, as_of))


def attendance_days(world: World, period: Period, as_of: datetime) -> int:
    days = current(world["narvaro"], ("sender", "insats_id", "datum"), as_of)
    return sum(period.holds(day["datum"]) for day in days)


def provider_months(world: World, period: Period, as_of: datetime) -> int:
    """Those with somebody there on the last day, and those with a capacity."""
    there = {
        (row["sender"], day.replace(day=1))
        for row in all_enrolments(world, as_of)
        for day in period.month_ends
        if is_active(row, day, day)
    }
    told = {
        (row["sender"], row["manad"])
        for row in current(world["kapacitet"], ("sender", "manad"), as_of)
        if period.holds(row["manad"])
    }
    return len(there | told)


def courses(world: World, period: Period, as_of: datetime) -> int:
    return len(opinions.courses(world, period, as_of))


def cases(world: World, period: Period, as_of: datetime) -> int:
    return len(opinions.cases(world, period, as_of))


def visits(kind: str) -> Considered:
    def count(world: World, period: Period, as_of: datetime) -> int:
        rows = current(world["besok"], ("besok_id",), as_of)
        return sum(row["typ"] == kind and period.holds(row["datum"]) for row in rows)

    return count


def controls(world: World, period: Period, as_of: datetime) -> int:
    return sum(
        period.holds(row["datum"]) for row in current(world["kontrollresultat"], ("kontroll_id", "datum"), as_of)
    )


def payments_and_reached(world: World, period: Period, as_of: datetime) -> int:
    paid = current(world["utbetalningar"], ("utbetalning_id",), as_of)
    reached = [row for row in exits.ended(world, period, as_of) if row["avslutsorsak"] in exits.REACHED["own"]]
    return sum(period.holds(row["manad"]) for row in paid) + len(reached)


def paid_or_payable(world: World, period: Period, as_of: datetime) -> int:
    days, payments = town_hall.payable_days(world, period, as_of), town_hall.payments(world, period, as_of)
    return len(days.keys() | payments.keys())


EXITS = everything_in(exits.reasons)

CONSIDERED: dict[str, Considered] = {
    **dict.fromkeys(("maluppfyllelse", "maluppfyllelse_kolada", "maluppfyllelse_bred"), EXITS),
    **dict.fromkeys(("insatsdagar_till_egen_forsorjning", "insatsdagar_till_egen_forsorjning_median"), EXITS),
    **dict.fromkeys(("stegforflyttning", "stegforflyttning_medel"), EXITS),
    **{f"kvar_i_egen_forsorjning_{months}m": everything_in(exits.followed_up(months)) for months in (3, 6, 12)},
    **dict.fromkeys(("tid_till_start", "kartlaggning_inom_14_dagar"), started),
    **dict.fromkeys(("kunder_per_coach", "kapacitetsutnyttjande"), provider_months),
    **dict.fromkeys(("brister_atgardade", "svarstid_synpunkter_median"), cases),
    "narvarograd": attendance_days,
    "kursutvardering_tackning": courses,
    "namndbesok_genomforda": visits("namndbesok"),
    "tjanstemannabesok_genomforda": visits("tjanstemannabesok"),
    "internkontroll_utan_avvikelse": controls,
    "kostnad_per_lyckat_avslut": payments_and_reached,
    "ersattningsavvikelse": paid_or_payable,
}
"""Not here: what leaves nothing out, and what the specification does not say the whole of (answers without their question)."""
