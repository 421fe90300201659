"""Results against goals: the share that reached work, studies or own business, and what its change is made of."""

from __future__ import annotations

from arshjul.comparison.decomposition import Decomposition, decompose, table_rows
from arshjul.comparison.numbers import NO_BREAK_SPACE
from arshjul.comparison.targets import Judgement
from arshjul.comparison.uncertainty import interval_sentence, shown_interval
from arshjul.comparison.values import places_of, shown
from arshjul.periods import Period
from arshjul.reports import tables
from arshjul.reports.blocks import Block, Cell, Column, Figure, Heading, Paragraph, Row, Table, plain
from arshjul.reports.chart_data import Bar, BarChart
from arshjul.reports.facts import Facts
from arshjul.reports.figures import (
    change_sentences,
    compared,
    judged,
    nearest_stored,
    told,
    usual_periods,
    words,
)
from arshjul.reports.trends import goal_label, series

OUTCOME = "maluppfyllelse"
PERCENT = f"{NO_BREAK_SPACE}%"
_INTERVAL = "Det smala strecket över en stapel visar hur mycket värdet kan bero på slumpen."


def outcome_chapter(facts: Facts) -> list[Block]:
    """Write the chapter: the goal, the chart, how it has changed and why."""
    return [
        *outcome_against_goal(facts),
        Heading("Utveckling", 2),
        Paragraph(plain(_development(facts))),
        *series(
            facts,
            OUTCOME,
            "Måluppfyllelse",
            "Andel avslutade insatser som ledde till arbete, studier eller eget företag",
        ),
        tables.comparison(facts, (OUTCOME,), "utveckling", "Måluppfyllelse jämfört med tidigare", "Utveckling"),
        *_why(facts),
    ]


def outcome_in_brief(facts: Facts) -> list[Block]:
    """Write the chapter as a report beside others needs it: the goal, the chart and what has changed, without the series."""
    return [*outcome_against_goal(facts), Paragraph(plain(_development(facts))), *_why(facts)]


def outcome_against_goal(facts: Facts, heading: str = "Måluppfyllelse") -> list[Block]:
    """Write how the outcome stands to its goal, in words, as a chart and as a table.

    Args:
        facts: Of the report.
        heading: The chapter's.
    """
    return [
        Heading(heading),
        Paragraph(plain(_against_goal(facts))),
        *_figure(facts),
        tables.outcome_against_target(facts, OUTCOME),
    ]


def _against_goal(facts: Facts) -> str:
    indicator, value, judgement = facts.indicators[OUTCOME], facts.current.get(OUTCOME), judged(facts, OUTCOME)
    sentences = [judgement.threshold or "Nämnden har inget mål för måluppfyllelsen i år."]
    said = told(indicator, value)
    if said is None:
        is_hidden = value is not None and value.is_protected
        why = "visas inte, eftersom uppgiften kan röja en person" if is_hidden else "går inte att redovisa"
        sentences.append(f"Utfallet {why}.")
    else:
        distance = f", {judgement.distance_words}" if judgement.distance_words else ""
        sentences.append(f"Utfallet är {said}{distance}.")
        sentences.append(interval_sentence(indicator, value) or "")
    return " ".join(filter(None, sentences))


def _development(facts: Facts) -> str:
    said = told(facts.indicators[OUTCOME], facts.current.get(OUTCOME))
    if said is None:
        return "Utan ett utfall kan ingen jämförelse göras."
    return f"Utfallet är {said}. {change_sentences(facts, OUTCOME, usual_periods(facts))}"


def _figure(facts: Facts) -> list[Block]:
    goal = facts.target(OUTCOME)
    codes: list[str | None] = [*facts.in_order(OUTCOME, "insatstyp"), None]
    bars = tuple(_bar(facts, code) for code in codes)
    if all(bar.value is None for bar in bars):
        return []
    verdict = {
        "natt": ": målet nåddes för insatserna sammantaget",
        "nara": ": insatserna sammantaget är nära målet",
        "inte_natt": ": målet nåddes inte för insatserna sammantaget",
        None: "",
    }[judged(facts, OUTCOME).outcome]
    has_interval = any(bar.interval for bar in bars)
    return [
        Figure(
            "maluppfyllelse",
            f"Måluppfyllelse per insats{verdict}",
            f"Andel avslutade insatser som ledde till arbete, studier eller eget företag, {facts.period.title}",
            BarChart(
                bars,
                None if goal is None or goal.target is None else float(goal.target),
                goal_label(goal, PERCENT),
            ),
            "Källa: anordnarnas leveranser. Avståndet till insatsens eget mål anges i procentenheter."
            + (f" {_INTERVAL}" if has_interval else ""),
            tables.outcome_against_target(facts, OUTCOME),
        )
    ]


