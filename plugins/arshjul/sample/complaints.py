"""What people think of the municipality (``synpunkter``): views and complaints, some of which show a deficiency.

The free text is what makes the dataset sensitive: it tells of health and family and is signed with names, all made up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from arshjul.periods import Month
from arshjul.sample.columns import Row
from arshjul.sample.dice import Dice
from arshjul.sample.objects import OWN_UNIT, object_of
from arshjul.sample.world import World

CASES_A_MONTH = 6.0
KINDS = (("klagomal", 60), ("synpunkt", 40))
CHANNELS = (("e_tjanst", 45), ("e_post", 25), ("telefon", 18), ("brev", 7), ("besok", 5))
UNANSWERED_SHARE, FORGOTTEN_SHARE = 0.06, 0.1

# (category, weight, share that shows a deficiency, what people write)
_CATEGORIES: tuple[tuple[str, int, float, tuple[str, ...]], ...] = (
    (
        "bemotande",
        25,
        0.35,
        (
            "Jag blev avbruten flera gånger när jag försökte förklara varför jag var borta. Jag har epilepsi.",
            "Min coach är alltid vänlig och svarar samma dag. Det ville jag säga.",
        ),
    ),
    (
        "information",
        25,
        0.4,
        (
            "Ingen talade om att lektionen var flyttad. Jag stod utanför en låst dörr med min dotter.",
            "Brevet om min plats kom efter att insatsen hade börjat.",
        ),
    ),
    (
        "vantetid",
        20,
        0.5,
        (
            "Jag har väntat sju veckor på att få börja. Under tiden har min man blivit av med sitt arbete.",
            "Det tog lång tid att få träffa karriärvägledaren.",
        ),
    ),
    (
        "innehall",
        18,
        0.25,
        (
            "Vi gör samma övningar varje vecka. Jag har arbetat som ingenjör i tolv år.",
            "Mer tid för yrkessvenska, tack. Det är det jag behöver.",
        ),
    ),
    (
        "lokaler",
        12,
        0.3,
        (
            "Det finns ingen hiss och jag går med rullator efter min operation.",
            "Rummet är för kallt på vintern.",
        ),
    ),
)
CATEGORY_WORDS = {"bemotande": "bemötande", "vantetid": "väntetid", "innehall": "insatsens innehåll"}
"""The categories whose code is not the word for them."""
_SIGNED = ("Provia Testdotter", "Exempla Påhittsson", "Fiktor Låtsasberg", "Syntea Modellgren", "")


@dataclass(frozen=True, slots=True)
class Case:
    """One case, with everything that ever happens to it.

    Attributes:
        case_id: Runs through the years.
        received: The day it came.
        kind: ``synpunkt`` or ``klagomal``.
        channel: How it came.
        object_id: What it is about.
        category: What kind of thing it is about.
        is_deficiency: Whether it shows a deficiency.
        is_acted_on: Whether the deficiency gets an action; forgetting it is the gap to be found.
        answered: The day of the answer, or None.
        text: What was written.
    """

    case_id: str
    received: date
    kind: str
    channel: str
    object_id: str
    category: str
    is_deficiency: bool
    is_acted_on: bool
    answered: date | None
    text: str


def cases(world: World, years: Iterable[int], scale: float) -> list[Case]:
    """Return the cases of some years, in order of time.

    Args:
        world: The municipality.
        years: The years, in order.
        scale: Multiplies the cases.
    """
    objects = [OWN_UNIT, *(object_of(provider) for provider in world.providers)]
    told: list[Case] = []
    for year in years:
        dice = Dice(world.seed, "complaints", str(year))
        first = len(told)
        for month in (Month(year, number) for number in range(1, 13)):
            count = int(CASES_A_MONTH * scale + dice.unit())
            for day in sorted(dice.below(28) for _ in range(count)):
                case_id = f"S{year}-{len(told) - first + 1:04d}"
                told.append(_case(case_id, month.start + timedelta(days=day), objects, dice))
    return told


def _case(case_id: str, received: date, objects: list[str], dice: Dice) -> Case:
    category, _, deficient, texts = dice.weighted([(one, one[1]) for one in _CATEGORIES])
    is_deficiency = dice.chance(deficient)
    signed = dice.pick(_SIGNED)
    text = dice.pick(texts)
    return Case(
        case_id=case_id,
        received=received,
        kind="klagomal" if is_deficiency else dice.weighted(KINDS),
        channel=dice.weighted(CHANNELS),
        object_id=dice.pick(objects),
        category=category,
        is_deficiency=is_deficiency,
        is_acted_on=is_deficiency and not dice.chance(FORGOTTEN_SHARE),
        answered=None if dice.chance(UNANSWERED_SHARE) else received + timedelta(days=dice.between(1, 24)),
        text=f"{text} Hälsningar {signed}" if signed else text,
    )


def case_rows(all_cases: list[Case], actions: dict[str, tuple[str, date]], month: Month) -> list[Row]:
    """Return ``synpunkter`` received since the year before began, as known at the month's end.

    Args:
        all_cases: Every case.
        actions: By case id, its action and the day it was decided.
        month: The delivery month.
    """
    rows: list[Row] = []
    for one in (one for one in all_cases if date(month.year - 1, 1, 1) <= one.received <= month.end):
        action, decided = actions.get(one.case_id, (None, month.end))
        answered = one.answered if one.answered and one.answered <= month.end else None
        rows.append(
            (
                one.case_id,
                one.received,
                one.kind,
                one.channel,
                one.object_id,
                one.category,
                "ja" if one.is_deficiency else "nej",
                action if decided <= month.end else None,
                answered,
                answered,
                one.text,
            )
        )
    return rows
