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
EXECUTIVE_MEETS = (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12)
DATES_DECIDED = 10
# (organ, months, which Wednesday of the month, days between dispatch and meeting)
_ORGANS = (
    ("Arbetsmarknadsnämnden", BOARD_MEETS, 3, 8),
    ("Kommunstyrelsens arbetsmarknadsutskott", COMMITTEE_MEETS, 2, 7),
    ("Kommunstyrelsen", EXECUTIVE_MEETS, 1, 8),
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

    @property
    def written_analysis(self) -> str:
        """The analysis as it is handed in, the areas to improve as a list; empty for a visit that was called off."""
        return "\n".join((self.analysis, *(f"- {area}" for area in self.areas)))


_BOARD_PARTY = "Tre ledamöter, en ersättare, enhetschefen och en sakkunnig"
_OFFICERS = "Två sakkunniga, avdelningschefen och enhetschefen"
BOARD, OFFICERS = "namndbesok", "tjanstemannabesok"
_Told = tuple[str, str, tuple[str, ...]]
# (years from the last one, month, day, kind, object, (notes, analysis, areas)); no analysis: it was called off.
_VISITS: tuple[tuple[int, int, int, str, str, _Told], ...] = (
    (
        -3,
        9,
        20,
        BOARD,
        OWN_UNIT,
        (
            "Nämnden fick en genomgång av trappan och hur placeringarna görs.",
            "Trappan är ny och bedömningarna är ännu ojämna.",
            ("Utbildning i trappan för alla coacher",),
        ),
    ),
    (
        -3,
        11,
        15,
        BOARD,
        BECOMING_PERMANENT,
        (
            "Projektets första arbetsgivare berättade hur de tar emot praktikanter.",
            "Projektet når arbetsgivare som tidigare inte har tagit emot praktikanter.",
            (),
        ),
    ),
    (
        -2,
        2,
        14,
        BOARD,
        OWN_UNIT,
        (
            "Kvalitetsrapporten följdes upp. Enheten har prövat måndagsmöten om avvikelser.",
            "Mötena leder till beslut, men besluten skrivs inte alltid ned.",
            ("Avvikelser dokumenteras samma vecka",),
        ),
    ),
    (
        -2,
        5,
        15,
        BOARD,
        BECOMING_PERMANENT,
        (
            "Två deltagare visade sin praktikplats i ett lager.",
            "Handledarna vill veta mer om vad deltagarna har med sig.",
            (),
        ),
    ),
    (
        -2,
        8,
        28,
        OFFICERS,
        OWN_UNIT,
        (
            "Genomgång av tertialrapporten och av internkontrollens plan.",
            "Kontrollpunkterna är kända men två saknar ansvarig.",
            ("Ansvarig för varje kontrollpunkt",),
        ),
    ),
    (
        -2,
        10,
        16,
        BOARD,
        OWN_UNIT,
        (
            "Nämnden satt med i ett gruppmöte om att söka arbete.",
            "Gruppmötena är uppskattade men passar inte den som arbetar deltid.",
            ("Gruppmöten även på kvällstid",),
        ),
    ),
    (
        -2,
        11,
        20,
        BOARD,
        BECOMING_PERMANENT,
        (
            "Besöket ställdes in eftersom lokalen var stängd.",
            "",
            (),
        ),
    ),
    (
        -1,
        2,
        12,
        BOARD,
        OWN_UNIT,
        (
            "Kvalitetsrapporten följdes upp tillsammans med två arbetslag.",
            "Avvikelserna följs upp. Samverkan med vården är fortfarande personberoende.",
            ("Rutin för samverkan med vården",),
        ),
    ),
    (
        -1,
        5,
        14,
        BOARD,
        BECOMING_PERMANENT,
        (
            "Styrgruppen redovisade vad som krävs för att satsningen ska bli permanent.",
            "Underlaget är bra, men kostnaderna behöver delas upp per år.",
            ("Kostnader per år i beslutsunderlaget",),
        ),
    ),
    (
        -1,
        8,
        27,
        OFFICERS,
        OWN_UNIT,
        (
            "Genomgång av det systematiska kvalitetsarbetet. En deltagare berättade öppet om sin sjukdom under rundvandringen.",
            "Rutinerna finns, men de nya medarbetarna känner inte till alla.",
            (
                "Introduktion för nya medarbetare",
                "Tydligare rutin för uppföljning av frånvaro",
            ),
        ),
    ),
    (
        -1,
        10,
        14,
        BOARD,
        OWN_UNIT,
        (
            "Nämnden träffade två arbetslag och fyra deltagare. Frågor ställdes om väntetiden till språkpraktik.",
            "Väntetiden till språkpraktik är för lång för dem som bara kan arbeta deltid.",
            ("Kortare väg till språkpraktik",),
        ),
    ),
    (
        -1,
        11,
        18,
        BOARD,
        BECOMING_PERMANENT,
        (
            "Projektledaren visade hur satsningen följs upp och vad som återstår innan den blir permanent.",
            "Arbetsgivarna är nöjda. Uppdraget behöver beslutas innan årets slut.",
            (),
        ),
    ),
    (
        0,
        2,
        11,
        BOARD,
        OWN_UNIT,
        (
            "Kvalitetsrapporten följdes upp tillsammans med enhetschefen. En deltagare kände igen en ledamot från förr.",
            "Målen är kända av alla. Trappan används olika i de två arbetslagen.",
            ("Gemensam bedömning enligt trappan",),
        ),
    ),
    (
        0,
        4,
        15,
        BOARD,
        BECOMING_PERMANENT,
        (
            "Besöket ställdes in på grund av sjukdom.",
            "",
            (),
        ),
    ),
    (
        0,
        5,
        13,
        BOARD,
        BECOMING_PERMANENT,
        (
            "Nämnden besökte två praktikplatser. Handledarna efterlyste en kontaktperson att ringa.",
            "Handledarna bär ett stort ansvar och behöver mer stöd från satsningen.",
            ("Fast kontaktperson för handledare",),
        ),
    ),
    (
        0,
        8,
        26,
        OFFICERS,
        OWN_UNIT,
        (
            "Resultatet av internkontrollen och tertialrapporten gicks igenom, liksom förra årets förbättringsområden.",
            "Introduktionen fungerar nu. Avslutsplaceringar saknas fortfarande för var tionde deltagare.",
            (
                "Placering på trappan vid varje avslut",
                "Uppföljning efter tre månader fördelas jämnare",
            ),
        ),
    ),
    (
        0,
        9,
        2,
        OFFICERS,
        BECOMING_PERMANENT,
        (
            "Internkontrollens iakttagelser om praktikplatserna gicks igenom med projektledaren.",
            "Överenskommelserna finns men förvaras på flera ställen.",
            ("Gemensam förvaring av överenskommelser",),
        ),
    ),
    (
        0,
        10,
        7,
        BOARD,
        OWN_UNIT,
        (
            "Nämnden deltog i en intervjuträning och talade med coacherna om hur många deltagare de har.",
            "Coacherna har ungefär så många deltagare som avtalat.",
            (),
        ),
    ),
    (
        0,
        11,
        11,
        BOARD,
        BECOMING_PERMANENT,
        (
            "Satsningens första år som permanent verksamhet planerades.",
            "Planen är realistisk om två medarbetare kan anställas före sommaren.",
            ("Bemanning inför nästa år",),
        ),
    ),
)


def workday(day: date) -> date:
    """Return the day, or the Monday after where it is in a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


def meetings(month: Month) -> list[Row]:
    """Return the register ``sammantraden`` of the year and the one before; in the autumn next year's are decided."""
    years = [month.year - 1, month.year, *([month.year + 1] if month.month >= DATES_DECIDED else [])]
    return [
        (organ, day, day - timedelta(days=ahead))
        for of_year in years
        for organ, months, nth, ahead in _ORGANS
        for day in (_wednesday(Month(of_year, number), nth) for number in months)
    ]


def _wednesday(month: Month, nth: int) -> date:
    first = month.start + timedelta(days=(WEDNESDAY - month.start.weekday()) % 7)
    return first + timedelta(weeks=nth - 1)


def visits(last_year: int) -> list[Visit]:
    """Return the visits of three years and the autumn before, in order of time."""
    told: list[Visit] = []
    for years, month, day, kind, place, (notes, analysis, areas) in _VISITS:
        when = workday(date(last_year + years, month, day))
        number = 1 + sum(one.day.year == when.year for one in told)
        who = _BOARD_PARTY if kind == BOARD else _OFFICERS
        name = f"B{when.year}-{number:02d}"
        told.append(Visit(name, kind, when, place, who, not analysis, notes, analysis, areas))
    return told


def visit_rows(all_visits: list[Visit], month: Month) -> list[Row]:
    """Return ``besok`` from the autumn before on, as known at the month's end: done, called off, planned."""
    rows: list[Row] = []
    for one in all_visits:
        if one.day - timedelta(days=PLANNED_AHEAD_DAYS) > month.end or one.day < date(month.year - 1, 8, 1):
            continue
        is_past = one.day <= month.end
        status = ("installt" if one.is_cancelled else "genomfort") if is_past else "planerat"
        notes, analysis = (one.notes, one.written_analysis or None) if is_past else (None, None)
        rows.append((one.visit_id, one.kind, one.day, one.object_id, one.who, status, notes, analysis))
    return rows
