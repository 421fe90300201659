"""One figure as a reader sees it: the value, how certain it is, its change and how it stands to the target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from arshjul.catalogue.indicators import Indicator
from arshjul.comparison import values
from arshjul.comparison.change import NOT_COMPARABLE, Comparison, compare
from arshjul.comparison.numbers import MISSING, PROTECTED, number
from arshjul.comparison.targets import Judgement, judge
from arshjul.comparison.uncertainty import shown_interval
from arshjul.comparison.values import is_percent, with_unit
from arshjul.periods import Period
from arshjul.prose.swedish import listed, sentence_case
from arshjul.reports.blocks import Cell, Column
from arshjul.reports.facts import Facts, Value

SURVEY = "kundnojdhet"
"""Compares only where the questions were asked in the same words."""

BEYOND_CHANCE = "*"
"""Stands at a difference that is greater than chance gives."""

BROKEN = "b"
"""Stands at a difference over a broken series; the letter is the one official statistics use."""


def has_nothing_beside(facts: Facts, then: Period) -> bool:
    """Say whether nothing at all is stored of another period.

    That is true of every figure, and is said once for them all (:func:`nothing_beside`) instead of beside each.
    """
    stored = facts.stored(then)
    return stored is None or not any(not cell for _, cell in stored.values)


def columns_beside(facts: Facts, then: Period, number_format: str = "General", width: float = 1) -> list[Column]:
    """Give the two columns that another period takes in a table: its value and the change since; none when it has nothing.

    Args:
        facts: Of the report.
        then: The other period.
        number_format: Excel's format of its values.
        width: Of the change, relative to other columns.
    """
    if has_nothing_beside(facts, then):
        return []
    value = Column(sentence_case(then.title), "right", number_format=number_format)
    return [value, Column("Förändring", "right", width, "General")]


def cells_beside(facts: Facts, indicator_id: str, then: Period, **cell: str) -> list[Cell]:
    """Give what stands in those columns for one figure; none where there are no such columns."""
    stored = facts.stored(then)
    if stored is None or has_nothing_beside(facts, then):
        return []
    value = value_cell(facts.indicators[indicator_id], stored.get(indicator_id, **cell))
    return [value, change_cell(compared(facts, indicator_id, then, **cell))]


def nothing_beside(facts: Facts) -> str:
    """Say once of which of the usual periods nothing is stored (trap T8); empty when all are.

    Source: requirement R58.
    """
    periods = usual_periods(facts)
    return without_comparison([one for one in periods if has_nothing_beside(facts, one)], len(periods))


def without_comparison(missing: Sequence[Period], of: int) -> str:
    """Say once for which periods there is nothing to compare with; empty when there are none.

    Args:
        missing: The periods that nothing is stored of.
        of: How many periods are compared with when all are stored.
    """
    if not missing:
        return ""
    since = "" if len(missing) == of else " sedan dess"
    titles = listed([one.title for one in missing])
    return f"Jämförelsevärde saknas för {titles}, så inga förändringar{since} redovisas."


def undelivered(facts: Facts, indicator_ids: Iterable[str]) -> str:
    """Say that nobody has delivered what some measures stand on; empty when somebody has."""
    words = dict.fromkeys(facts.current.undelivered[one] for one in indicator_ids if one in facts.current.undelivered)
    return f"Uppgift saknas: {listed(list(words))}." if words else ""


def is_nothing(indicator: Indicator, value: Value | None) -> bool:
    """Say whether there is nothing to tell: a sum over nothing is 0 and yet no value, for there was nothing to sum."""
    return value is None or (indicator.kind == "sum" and value.observations == 0)


def words(indicator: Indicator, value: Value | None) -> str:
    """The value as text, without its unit: ``44``, ``1,3``, ``..`` or ``–``."""
    return MISSING if is_nothing(indicator, value) else values.words(indicator, value)


def has_anything(facts: Facts, indicator_ids: Iterable[str]) -> bool:
    """Say whether any of the totals is something to tell of: a value, one that is withheld, or a count above nought."""
    for indicator_id in indicator_ids:
        value = facts.current.get(indicator_id)
        if value is not None and (value.is_protected or (value.value is not None and value.observations)):
            return True
    return False


def value_cell(indicator: Indicator, value: Value | None) -> Cell:
    """The value as a table's cell; percent are stored as shares, so that Excel can show them."""
    display = words(indicator, value)
    seen = None if display in (MISSING, PROTECTED) else values.shown(indicator, value)
    return Cell(display, seen / 100 if seen is not None and is_percent(indicator) else seen)


