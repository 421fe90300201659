"""What is written about the activity: quality reports, dialogues with the providers, analyses for the board's reports.

No figure stands in these texts: figures are computed, and a made-up text must not contradict them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from arshjul.periods import Month, Year
from arshjul.sample.board import workday
from arshjul.sample.columns import Row
from arshjul.sample.dice import Dice
from arshjul.sample.objects import BECOMING_PERMANENT, OWN_UNIT
from arshjul.sample.world import World

DIALOGUE_MONTH = 5
MORE_CUSTOMERS_THAN = 10
"""A dialogue is held with whoever had more customers than this the year before (Nacka, Kvalitetsrapport 2018)."""

# (object, years from the sample's, month, day it came, template, work, result, areas, internal)
_QUALITY_REPORTS = (
    (
        OWN_UNIT,
        -2,
        (-1, 1, 9),
        "1",
        "Arbetslagen har gått igenom målen varje månad.",
        "Fler än väntat gick vidare till studier. Placeringar saknas för en del av deltagarna.",
        "Placering på trappan, språkpraktik på deltid.",
        "En medarbetare har varit långtidssjuk, vilket har tyngt det ena arbetslaget.",
    ),
    (
        OWN_UNIT,
        -1,
        (-1, 12, 19),
        "2",
        "Kvalitetsarbetet följer årshjulet. Avvikelser tas upp på måndagsmötet.",
        "Vägen till egen försörjning har blivit kortare för dem som kombinerar svenska och praktik.",
        "Gemensam bedömning enligt trappan, introduktion för nya medarbetare.",
        "Samarbetet med en av anordnarna har varit ansträngt under hösten.",
    ),
    (
        BECOMING_PERMANENT,
        -1,
        (0, 1, 8),
        "2",
        "Projektet har en styrgrupp som möts varje kvartal.",
        "Arbetsgivarna anställer oftare när handledaren har en kontaktperson.",
        "Stöd till handledare, tydligare uppdrag.",
        "Två tjänster är vakanta och rekryteringen har börjat om.",
    ),
    (
        OWN_UNIT,
        0,
        (0, 12, 17),
        "2",
        "Kvalitetsarbetet följer årshjulet och alla nya medarbetare har fått en introduktion.",
        "Avslutsplaceringarna är fler än förra året. Närvaron är oförändrad.",
        "Uppföljning efter avslut, yrkessvenska på kvällstid.",
        "Enhetschefen slutar i mars; ersättaren är inte offentlig ännu.",
    ),
)

_FACTORS = (
    ("Coachning", "Varje deltagare har samma coach hela tiden."),
    ("Arbetsgivarkontakter", "Flera arbetsgivare hör av sig själva när de behöver personal."),
    ("Svenska", "Yrkessvenskan läses på arbetsplatsen."),
    ("Kartläggning", "Kartläggningen görs tillsammans med karriärvägledaren."),
    ("Kvalitetssystem", "Egenkontrollen görs varje månad och leder till ändrade rutiner."),
)
_AREAS = (
    ("Svenska", "Det finns för få tider för yrkessvenska på kvällarna."),
    ("Flerpartssamtal", "Samtal med Arbetsförmedlingen kommer ofta till stånd för sent."),
    ("Uppföljning", "Uppföljningen efter avslut behöver fördelas på fler."),
    ("Kvalitetssystem", "Kvalitetssystemet är inte känt av alla medarbetare."),
    ("Praktikplatser", "Praktikplatserna ligger långt från kollektivtrafiken."),
)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A talk with one provider about the year before: what went well, and what is to improve."""

    orgnr: str
    day: date
    factors: tuple[tuple[str, str], ...]
    areas: tuple[tuple[str, str], ...]


def quality_report_rows(year: int, month: Month) -> list[Row]:
    """Return ``kvalitetsrapporter`` as come in by the month's end."""
    rows: list[Row] = []
    for object_id, years, (came, came_month, day), template, work, result, areas, internal in _QUALITY_REPORTS:
        received = date(year + came, came_month, day)
        if received <= month.end:
            rows.append((object_id, year + years, received, template, work, result, areas, internal))
    return rows


