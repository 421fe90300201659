"""What is written about the activity: the units' quality reports and the dialogues with the providers.

No figure stands in these texts: figures are computed, and a made-up text must not contradict them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from arshjul.periods import Month
from arshjul.sample.board import workday
from arshjul.sample.columns import Row
from arshjul.sample.dice import Dice
from arshjul.sample.objects import BECOMING_PERMANENT, MORE_CUSTOMERS_THAN, OWN_UNIT, REPORTING_GRANT
from arshjul.sample.providers import Provider
from arshjul.sample.world import World

DIALOGUE_MONTH = 5

# (object, years from the sample's, month, day it came, template, work, result, areas, internal)
_QUALITY_REPORTS = (
    (
        OWN_UNIT,
        -3,
        (-3, 12, 18),
        "1",
        "Målen gås igenom på arbetsplatsträffarna.",
        "Fler än tidigare deltar i praktik, men uppföljningen efter avslut har börjat sent.",
        "Uppföljning efter avslut, dokumentation av avvikelser.",
        "Två medarbetare har slutat i oenighet om arbetssättet.",
    ),
    (
        BECOMING_PERMANENT,
        -2,
        (-2, 12, 20),
        "1",
        "Styrgruppen följer projektet mot planen.",
        "Arbetsgivarna tar emot fler praktikanter än planerat.",
        "Information till handledare.",
        "En arbetsgivare har brutit mot överenskommelsen och får inga fler praktikanter.",
    ),
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
    (
        REPORTING_GRANT,
        0,
        (0, 12, 14),
        "2",
        "Föreningen har haft öppet två kvällar i veckan och en språkvärd på plats varje gång.",
        "Deltagarna talar mer svenska med varandra, och flera har börjat hjälpa nya deltagare.",
        "Fler kvinnor behöver nås, och verkstaden behöver en tydligare introduktion.",
        "En ledare har slutat och föreningen söker en ny.",
    ),
)

_FACTORS = (
    ("Coachning", "Varje deltagare har samma coach hela tiden."),
    ("Arbetsgivarkontakter", "Flera arbetsgivare hör av sig själva när de behöver personal."),
    ("Svenska", "Yrkessvenskan läses på arbetsplatsen."),
    ("Kartläggning", "Kartläggningen görs tillsammans med karriärvägledaren."),
    ("Kvalitetssystem", "Egenkontrollen görs varje månad och leder till ändrade rutiner."),
)
# What those who apply the municipality's values attest; every fifth does not speak of it.
_VALUES = ("Tillämpad värdegrund", "Värdegrunden tas upp när nya medarbetare börjar och återkommer på mötena.")
SILENT_ON_VALUES_EVERY = 5
_AREAS = (
    ("Svenska", "Det finns för få tider för yrkessvenska på kvällarna."),
    ("Flerpartssamtal", "Samtal med Arbetsförmedlingen kommer ofta till stånd för sent."),
    ("Uppföljning", "Uppföljningen efter avslut behöver fördelas på fler."),
    ("Kvalitetssystem", "Kvalitetssystemet är inte känt av alla medarbetare."),
    ("Praktikplatser", "Praktikplatserna ligger långt från kollektivtrafiken."),
)
DIALOGUE_ACTIONS = {
    "Svenska": "Yrkessvenska på kvällstid prövas under hösten.",
    "Flerpartssamtal": "Första samtalet med Arbetsförmedlingen bokas redan vid start.",
    "Uppföljning": "Uppföljningen efter avslut fördelas på fler medarbetare.",
    "Kvalitetssystem": "Alla medarbetare går igenom kvalitetssystemet.",
    "Praktikplatser": "Praktikplatser söks närmare kollektivtrafiken.",
}
"""What is decided about an area to improve, by its theme."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A talk with one provider about the year before: what went well, and what is to improve."""

    orgnr: str
    day: date
    factors: tuple[tuple[str, str], ...]
    areas: tuple[tuple[str, str], ...]


def quality_report_rows(last_year: int, month: Month) -> list[Row]:
    """Return ``kvalitetsrapporter`` as come in by the month's end."""
    rows: list[Row] = []
    for object_id, years, (came, came_month, day), template, work, result, areas, internal in _QUALITY_REPORTS:
        received = date(last_year + came, came_month, day)
        if received <= month.end:
            rows.append((object_id, last_year + years, received, template, work, result, areas, internal))
    return rows


def dialogues(world: World, years: Iterable[int]) -> list[Dialogue]:
    """Return the dialogues held in May of some years with those who had many enough customers the year before."""
    return [
        _dialogue(world, provider, year)
        for year in years
        for provider in world.providers
        if world.customers(provider, year - 1) > MORE_CUSTOMERS_THAN
    ]


def _dialogue(world: World, provider: Provider, year: int) -> Dialogue:
    dice = Dice(world.seed, "dialogue", str(provider.index), *([] if year == world.last_year else [str(year)]))
    day = workday(date(year, DIALOGUE_MONTH, 4) + timedelta(days=dice.below(22)))
    values = () if provider.index % SILENT_ON_VALUES_EVERY == 1 else (_VALUES,)
    return Dialogue(provider.orgnr, day, (*_two(_FACTORS, dice), *values), _two(_AREAS, dice))


def _two(texts: tuple[tuple[str, str], ...], dice: Dice) -> tuple[tuple[str, str], ...]:
    first = dice.below(len(texts))
    return texts[first], texts[(first + dice.between(1, len(texts) - 1)) % len(texts)]


def dialogue_rows(all_dialogues: list[Dialogue], month: Month) -> list[Row]:
    """Return ``dialoger``: in May those held then, in January those of the year before."""
    year = {1: month.year - 1, DIALOGUE_MONTH: month.year}.get(month.month)
    rows: list[Row] = []
    for one in (one for one in all_dialogues if one.day.year == year):
        told = [("framgangsfaktor", *factor) for factor in one.factors]
        told += [("forbattringsomrade", *area) for area in one.areas]
        for number, (kind, theme, text) in enumerate(told, start=1):
            rows.append((one.orgnr, one.day, kind, theme, number, text))
    return rows
