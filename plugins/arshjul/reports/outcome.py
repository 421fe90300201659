"""The report's chapter on results against goals: the share that reached work, studies or own business."""

from __future__ import annotations

from arshjul.reports import tables
from arshjul.reports.blocks import Bar, BarChart, Block, Figure, Heading, Paragraph, plain
from arshjul.reports.facts import Facts
from arshjul.reports.figures import NOT_COMPARABLE, change_words, reached, shown, trend_words, words
from arshjul.reports.numbers import NO_BREAK_SPACE, number
from arshjul.reports.trends import trend

OUTCOME = "maluppfyllelse"
TWINS = ("maluppfyllelse", "maluppfyllelse_kolada", "maluppfyllelse_bred")
PERCENT = f"{NO_BREAK_SPACE}%"


def outcome_chapter(facts: Facts) -> list[Block]:
    """Write the chapter: the goal, the chart, how it has changed, three ways of counting, who and why."""
    return [
        Heading("Måluppfyllelse"),
        Paragraph(plain(_goal_sentence(facts))),
        _figure(facts),
        tables.outcome_against_target(facts, OUTCOME),
        Heading("Utveckling", 2),
        trend(
            facts,
            OUTCOME,
            "Måluppfyllelse",
            "Andel avslutade insatser som ledde till arbete, studier eller eget företag",
        ),
        tables.comparison(facts, (OUTCOME,), "utveckling", "Måluppfyllelse jämfört med tidigare", "Utveckling"),
        *_three_definitions(facts),
        *_who_and_why(facts),
    ]


def _goal_sentence(facts: Facts) -> str:
    target = facts.target(OUTCOME)
    if target is None:
        return "Nämnden har inget mål för måluppfyllelsen i år. Utfallet redovisas utan jämförelse med mål."
    sentence = (
        f"Nämndens mål är att {number(target.target, 0)} procent ska vara i arbete, studier eller eget företag när insatsen är "
        f"avslutad. Utfallet är {trend_words(facts, OUTCOME)}"
    )
    if facts.last_year is None:
        return f"{sentence}. För {facts.period.same_last_year.title} saknas jämförelsevärde."
    indicator = facts.indicators[OUTCOME]
    year_ago = change_words(
        indicator, facts.current.get(OUTCOME), facts.last_year.get(OUTCOME), facts.period.same_last_year
    )
    return f"{sentence}." if year_ago == NOT_COMPARABLE else f"{sentence} och {year_ago}."


def _figure(facts: Facts) -> Figure:
    target = facts.target(OUTCOME)
    codes: list[str | None] = [*facts.in_order(OUTCOME, "insatstyp"), None]
    is_reached = reached(facts.indicators[OUTCOME], facts.current.get(OUTCOME), target)
    verdict = "" if is_reached is None else f": målet nåddes {'' if is_reached else 'inte '}för insatserna sammantaget"
    return Figure(
        "maluppfyllelse",
        f"Måluppfyllelse per insats{verdict}",
        f"Andel avslutade insatser som ledde till arbete, studier eller eget företag, {facts.period.title}",
        BarChart(
            tuple(_bar(facts, code) for code in codes),
            None if target is None else float(target.target),
            "" if target is None else f"Mål {number(target.target, 0)}{PERCENT}",
        ),
        "Källa: anordnarnas leveranser. Avståndet till insatsens eget mål anges i procentenheter.",
        tables.outcome_against_target(facts, OUTCOME),
    )


def _bar(facts: Facts, code: str | None) -> Bar:
    """One programme's bar, or the total's; a protected value has neither length nor distance."""
    indicator = facts.indicators[OUTCOME]
    value = facts.current.get(OUTCOME, **({"insatstyp": code} if code else {}))
    target, rounded = facts.target(OUTCOME, code), shown(indicator, value)
    note = ""
    if rounded is not None and target is not None:
        distance = rounded - target.target
        side = "på målet" if distance == 0 else "över målet" if distance > 0 else "under målet"
        note = side if distance == 0 else f"{number(abs(distance), 0)} {side}"
    return Bar(
        label=facts.label("insatstyp", code) if code else tables.ALL["insatstyp"],
        value=None if rounded is None else float(rounded),
        display=words(indicator, value) + (PERCENT if rounded is not None else ""),
        target=None if target is None else float(target.target),
        note=note,
        is_reached=reached(indicator, value, target),
        is_total=code is None,
    )


def _three_definitions(facts: Facts) -> list[Block]:
    return [
        Heading("Tre sätt att räkna", 2),
        Paragraph(
            plain(
                "Kommunens egen definition räknar även kommunal anställning som att målet är nått. Måttet enligt Koladas "
                "definition följer Koladas sätt att räkna (egen bearbetning, inte Koladas siffra). Den breda definitionen "
                "räknar också andra studier "
                "och deltidsarbete."
            )
        ),
        tables.comparison(
            facts, TWINS, "definitioner-jamforda", "Måluppfyllelse med tre definitioner", "Tre definitioner"
        ),
    ]


def _who_and_why(facts: Facts) -> list[Block]:
    return [
        Heading("Vilka som når målet", 2),
        tables.crossed(facts, OUTCOME, "insatstyp", "kon", "Insats och kön"),
        tables.crossed(facts, OUTCOME, "insatstyp", "aldersgrupp", "Insats och ålder"),
        tables.per_breakdown(
            facts,
            (OUTCOME, "kunder", "insatser"),
            "anordnare",
            "anordnare",
            "Resultat och volym per anordnare",
            "Anordnare",
        ),
        Heading("Varför insatser slutade", 2),
        tables.per_breakdown(
            facts,
            ("avslutsorsaker",),
            "avslutsorsak",
            "avslutsorsaker",
            "Avslutsorsaker, andel av avslut",
            "Avslutsorsaker",
        ),
    ]