def dialogues(world: World) -> list[Dialogue]:
    """Return the dialogues held in May with those who had many enough customers the year before."""
    before = Year(world.year - 1)
    held: list[Dialogue] = []
    for provider in world.providers:
        customers = {
            one.person.number for one in world.enrolments[provider.index] if one.is_active(before.start, before.end)
        }
        if len(customers) > MORE_CUSTOMERS_THAN:
            dice = Dice(world.seed, "dialogue", str(provider.index))
            day = workday(date(world.year, DIALOGUE_MONTH, 4) + timedelta(days=dice.below(22)))
            held.append(Dialogue(provider.orgnr, day, _two(_FACTORS, dice), _two(_AREAS, dice)))
    return held


def _two(texts: tuple[tuple[str, str], ...], dice: Dice) -> tuple[tuple[str, str], ...]:
    first = dice.below(len(texts))
    return texts[first], texts[(first + dice.between(1, len(texts) - 1)) % len(texts)]


def dialogue_rows(all_dialogues: list[Dialogue]) -> list[Row]:
    """Return ``dialoger``."""
    rows: list[Row] = []
    for one in all_dialogues:
        told = [("framgangsfaktor", *factor) for factor in one.factors]
        told += [("forbattringsomrade", *area) for area in one.areas]
        for number, (kind, theme, text) in enumerate(told, start=1):
            rows.append((one.orgnr, one.day, kind, theme, number, text))
    return rows


# (report, month it is delivered, sections: (name, indicator, text))
_ANALYSES: tuple[tuple[str, int, tuple[tuple[str, str | None, str], ...]], ...] = (
    (
        "tertialrapport-{before}-T3",
        1,
        (("maluppfyllelse", "maluppfyllelse", "Färre än väntat nådde målet efter **språk- och arbetsintroduktion**."),),
    ),
    (
        "verksamhetsberattelse-{before}",
        2,
        (
            ("sammanfattning", None, "Året präglades av fler kunder och *kortare* väntetider."),
            ("ekonomi", "budgetavvikelse", "Avvikelsen beror på att fler dagar än planerat har ersatts."),
        ),
    ),
    (
        "delarsrapport-{year}-04",
        4,
        (("sammanfattning", None, "Verksamheten följer planen. Tertialets siffror redovisas i tertialrapporten."),),
    ),
    (
        "tertialrapport-{year}-T1",
        5,
        (
            (
                "maluppfyllelse",
                "maluppfyllelse",
                "Språk- och arbetsintroduktion avgör helheten:\n\n- De flesta går vidare till en annan insats.",
            ),
            ("insatsdagar", "insatsdagar_till_egen_forsorjning", "Tiden till egen försörjning är i stort oförändrad."),
            ("stegforflyttning", "stegforflyttning", "Fler än hälften avslutar på ett högre steg än de började."),
        ),
    ),
    (
        "delarsrapport-{year}-09",
        9,
        (
            ("sammanfattning", None, "Sommarens uppehåll märks i närvaron men inte i resultaten."),
            ("synpunkter", "synpunkter_inkomna", "Flest synpunkter gäller information och bemötande."),
        ),
    ),
    (
        "tertialrapport-{year}-T2",
        9,
        (("maluppfyllelse", "maluppfyllelse", "Resultaten skiljer sig mellan insatserna på samma sätt som tidigare."),),
    ),
    (
        "delarsrapport-{year}-11",
        11,
        (("sammanfattning", None, "Årets mål för språk- och arbetsintroduktion kommer inte att nås."),),
    ),
    (
        "internkontroll-{year}",
        11,
        (("slutsatser", "internkontroll_utan_avvikelse", "Kontrollerna är gjorda enligt plan med få avvikelser."),),
    ),
)
_AUTHOR = "Processutvecklare, Arbetsmarknadsavdelningen"


def analysis_rows(year: int, month: Month) -> list[Row]:
    """Return the month's ``analystexter``; most months have none."""
    return [
        (report.format(year=year, before=year - 1), section, indicator, text, _AUTHOR, month.start + timedelta(days=14))
        for report, in_month, sections in _ANALYSES
        if in_month == month.month
        for section, indicator, text in sections
    ]