def interval_cell(indicator: Indicator, value: Value | None) -> Cell:
    """The interval as a table's cell: ``38–49``, or with a minus sign ``−0,2 till 0,5``."""
    if value is not None and value.is_protected:
        return Cell(PROTECTED)
    seen = shown_interval(indicator, value)
    if seen is None:
        return Cell(MISSING)
    between = " till " if seen.low < 0 else "–"
    return Cell(between.join(number(end, indicator.decimals) for end in (seen.low, seen.high)))


def count_cell(value: Value | None, what: str = "observations") -> Cell:
    """A count behind a value: ``observations`` or ``numerator``."""
    if value is None:
        return Cell("0", 0)
    if value.is_protected:
        return Cell(PROTECTED)
    counted = getattr(value, what)
    return Cell(MISSING) if counted is None else Cell(number(counted, 0), int(counted))


def change_cell(comparison: Comparison) -> Cell:
    """The difference as a table's cell, with its sign and what there is to say of it: ``+3*``."""
    if comparison.difference is None:
        return Cell(comparison.mark)
    mark = BROKEN if comparison.broken_by else BEYOND_CHANCE if comparison.is_beyond_chance else ""
    return Cell(f"{comparison.mark}{mark}", comparison.difference)


def compared(facts: Facts, indicator_id: str, then: Period, **cell: str) -> Comparison:
    """Compare a value with that of the period before or of the same period a year earlier."""
    stored = facts.stored(then)
    if indicator_id == SURVEY and stored is not None and not _asked_alike(facts, then, cell):
        reworded = f"frågorna har ändrats sedan {then.title}"
        return Comparison(then, "saknas", None, None, None, MISSING, reworded)
    return compare(
        facts.indicators[indicator_id],
        facts.current.get(indicator_id, **cell),
        stored.get(indicator_id, **cell) if stored else None,
        facts.period,
        then,
    )


def _asked_alike(facts: Facts, then: Period, cell: Mapping[str, str]) -> bool:
    """Say whether everything behind a grade was asked in the same words both years: a question, a block or all."""

    def versions(year: int) -> dict[str, str]:
        return {
            code: question.version
            for (asked, code), question in facts.context.questions.items()
            if asked == year
            and cell.get("fraga_id", code) == code
            and cell.get("block", question.block) == question.block
        }

    return versions(facts.period.year) == versions(then.year)


def judged(facts: Facts, indicator_id: str, insatstyp: str | None = None) -> Judgement:
    """Judge the total of an indicator, or a programme's value, by the goal for it."""
    cell = {} if insatstyp is None else {"insatstyp": insatstyp}
    return judge(
        facts.indicators[indicator_id],
        facts.current.get(indicator_id, **cell),
        facts.target(indicator_id, insatstyp),
    )


def change_clause(comparison: Comparison) -> str:
    """The end of a sentence: how the value has changed and whether chance gives as much, or why that cannot be said."""
    if comparison.words == NOT_COMPARABLE:
        return f"jämförelsevärde saknas för {comparison.then_period.title}"
    if not comparison.difference or comparison.is_beyond_chance is None:
        return comparison.words
    chance = "mer än slumpen brukar ge" if comparison.is_beyond_chance else "inom slumpens gränser"
    return f"{comparison.words}, {chance}"


