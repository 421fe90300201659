"""What senders get wrong, on purpose and counted.

The plan, by the provider's place in the register and the month's number:

- every fourth provider (0, 4, 8, …) is careful and sends no bad row;
- every other provider's ``insatser`` holds one bad row and its ``narvaro`` one bad thing, the kinds taking turns month
  by month, so that four months show all of them;
- the careless ones (3, 7, 11, …) have one more bad thing of the next kind in ``narvaro`` and except a course from being
  evaluated without saying why; the ones before them (2, 6, 10, …) send an evaluation of a course nobody has heard of.

What the municipality's own systems get wrong stands in :mod:`arshjul.sample.municipal_faults`.

A bad row is always an extra one: the true rows around it stay true, and nothing else hangs on it. It breaks exactly one
rule of spec/deliveries.md. Where a provider has nobody enrolled that the fault could be about, it is left out; the
counts say what was really planted.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from enum import StrEnum

from arshjul.periods import Month
from arshjul.sample.columns import Row
from arshjul.sample.courses import QUESTIONS
from arshjul.sample.dice import Dice
from arshjul.sample.people import People, with_wrong_check_digit, written
from arshjul.sample.programmes import GRUND
from arshjul.sample.providers import MUNICIPALITY_SHAPE, Provider, invented_orgnr
from arshjul.sample.world import Enrolment, World

SATURDAY, SUNDAY = 5, 6


class Fault(StrEnum):
    """A kind of bad row, and what intake is to say of it."""

    WRONG_CHECK_DIGIT = "fel_kontrollsiffra"
    UNKNOWN_PROGRAMME = "okand_insatstyp"
    END_BEFORE_START = "slut_fore_start"
    MORE_THAN_PLANNED = "mer_an_planerat"
    UNKNOWN_ENROLMENT = "okand_insats"
    DUPLICATE = "dubblett"
    CONTRADICTION = "motsagelse"
    UNEXPLAINED_EXEMPTION = "undantag_utan_skal"
    UNKNOWN_COURSE = "okand_kurs"
    UNKNOWN_INVITATION = "okand_inbjudan"
    GRADE_OFF_THE_SCALE = "betyg_utanfor_skalan"
    UNKNOWN_KIND_OF_CASE = "okand_arendetyp"
    DONE_WITHOUT_EVIDENCE = "klar_utan_bevis"

    @property
    def field(self) -> str | None:
        """The field that is wrong; None where the whole row is."""
        return _FIELDS.get(self)


_FIELDS = {
    Fault.WRONG_CHECK_DIGIT: "personnummer",
    Fault.UNKNOWN_PROGRAMME: "insatstyp",
    Fault.END_BEFORE_START: "slutdatum",
    Fault.MORE_THAN_PLANNED: "narvarande_timmar",
    Fault.UNKNOWN_ENROLMENT: "insats_id",
    Fault.UNEXPLAINED_EXEMPTION: "skal",
    Fault.UNKNOWN_COURSE: "kurs_id",
    Fault.UNKNOWN_INVITATION: "inbjudan_id",
    Fault.GRADE_OFF_THE_SCALE: "betyg",
    Fault.UNKNOWN_KIND_OF_CASE: "typ",
    Fault.DONE_WITHOUT_EVIDENCE: "bevis",
}

_ENROLMENT_FAULTS = (Fault.WRONG_CHECK_DIGIT, Fault.UNKNOWN_PROGRAMME, Fault.END_BEFORE_START)
_ATTENDANCE_FAULTS = (Fault.MORE_THAN_PLANNED, Fault.UNKNOWN_ENROLMENT, Fault.DUPLICATE, Fault.CONTRADICTION)

UNKNOWN_SENDER = invented_orgnr("5599", 99_001)
UNKNOWN_SENDERS_MONTH = 2
UNKNOWN_SENDERS_ROWS = 3


def planned(provider: Provider, month: Month, dataset: str) -> tuple[Fault, ...]:
    """Return the faults that the plan puts into a file."""
    manner, turn = provider.index % 4, provider.index + month.month
    if dataset == "kurser":
        return (Fault.UNEXPLAINED_EXEMPTION,) if manner == 3 else ()
    if dataset == "kursutvarderingar":
        return (Fault.UNKNOWN_COURSE,) if manner == 2 else ()
    if manner == 0 or dataset not in ("insatser", "narvaro"):
        return ()
    if dataset == "insatser":
        return (_ENROLMENT_FAULTS[turn % 3],)
    first, second = _ATTENDANCE_FAULTS[turn % 4], _ATTENDANCE_FAULTS[(turn + 1) % 4]
    return (first, second) if manner == 3 else (first,)


def plant(
    world: World, provider: Provider, month: Month, dataset: str, rows: list[Row]
) -> tuple[list[Row], Counter[Fault]]:
    """Return the rows with the planned bad ones among them, and how many rows each fault puts in quarantine."""
    dice = Dice(world.seed, "faults", str(provider.index), month.key, dataset)
    mixed, counts = list(rows), Counter[Fault]()
    if dataset == "insatser" and not rows:
        return mixed, counts  # a file of nothing but a bad row is no delivery, and would stop the year's reports
    for fault in planned(provider, month, dataset):
        if dataset == "insatser":
            bad = [_bad_enrolment(fault, provider, month, dice)]
        elif fault is Fault.UNEXPLAINED_EXEMPTION:
            bad = [(f"K{month.month:02d}-X", "Studiebesök", month.end, 5, "nej", None)]
        elif fault is Fault.UNKNOWN_COURSE:
            bad = [(f"K{month.month:02d}-Y", "1", QUESTIONS[0], 4)]
        else:
            bad = _bad_attendance(fault, world, provider, month, rows, dice)
        for row in bad:
            mixed.insert(dice.below(len(mixed) + 1), row)
        if bad:
            counts[fault] += len(bad)
    return mixed, counts


def unknown_senders_rows(world: World, month: Month) -> list[Row]:
    """Return the ``insatser`` of somebody who is not in the register: nothing is wrong with the rows."""
    dice = Dice(world.seed, "stranger")
    people, style = People(dice), MUNICIPALITY_SHAPE.person_style
    rows: list[Row] = []
    for order in range(1, UNKNOWN_SENDERS_ROWS + 1):
        number, started = _somebody(people, month, dice)
        insats_id = f"ST-{month.year}-{order:04d}"
        rows.append((insats_id, written(number, style), GRUND.code, None, started, None, None, None, None))
    return rows


def _somebody(people: People, month: Month, dice: Dice) -> tuple[str, date]:
    """The personnummer of somebody new and a day to start on."""
    started = month.start + timedelta(days=dice.below(20))
    return people.make(started, *GRUND.ages, GRUND.women).number, started


def _bad_enrolment(fault: Fault, provider: Provider, month: Month, dice: Dice) -> Row:
    insats_id = f"{provider.prefix}-{month.year}-9{month.month:02d}1"
    number, started = _somebody(People(dice), month, dice)
    code, ended, reason = GRUND.code, None, None
    if fault is Fault.WRONG_CHECK_DIGIT:
        number = with_wrong_check_digit(number)
    elif fault is Fault.UNKNOWN_PROGRAMME:
        code = "praktik_utomlands"
    else:
        ended, reason = started - timedelta(days=dice.between(1, 15)), "arbete"
    return insats_id, written(number, provider.shape.person_style), code, None, started, ended, reason, None, None


def _bad_attendance(
    fault: Fault, world: World, provider: Provider, month: Month, rows: list[Row], dice: Dice
) -> list[Row]:
    if fault is Fault.DUPLICATE:
        return [dice.pick(rows)] if rows else []
    if fault is Fault.UNKNOWN_ENROLMENT:
        day = month.start + timedelta(days=dice.below(28))
        return [(f"{provider.prefix}-{month.year}-8{month.month:02d}1", day, 4.0, 4.0, None)]
    # Nobody is planned on a weekend, so these rows share their key with no true one, nor with each other.
    chosen = _somebody_on(SATURDAY if fault is Fault.MORE_THAN_PLANNED else SUNDAY, world, provider, month, dice)
    if chosen is None:
        return []
    one, day = chosen
    insats_id, hours = one.stay.insats_id, one.planned_hours
    if fault is Fault.MORE_THAN_PLANNED:
        return [(insats_id, day, hours, hours + 2, None)]
    return [(insats_id, day, hours, hours, None), (insats_id, day, hours, 0.0, "sjuk")]


def _somebody_on(
    weekday: int, world: World, provider: Provider, month: Month, dice: Dice
) -> tuple[Enrolment, date] | None:
    first = month.start + timedelta(days=(weekday - month.start.weekday()) % 7)
    days = [first + timedelta(weeks=week) for week in range(4)]
    candidates = [(one, day) for day in days for one in world.active(provider, day)]
    return dice.pick(candidates) if candidates else None
