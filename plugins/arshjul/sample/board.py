"""The board's year: its meetings (``sammantraden``) and the visits (``besok``).

Board visits lie in September–May and the officers' visit in August–September, as in the årshjul of Linköping's
handlingsplan BIN 2016-134. The board meets eight times a year, also in April, September and November, when the interim
reports (delårsrapporter) are due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from arshjul.periods import Month
from arshjul.sample.columns import Row
from arshjul.sample.objects import BECOMING_PERMANENT, OWN_UNIT

BOARD_MEETS, COMMITTEE_MEETS, COUNCIL_MEETS = (2, 3, 4, 6, 9, 10, 11, 12), (2, 4, 5, 9, 11), (2, 4, 6, 9, 11, 12)
# (organ, months, which Wednesday of the month, days between dispatch and meeting)
_ORGANS = (
    ("Arbetsmarknadsnämnden", BOARD_MEETS, 3, 8),
    ("Kommunstyrelsens arbetsmarknadsutskott", COMMITTEE_MEETS, 2, 7),
    ("Kommunfullmäktige", COUNCIL_MEETS, 4, 12),
)
PLANNED_AHEAD_DAYS = 75
WEDNESDAY = 2


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit, with everything that is ever written about it.

    Attributes:
        visit_id: Runs through the years.
        kind: ``namndbesok`` or ``tjanstemannabesok``.
        day: When it is, or was to be.
        object_id: What is visited.
        who: Who takes part, by role.
        is_cancelled: Whether it was called off.
        notes: What was seen.
        analysis: What was thought of it.
        areas: What is to improve: each becomes an action.
    """

    visit_id: str
    kind: str
    day: date
    object_id: str
    who: str
    is_cancelled: bool
    notes: str
    analysis: str
    areas: tuple[str, ...]


_BOARD_PARTY = "Tre ledamöter, en ersättare, enhetschefen och en sakkunnig"
_OFFICERS = "Två sakkunniga, avdelningschefen och enhetschefen"
# (years from the sample's, month, day, kind, object, is cancelled, notes, analysis, areas)
_VISITS: tuple[tuple[int, int, int, str, str, bool, str, str, tuple[str, ...]], ...] = (
    (
        -1,
        8,
        27,
        "tjanstemannabesok",
        OWN_UNIT,
        False,
        "Genomgång av det systematiska kvalitetsarbetet. En deltagare berättade öppet om sin sjukdom under rundvandringen.",
        "Rutinerna finns, men de nya medarbetarna känner inte till alla.",
        ("Introduktion för nya medarbetare", "Tydligare rutin för uppföljning av frånvaro"),
    ),
    (
        -1,
        10,
        14,
        "namndbesok",
        OWN_UNIT,
        False,
        "Nämnden träffade två arbetslag och fyra deltagare. Frågor ställdes om väntetiden till språkpraktik.",
        "Väntetiden till språkpraktik är för lång för dem som bara kan arbeta deltid.",
        ("Kortare väg till språkpraktik",),
    ),
    (
        -1,
        11,
        18,
        "namndbesok",
        BECOMING_PERMANENT,
        False,
        "Projektledaren visade hur satsningen följs upp och vad som återstår innan den blir permanent.",
        "Arbetsgivarna är nöjda. Uppdraget behöver beslutas innan årets slut.",
        (),
    ),
    (
        0,
        2,
        11,
        "namndbesok",
        OWN_UNIT,
        False,
        "Kvalitetsrapporten följdes upp tillsammans med enhetschefen. En deltagare kände igen en ledamot från förr.",
        "Målen är kända av alla. Trappan används olika i de två arbetslagen.",
        ("Gemensam bedömning enligt trappan",),
    ),
    (
        0,
        4,
        15,
        "namndbesok",
        BECOMING_PERMANENT,
        True,
        "Besöket ställdes in på grund av sjukdom.",
        "",
        (),
    ),
    (
        0,
        5,
        13,
        "namndbesok",
        BECOMING_PERMANENT,
        False,
        "Nämnden besökte två praktikplatser. Handledarna efterlyste en kontaktperson att ringa.",
        "Handledarna bär ett stort ansvar och behöver mer stöd från satsningen.",
        ("Fast kontaktperson för handledare",),
    ),
    (
        0,
        8,
        26,
        "tjanstemannabesok",
        OWN_UNIT,
        False,
        "Resultatet av internkontrollen och tertialrapporten gicks igenom, liksom förra årets förbättringsområden.",
        "Introduktionen fungerar nu. Avslutsplaceringar saknas fortfarande för var tionde deltagare.",
        ("Placering på trappan vid varje avslut", "Uppföljning efter tre månader fördelas jämnare"),
    ),
    (
        0,
        10,
        7,
        "namndbesok",
        OWN_UNIT,
        False,
        "Nämnden deltog i en intervjuträning och talade med coacherna om hur många deltagare de har.",
        "Coacherna har ungefär så många deltagare som avtalat.",
        (),
    ),
    (
        0,
        11,
        11,
        "namndbesok",
        BECOMING_PERMANENT,
        False,
        "Satsningens första år som permanent verksamhet planerades.",
        "Planen är realistisk om två medarbetare kan anställas före sommaren.",
        ("Bemanning inför nästa år",),
    ),
)


def workday(day: date) -> date:
    """Return the day, or the Monday after where it is in a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def meetings(year: int) -> list[Row]:
    """Return the register ``sammantraden`` of the year and the one before."""
    return [
        (organ, day, day - timedelta(days=ahead))
        for of_year in (year - 1, year)
        for organ, months, nth, ahead in _ORGANS
        for day in (_wednesday(Month(of_year, month), nth) for month in months)
    ]


def _wednesday(month: Month, nth: int) -> date:
    first = month.start + timedelta(days=(WEDNESDAY - month.start.weekday()) % 7)
    return first + timedelta(weeks=nth - 1)


def visits(year: int) -> list[Visit]:
    """Return the visits of the year and the autumn before, in order of time."""
    told = []
    for number, (years, month, day, kind, place, is_cancelled, notes, analysis, areas) in enumerate(_VISITS, start=1):
        who = _BOARD_PARTY if kind == "namndbesok" else _OFFICERS
        when = workday(date(year + years, month, day))
        told.append(Visit(f"B{when.year}-{number:02d}", kind, when, place, who, is_cancelled, notes, analysis, areas))
    return told


def visit_rows(all_visits: list[Visit], month: Month) -> list[Row]:
    """Return ``besok`` as known at the month's end: done, called off, and planned for the next months."""
    rows: list[Row] = []
    for one in all_visits:
        if one.day - timedelta(days=PLANNED_AHEAD_DAYS) > month.end:
            continue
        is_past = one.day <= month.end
        status = ("installt" if one.is_cancelled else "genomfort") if is_past else "planerat"
        notes, analysis = (one.notes, one.analysis or None) if is_past else (None, None)
        rows.append((one.visit_id, one.kind, one.day, one.object_id, one.who, status, notes, analysis))
    return rows
