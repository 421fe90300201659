"""The customers' survey (``kundenkat_*``): sent in April, answered until the middle of May, with the year before's.

Nacka's story: few answer, but more than the year before; every question gets more than four of five, and how one is
treated gets the most. Source: Nacka kommun, Kvalitetsrapport 2018, "Kundundersökning".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from arshjul.periods import Month
from arshjul.sample.columns import Row
from arshjul.sample.dice import Dice
from arshjul.sample.world import World

SENT_MONTH, CLOSED_MONTH = 4, 5
HOME_SHARE = 0.6
# Of those invited, by years before the last of those that hang together.
ANSWERED_SHARES = {0: 0.31, 1: 0.24, 2: 0.21, 3: 0.19}
BEGUN_SHARE = 0.05
LAST_DAY_AFTER = 35


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its id, block, wording per version, and how well it is graded (share of fives)."""

    question_id: str
    block: str
    wordings: tuple[str, ...]
    fives: int


QUESTIONS = (
    Question("F01", "bemotande_vardegrund", ("Jag blir bemött med respekt av personalen.",), 62),
    Question("F02", "bemotande_vardegrund", ("Jag blir bemött med respekt av andra deltagare.",), 58),
    Question("F03", "mal", ("Jag vet vilka mål jag har med min insats.",), 46),
    Question("F04", "mal", ("Min coach förklarar vad som krävs av mig.", "Min coach förklarar vad jag ska göra."), 45),
    Question("F05", "mal", ("Personalen inspirerar och stöder mig att nå mina mål.",), 48),
    Question("F06", "paverkan_flexibilitet", ("Jag kan påverka innehållet i min insats.",), 40),
    Question("F07", "paverkan_flexibilitet", ("Insatsen går att anpassa efter min situation.",), 42),
    Question("F08", "arbetslivskontakt", ("Insatsen ger mig kontakt med arbetsgivare.",), 38),
)
_OTHER_GRADES = ((4, 36), (3, 9), (2, 2), (1, 1))


@dataclass(frozen=True, slots=True)
class Invitation:
    """One invited customer; nothing says who.

    Attributes:
        invitation_id: Runs through the year's invitations.
        year: Of the survey.
        orgnr: The provider asked about.
        channel: ``brev_hem`` or ``kontaktperson``.
        sent: The day of the letter.
        answered: The day everything was answered, or None.
        grades: Answers given: all questions where it is answered, the first few where it is only begun.
    """

    invitation_id: str
    year: int
    orgnr: str
    channel: str
    sent: date
    answered: date | None
    grades: tuple[int, ...]


def invitations(world: World) -> list[Invitation]:
    """Return the invitations of the year before and of the sample's year, one for each customer and provider."""
    return [one for year in (world.year - 1, world.year) for one in _invitations_of(world, year)]


def _invitations_of(world: World, year: int) -> Iterator[Invitation]:
    dice = Dice(world.seed, "survey", str(year))
    number, first = 0, date(year, SENT_MONTH, 7)
    for provider in world.providers:
        for _ in sorted({one.person.number for one in world.active(provider, first)}):
            number += 1
            yield _invitation(
                f"E{year % 100:02d}-{number:05d}", year, provider.orgnr, first, world.last_year - year, dice
            )


def _invitation(name: str, year: int, orgnr: str, first: date, years_before: int, dice: Dice) -> Invitation:
    sent = first + timedelta(days=dice.below(5))
    channel = "brev_hem" if dice.chance(HOME_SHARE) else "kontaktperson"
    roll, share = dice.unit(), ANSWERED_SHARES[years_before]
    answered, grades = None, 0
    if roll < share:
        answered, grades = sent + timedelta(days=dice.between(1, LAST_DAY_AFTER)), len(QUESTIONS)
    elif roll < share + BEGUN_SHARE:
        grades = dice.between(1, len(QUESTIONS) - 1)
    return Invitation(
        name,
        year,
        orgnr,
        channel,
        sent,
        answered,
        tuple(_grade(one, years_before == 0, dice) for one in QUESTIONS[:grades]),
    )


def _grade(question: Question, is_latest: bool, dice: Dice) -> int:
    return dice.weighted(((5, question.fives + (8 if is_latest else 0)), *_OTHER_GRADES))


def is_delivered(month: Month) -> bool:
    """Whether the survey is delivered in the month: January tells the year before, April and May the year's own."""
    return month.month in (1, SENT_MONTH, CLOSED_MONTH)


def _known(all_invitations: list[Invitation], month: Month) -> list[Invitation]:
    return [one for one in all_invitations if one.sent <= month.end]


def invitation_rows(all_invitations: list[Invitation], month: Month) -> Iterator[Row]:
    """Yield ``kundenkat_inbjudningar`` as known at the month's end."""
    for one in _known(all_invitations, month):
        day = one.answered if one.answered and one.answered <= month.end else None
        status = "besvarad" if day else "paborjad" if one.grades and not one.answered else "inbjuden"
        yield one.invitation_id, one.year, one.orgnr, one.channel, one.sent, status, day


def answer_rows(all_invitations: list[Invitation], month: Month) -> Iterator[Row]:
    """Yield ``kundenkat_svar`` as known at the month's end."""
    for one in _known(all_invitations, month):
        if one.answered is None or one.answered <= month.end:
            for question, grade in zip(QUESTIONS, one.grades, strict=False):
                yield one.invitation_id, question.question_id, grade


def question_rows(month: Month, last_year: int) -> Iterator[Row]:
    """Yield ``kundenkat_fragor``: every wording used so far; one question got a new one in the last year."""
    versions = 1 if month < Month(last_year, SENT_MONTH) else 2
    for question in QUESTIONS:
        for number, wording in enumerate(question.wordings[:versions], start=1):
            yield question.question_id, question.block, wording, str(number)