def told(indicator: Indicator, value: Value | None) -> str | None:
    """The value with its unit for a sentence: ``44 procent``; ``None`` when there is none to tell."""
    seen = None if is_nothing(indicator, value) else values.shown(indicator, value)
    return None if seen is None else with_unit(indicator, seen)


def statement(facts: Facts, indicator_id: str, subject: str, then: Period, *, is_said: bool = True) -> str:
    """Tell a total and its change: ``Närvaron är 83 procent, 2 procentenheter högre än tertial 3 2025.``

    Args:
        facts: Of the report.
        indicator_id: The indicator.
        subject: What it is called as the first words of a sentence.
        then: The period compared with.
        is_said: Where nothing is stored of that period, the report says so once for all its figures.
    """
    indicator, value = facts.indicators[indicator_id], facts.current.get(indicator_id)
    if value is not None and value.is_protected:
        return f"{subject} visas inte, eftersom uppgiften kan röja en person."
    said = told(indicator, value)
    if said is None:
        why = facts.current.undelivered.get(indicator_id)
        because = f": uppgift saknas, {why}" if why else ""
        return f"{subject} går inte att redovisa för {facts.period.title}{because}."
    mean = " i genomsnitt" if indicator.kind == "mean" and indicator.unit != "poäng" else ""
    if is_said and has_nothing_beside(facts, then):
        return f"{subject} är {said}{mean}."
    comparison = compared(facts, indicator_id, then)
    caution = f" {comparison.caution}" if comparison.caution else ""
    joint = ", " if comparison.difference is not None else "; "
    return f"{subject} är {said}{mean}{joint}{change_clause(comparison)}.{caution}"


def change_note(comparison: Comparison, subject: str = "Det") -> str:
    """The change as a card's note, without a full stop: ``Det är 11 fler än 2025``; no sentence begins with a digit."""
    clause = change_clause(comparison)
    return f"{subject} är {clause}" if clause[:1].isdigit() else sentence_case(clause)


def change_sentence(comparison: Comparison) -> str:
    """The change of a value just told, as a sentence of its own: ``Det är 3 procentenheter lägre än tertial 1 2025.``"""
    then = comparison.then_period.title
    if comparison.state == "saknas":
        return f"{sentence_case(change_clause(comparison))}."
    if comparison.difference is None:
        return f"Jämförelsen med {then} visas inte, eftersom den kan röja en person."
    caution = f" {comparison.caution}" if comparison.caution else ""
    return f"Det är {change_clause(comparison)}.{caution}"


def change_sentences(facts: Facts, indicator_id: str, periods: Sequence[Period]) -> str:
    """The changes of a total just told since several periods, put together where the same is to be said of chance."""
    found = [compared(facts, indicator_id, period) for period in periods]
    beyond = {one.is_beyond_chance for one in found}
    are_alike = len(found) == 2 and len(beyond) == 1 and all(one.difference and not one.caution for one in found)
    if not are_alike or None in beyond:
        if len(found) == 2 and all(one.words == NOT_COMPARABLE for one in found):
            return f"Jämförelsevärde saknas för {listed([one.then_period.title for one in found])}."
        return " ".join(change_sentence(one) for one in found)
    chance = "är större än slumpen brukar ge" if True in beyond else "ryms inom slumpens gränser"
    return f"Det är {found[0].words} och {found[1].words}. Båda skillnaderna {chance}."


def usual_periods(facts: Facts) -> tuple[Period, ...]:
    """The periods a value is compared with: the same one a year earlier first, where both seasons are alike."""
    return tuple(dict.fromkeys((facts.period.same_last_year, facts.period.previous)))


def main_period(facts: Facts, indicator_id: str) -> Period:
    """The period that a sentence compares with: a yearly survey always with the year before."""
    if indicator_id == SURVEY:
        return facts.period.same_last_year
    return nearest_stored(facts) or facts.period.same_last_year


def nearest_stored(facts: Facts) -> Period | None:
    """The period that parts of a change are told for: a year earlier where that is stored, else the one before."""
    return next((period for period in usual_periods(facts) if facts.stored(period) is not None), None)
