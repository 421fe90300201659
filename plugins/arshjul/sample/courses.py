"""The providers' courses and what the participants thought of them (``kurser`` and ``kursutvarderingar``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from arshjul.periods import Month
from arshjul.sample.columns import Row
from arshjul.sample.dice import Dice
from arshjul.sample.providers import Provider
from arshjul.sample.world import World

COURSES_A_MONTH = ((0, 35), (1, 45), (2, 20))
EVALUATED_SHARE, EXEMPTED_SHARE = 0.84, 0.08
ANSWERED_SHARE = 0.72
GRADES = ((2, 4), (3, 16), (4, 46), (5, 34))

_NAMES = (
    "Yrkessvenska inom vård och omsorg",
    "Att söka jobb i Sverige",
    "Digital vardag: mejl, e-tjänster och kalender",
    "Köksbiträde, introduktion",
    "Lokalvård i teori och praktik",
    "Truckförberedande svenska",
    "Starta eget, grunderna",
    "Hälsa och rörelse",
    "Intervjuträning",
    "Samhällets spelregler på arbetsplatsen",
)
_REASONS = (
    "Kursen var ett enstaka studiebesök.",
    "Kursen avbröts efter två tillfällen.",
    "Bara en deltagare fullföljde kursen.",
)
QUESTIONS = (
    "Kursen motsvarade det jag hade fått veta om den",
    "Läraren förklarade så att jag förstod",
    "Jag har nytta av kursen när jag söker arbete",
)


@dataclass(frozen=True, slots=True)
class Course:
    """One finished course.

    Attributes:
        course_id: The provider's own; another provider may use the same.
        name: What it was called.
        ended: Its last day.
        participants: How many took part.
        is_evaluated: Whether the participants were to be asked; not having asked all the same is the gap to be found.
        reason: Why they were not to be asked, where they were not.
        grades: Per answer and question, 1–5.
    """

    course_id: str
    name: str
    ended: date
    participants: int
    is_evaluated: bool
    reason: str | None
    grades: tuple[tuple[int, ...], ...]


def courses(world: World, provider: Provider, month: Month) -> list[Course]:
    """Return the courses that ended in the month, in order of time."""
    dice = Dice(world.seed, "courses", str(provider.index), month.key)
    ends = sorted(dice.below(24) for _ in range(dice.weighted(COURSES_A_MONTH)))
    return [_course(month, order, day, dice) for order, day in enumerate(ends, start=1)]


def _course(month: Month, order: int, day: int, dice: Dice) -> Course:
    participants = dice.between(6, 14)
    roll = dice.unit()
    reason = dice.pick(_REASONS) if roll >= 1 - EXEMPTED_SHARE else None
    answers = sum(dice.chance(ANSWERED_SHARE) for _ in range(participants)) if roll < EVALUATED_SHARE else 0
    return Course(
        course_id=f"K{month.year % 100:02d}{month.month:02d}-{order}",
        name=dice.pick(_NAMES),
        ended=month.start + timedelta(days=day),
        participants=participants,
        is_evaluated=reason is None,
        reason=reason,
        grades=tuple(tuple(dice.weighted(GRADES) for _ in QUESTIONS) for _ in range(answers)),
    )


def course_rows(world: World, provider: Provider, month: Month) -> list[Row]:
    """Return the month's rows of ``kurser``."""
    return [
        (one.course_id, one.name, one.ended, one.participants, "ja" if one.is_evaluated else "nej", one.reason)
        for one in courses(world, provider, month)
    ]


def evaluation_rows(world: World, provider: Provider, month: Month) -> Iterator[Row]:
    """Yield the month's rows of ``kursutvarderingar``."""
    for one in courses(world, provider, month):
        for number, grades in enumerate(one.grades, start=1):
            for question, grade in zip(QUESTIONS, grades, strict=True):
                yield one.course_id, str(number), question, grade