def _bar(facts: Facts, code: str | None) -> Bar:
    """One programme's bar, or the total's; a protected value has neither length, interval nor distance."""
    indicator = facts.indicators[OUTCOME]
    value = facts.current.get(OUTCOME, **({"insatstyp": code} if code else {}))
    judgement, rounded, reach = judged(facts, OUTCOME, code), shown(indicator, value), shown_interval(indicator, value)
    goal = judgement.goal.target if judgement.goal else None
    return Bar(
        label=facts.label("insatstyp", code) if code else tables.ALL["insatstyp"],
        value=None if rounded is None else float(rounded),
        display=words(indicator, value) + (PERCENT if rounded is not None else ""),
        target=None if goal is None else float(goal),
        note=_distance(judgement),
        is_reached=None if judgement.outcome is None else judgement.outcome == "natt",
        is_total=code is None,
        is_near=judgement.outcome == "nara",
        interval=None if reach is None else (float(reach.low), float(reach.high)),
    )


def _distance(judgement: Judgement) -> str:
    """``3 över målet`` or, when near, ``2 under, nära målet``."""
    if judgement.distance is None:
        return ""
    if not judgement.distance:
        return "på målet"
    size = f"{abs(judgement.distance):.{places_of(judgement.distance)}f}".replace(".", ",")
    side = "över" if judgement.distance > 0 else "under"
    return f"{size} {side}, nära målet" if judgement.outcome == "nara" else f"{size} {side} målet"


def _why(facts: Facts) -> list[Block]:
    """Split the change into results within the programmes and another mix of them, for every period that allows it."""
    then = nearest_stored(facts)
    if then is None or compared(facts, OUTCOME, then).difference is None:
        return []
    found = {period: _split(facts, period) for period in usual_periods(facts)}
    parts = {period: split for period, split in found.items() if split is not None}
    heading = Heading("Vad förändringen beror på", 2)
    if not parts:
        why = "Förändringen redovisas inte uppdelad på resultat och fördelning, eftersom värdet för någon insats inte visas."
        return [heading, Paragraph(plain(why))]
    first, split = next(iter(parts.items()))
    explanation = (
        "Utfallet kan ändras på två sätt: resultaten inom insatserna kan bli bättre eller sämre, och fler eller färre av "
        f"avsluten kan komma från insatser med höga resultat. Jämfört med {first.title}: "
        f"{split.sentence[:1].lower()}{split.sentence[1:]}"
    )
    return [heading, Paragraph(plain(explanation)), _split_table(facts, parts)]


def _split(facts: Facts, then: Period) -> Decomposition | None:
    stored = facts.stored(then)
    if stored is None:
        return None

    return decompose(
        facts.indicators[OUTCOME],
        "insatstyp",
        facts.current.get(OUTCOME),
        stored.get(OUTCOME),
        facts.current.by(OUTCOME, "insatstyp"),
        stored.by(OUTCOME, "insatstyp"),
    )


def _split_table(facts: Facts, parts: dict[Period, Decomposition]) -> Table:
    indicator = facts.indicators[OUTCOME]
    columns = {period: table_rows(split, indicator) for period, split in parts.items()}
    numbers = {period: (split.shown_rate, split.shown_mix, split.shown_change) for period, split in parts.items()}
    names = [name for name, _ in next(iter(columns.values()))]
    rows = tuple(
        Row(
            (
                Cell(name),
                *(Cell(columns[period][place][1], numbers[period][place]) for period in parts),
            ),
            is_total=place == len(names) - 1,
        )
        for place, name in enumerate(names)
    )
    return Table(
        id="forandringens-delar",
        title="Vad förändringen beror på, i procentenheter",
        columns=(
            Column("Del", width=2),
            *(Column(f"Sedan {period.title}", "right", number_format="General") for period in parts),
        ),
        rows=rows,
        note="Delarna är avrundade så att de tillsammans blir förändringen.",
        sheet="Förändringens delar",
    )
