"""What a provider's file holds, before anybody gets anything wrong.

Every function returns rows as tuples in the order of :data:`arshjul.sample.columns.COLUMNS`; a value is text, a number,
a date, or None for an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from arshjul.periods import Month
from arshjul.sample.columns import Row
from arshjul.sample.courses import course_rows, evaluation_rows
from arshjul.sample.dice import Dice
from arshjul.sample.people import written
from arshjul.sample.providers import Provider
from arshjul.sample.world import Enrolment, World

METHOD_VERSION = "jobbtrappan-2"
ABSENT_SHARE, HALF_DAY_SHARE = 0.12, 0.06
ABSENCE_REASONS = (("sjuk", 44), ("vab", 15), ("ledig", 16), ("ogiltig", 20), ("avbrott", 5))
# Days (month, day) that are free whatever weekday they fall on.
HOLIDAYS = frozenset({(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)})


def provider_rows(world: World, provider: Provider, month: Month, dataset: str) -> list[Row]:
    """Return the true rows of one file.

    Args:
        world: The municipality.
        provider: The sender.
        month: The delivery month.
        dataset: One of :data:`arshjul.sample.columns.PROVIDER_DATASETS`.
    """
    if dataset == "kapacitet":
        return [_capacity_row(world, provider, month)]
    if dataset == "kurser":
        return course_rows(world, provider, month)
    if dataset == "kursutvarderingar":
        return list(evaluation_rows(world, provider, month))
    told = world.delivered(provider, month)
    if dataset == "insatser":
        return [enrolment_row(one, month, provider.shape.person_style) for one in told]
    if dataset == "narvaro":
        return [row for one in told for row in _attendance_rows(one, month, world.seed)]
    if dataset == "trappsteg":
        return [row for one in told for row in _placement_rows(one, month)]
    everyone = world.enrolments[provider.index]
    return [row for one in everyone for row in _follow_up_rows(one, month)]


def enrolment_row(one: Enrolment, month: Month, person_style: str, reason: str = "") -> Row:
    """Return an enrolment as it was known at the month's end.

    Args:
        one: The enrolment.
        month: The delivery month.
        person_style: How the personnummer is written.
        reason: Exit reason to report instead of the true one.
    """
    stay = one.stay
    has_ended = stay.ended <= month.end
    return (
        stay.insats_id,
        written(one.person.number, person_style),
        stay.programme.code,
        one.referred,
        stay.started,
        stay.ended if has_ended else None,
        (reason or stay.reason) if has_ended else None,
        one.coach,
        one.mapped if one.mapped and one.mapped <= month.end else None,
    )


def _is_new(day: date, month: Month) -> bool:
    """Whether a thing of that day belongs in the month's file: the first month's file carries the history too."""
    return day <= month.end and (month.month == 1 or day >= month.start)


def _placement_rows(one: Enrolment, month: Month) -> Iterator[Row]:
    for placement in one.placements:
        if _is_new(placement.day, month):
            yield one.stay.insats_id, placement.day, placement.step, placement.occasion, METHOD_VERSION


def _follow_up_rows(one: Enrolment, month: Month) -> Iterator[Row]:
    for follow_up in one.follow_ups:
        if _is_new(follow_up.day, month):
            yield one.stay.insats_id, follow_up.months, follow_up.day, follow_up.status


def _attendance_rows(one: Enrolment, month: Month, seed: int) -> Iterator[Row]:
    dice = Dice(seed, "attendance", str(one.stay.provider), one.stay.insats_id, month.key)
    day, last = max(one.stay.started, month.start), min(one.stay.ended, month.end)
    while day <= last:
        if day.weekday() in one.weekdays and (day.month, day.day) not in HOLIDAYS:
            roll = dice.unit()
            share = 0.0 if roll < ABSENT_SHARE else 0.5 if roll < ABSENT_SHARE + HALF_DAY_SHARE else 1.0
            reason = dice.weighted(ABSENCE_REASONS) if share < 1 else None
            yield one.stay.insats_id, day, one.planned_hours, one.planned_hours * share, reason
        day += timedelta(days=1)


def _capacity_row(world: World, provider: Provider, month: Month) -> Row:
    """The month's coaches and places, following the enrolments of its last day at the provider's own level."""
    dice = Dice(world.seed, "capacity", str(provider.index), month.key)
    open_now = world.active(provider, month.end)
    persons = len({one.person.number for one in open_now})
    coaches = max(0.1, round(persons / (provider.customers_per_coach - 0.5 + dice.unit()), 2))
    places = max(1, int(len(open_now) / (provider.used_capacity - 0.02 + 0.04 * dice.unit()) + 0.5))
    return month.key, coaches, places
