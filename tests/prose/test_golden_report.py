"""Nacka's figures fed to the quality report itself: what its summary and body say, and what a changed figure changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.reports.facts_example import INCLUDE, Values, computed, count, facts, goal, mean, share
from tests.reports.year_example import LABELS

from arshjul.catalogue.register_rules import load_register_rules
from arshjul.comparison.values import PublicValue
from arshjul.periods import Period, Tertial, Year
from arshjul.prose.texts import Texts
from arshjul.registers.dialogue import DialogueProvider
from arshjul.reports.appendix import figure_id
from arshjul.reports.chapters.dialogue_chapter import Dialogues
from arshjul.reports.chapters.quality_statements import Quality, quality_statements
from arshjul.reports.context import Question
from arshjul.reports.facts import Computed, Facts
from arshjul.reports.report_type import Reading

Key = tuple[str, tuple[tuple[str, str], ...]]

AS_OF = datetime(2018, 5, 31, tzinfo=UTC)
OUTCOME, DAYS = "maluppfyllelse", "insatsdagar_till_egen_forsorjning"
BLOCKS = ("bemotande_vardegrund", "mal")
_LABELS = {**LABELS, "block": dict(zip(BLOCKS, ("Bemötande", "Mål"), strict=True))}

# Counts are ours, chosen so that they are rounded to the report's figures; the total is the parts' sum.
YEAR: Values = {
    (OUTCOME, ""): share(440, 1000),
    (OUTCOME, "insatstyp=jobbpeng_grund"): share(105, 119),
    (OUTCOME, "insatstyp=jobbpeng_forstarkt"): share(150, 221),
    (OUTCOME, "insatstyp=sprak_och_arbetsintroduktion"): share(185, 660),
    (DAYS, ""): mean("240", 440),
    ("kunder", ""): count(1500),
    ("insatser", ""): count(1800),
    ("anordnare_aktiva", ""): count(31),
}
BEFORE: Values = {(DAYS, ""): mean("201", 400), ("kunder", ""): count(1300), ("insatser", ""): count(1600)}
EARLIER: Values = {("kunder", ""): count(1200), ("insatser", ""): count(1500)}
SPRING: Values = {
    (DAYS, ""): mean("239", 150),
    ("svarsfrekvens", ""): share(109, 347),
    ("kundnojdhet", "block=bemotande_vardegrund"): mean("4.6", 109),
    ("kundnojdhet", "block=mal"): mean("4.3", 109),
    ("kundnojdhet", "fraga_id=F1"): mean("4.7", 109),
    ("kundnojdhet", "fraga_id=F2"): mean("4.3", 109),
}
SPRING_BEFORE: Values = {
    ("svarsfrekvens", ""): share(60, 316),
    ("kundnojdhet", "block=bemotande_vardegrund"): mean("4.4", 60),
    ("kundnojdhet", "block=mal"): mean("4.1", 60),
}


def of_period(period: Period, now: Values, *then: tuple[Period, Values]) -> Facts:
    """Facts of a period with what is stored of the periods before it, the newest first."""
    codes = dict(zip(("F1", "F2"), BLOCKS, strict=True))
    questions = {(year, code): Question(codes[code], "1") for year in (2017, 2018) for code in codes}
    made = facts({}, goals=(goal("N1", tolerance=None),), questions=questions)
    stored = {one: replace(computed(one, values), as_of=AS_OF) for one, values in then}
    current = replace(computed(period, now), as_of=AS_OF)
    return replace(
        made,
        period=period,
        current=current,
        previous=stored.get(period.previous),
        last_year=stored.get(period.same_last_year),
        history=(*reversed(stored.items()), (period, current)),
        labels=_LABELS,
    )


FACTS = of_period(Year(2017), YEAR, (Year(2016), BEFORE), (Year(2015), EARLIER))
LATELY = of_period(Tertial(2018, 1), SPRING, (Tertial(2017, 1), SPRING_BEFORE))


def told(year: Facts = FACTS, spring: Facts = LATELY) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Every statement of the report: its text with ordinary spaces, and its facts."""
    providers = tuple(DialogueProvider(str(place), f"Anordnare {place}", "", date(2018, 5, 14)) for place in range(9))
    quality = Quality(
        2018,
        Reading(None, INCLUDE, year, Texts(), "Nacka"),  # type: ignore[arg-type]
        spring,
        Dialogues(2018, providers, (), ()),
        load_register_rules(INCLUDE),
    )
    return {one.id: (one.text.replace("\u00a0", " "), one.facts) for one in quality_statements(quality).all}


@pytest.mark.parametrize(
    "phrase",
    [
        "44 procent",
        "21 procentenheter under målet",
        "minst 65 procent",
        "Lägst måluppfyllelse har språk- och arbetsintroduktion, 28 procent",
        "jämförelsevärde saknas för 2016",
        "från 201 dagar 2016 till 240 dagar 2017",
        "239 dagar under tertial 1 2018, en marginell nedgång från 240 dagar 2017 (ej jämförbar period",
        "Både antalet kunder och antalet insatser har ökat sedan 2015",
        "2017 fanns 31 anordnare",
        "nio anordnare",
        "9 av 31 anordnare (29 procent)",
        "fler än tio kunder under 2017",
        "Av 347 tillfrågade har 109 besvarat hela enkäten",
        "Svarsfrekvensen är 31 procent",
        "fortsatt låg",
        "över fyra",
        "bygger på svar från 31 procent av de tillfrågade och bör därför tolkas försiktigt",
        "Högst omdöme får påståendet ”",
        "ligger mellan insatsernas lägsta värde, 28 procent, och högsta, 88 procent",
        "Språk- och arbetsintroduktion stod för 66 procent av underlaget",
        "följs upp tre till tolv månader efter avslutet",
        "Som egen försörjning räknas fyra utfall",
        "uppgifter om 2017 och tertial 1 2018",
    ],
)
def test_the_quality_report_says_it(phrase: str) -> None:
    assert phrase in " ".join(text for text, _ in told().values())


def with_value(of: Facts, stored: Computed, key: Key, value: PublicValue) -> Facts:
    """The same facts with another value of one figure, wherever they hold it."""
    new = replace(stored, values={**stored.values, key: value})

    def swap(one: Computed | None) -> Computed | None:
        return new if one is stored else one

    history = tuple((period, swap(one) or one) for period, one in of.history)
    current, previous, last_year = map(swap, (of.current, of.previous, of.last_year))
    return replace(of, current=current or of.current, previous=previous, last_year=last_year, history=history)


def times(value: PublicValue, factor: Decimal) -> PublicValue:
    """A figure made larger or smaller."""
    assert value.value is not None
    numerator = None if value.numerator is None else value.numerator * factor
    return replace(value, numerator=numerator, value=value.value * factor)


FIGURES = [
    (is_lately, period, stored, key)
    for is_lately, of in ((False, FACTS), (True, LATELY))
    for period, stored in of.history
    for key in stored.values
]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: f"{figure[1].key} {figure[3]}")
def test_a_changed_figure_changes_only_sentences_that_stand_on_it(figure: tuple[bool, Period, Computed, Key]) -> None:
    is_lately, period, stored, key = figure
    before, own = told(), figure_id(period.key, key[0], key[1], tuple(sorted(name for name, _ in key[1])))
    differing = set()
    for factor in ("0.5", "1.05", "2"):
        value = times(stored.values[key], Decimal(factor))
        if value.denominator and value.value is not None and value.value > 1 >= stored.values[key].value:  # type: ignore[operator]
            continue  # no share is above the whole
        changed = with_value(LATELY if is_lately else FACTS, stored, key, value)
        after = told(FACTS, changed) if is_lately else told(changed)
        differing |= {one for one in before.keys() | after.keys() if before.get(one) != after.get(one)}
    known = before | after
    assert differing
    assert all(own in " ".join(known[one][1]) for one in differing)


def test_a_withheld_figure_is_in_no_sentence_of_the_report() -> None:
    hidden = PublicValue(None, None, None, None, is_protected=True)
    key = (OUTCOME, (("insatstyp", "sprak_och_arbetsintroduktion"),))
    said = " ".join(text for text, _ in told(with_value(FACTS, FACTS.current, key, hidden)).values())
    assert "28 procent" not in said
    assert "av dem som kan visas" in said
