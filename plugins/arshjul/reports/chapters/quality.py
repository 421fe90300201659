"""The chapters of the quality report about what was done and what it led to.

Source: Kvalitetsrapport 2018 för arbetsmarknadsinsatser, Nacka: Sammanfattning, Ärendet, Måluppfyllnadsgrad (R92, T17).
"""

from __future__ import annotations

from collections.abc import Sequence

from arshjul.prose.statements import Statement
from arshjul.reports.blocks import (
    Block,
    BulletList,
    Heading,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Run,
    Text,
    plain,
)
from arshjul.reports.chapters.customers import survey_figures
from arshjul.reports.chapters.outcome import OUTCOME, outcome_against_goal
from arshjul.reports.chapters.paths import DAYS, LASTING, lasting_items
from arshjul.reports.chapters.quality_statements import Quality, QualityStatements
from arshjul.reports.chapters.summary import card
from arshjul.reports.chapters.year_and_tertial import side_by_side, year_and_tertial_trend
from arshjul.reports.figures import SURVEY, has_anything, has_nothing_beside, without_comparison
from arshjul.reports.trends import has_line
from arshjul.reports.written import explanation_notes

RATE = "svarsfrekvens"
FIGURES = (
    OUTCOME,
    "maluppfyllelse_kolada",
    "maluppfyllelse_bred",
    DAYS,
    f"{DAYS}_median",
    *LASTING,
    "kunder",
    "insatser",
    "anordnare_aktiva",
    "kunder_per_coach",
    "kapacitetsutnyttjande",
    "avslutsorsaker",
    SURVEY,
    RATE,
    "kostnad_per_lyckat_avslut",
    "ersattningsavvikelse",
)
"""The measures that the report shows."""

OF_THE_YEAR = tuple(one for one in FIGURES if one not in (SURVEY, RATE))
"""Those of the year: the survey is of the spring after it."""


def summary_of_quality(quality: Quality, said: QualityStatements) -> list[Block]:
    """Write the summary of the same sentences as the body: it cannot drift from it (trap T17)."""
    # The rest is told in the body.
    bullets: list[tuple[str, tuple[Statement, ...]]] = [
        ("Jämfört med året före.", said.outcome[1:]),
        ("Resultat per insats.", said.programmes),
        ("Tid till egen försörjning.", said.days[:2]),
        ("Kunder och insatser.", said.volumes),
        ("Kundundersökningen.", (*said.survey, *said.grades[:3])),
        ("Dialogen med anordnarna.", said.dialogue[:2]),
    ]
    return [
        Heading("Sammanfattning"),
        Paragraph(plain(spoken(said.outcome[:1])), is_lead=True),
        KeyFigures(_cards(quality)),
        *([Paragraph(plain(alone))] if (alone := _nothing_beside(quality)) else []),
        BulletList(tuple(_bullet(name, told) for name, every in bullets if (told := _sayable(every)))),
    ]


def _nothing_beside(quality: Quality) -> str:
    """Say once of which years' like periods nothing is stored."""
    both = [one for one in (quality.year, quality.spring) if one is not None]
    alone = [one.period.same_last_year for one in both if has_nothing_beside(one, one.period.same_last_year)]
    return without_comparison(alone, len(both))


def spoken(statements: tuple[Statement, ...]) -> str:
    """Statements after each other, as a paragraph."""
    return " ".join(one.text for one in statements)


def _sayable(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """What could be said; that something could not is told once, in the body."""
    return tuple(one for one in statements if not one.is_refused)


def _bullet(name: str, statements: tuple[Statement, ...]) -> Text:
    return (Run(name, "strong"), Run(f" {spoken(statements)}"))


def _cards(quality: Quality) -> tuple[KeyFigure, ...]:
    year, spring = quality.year, quality.spring
    cards = [
        card(year, OUTCOME, "%", f"av avslutade insatser ledde till egen försörjning {year.period.title}"),
        card(year, DAYS, "dagar", f"till egen försörjning i genomsnitt {year.period.title}"),
        card(year, "kunder", "kunder", f"hade en insats {year.period.title}"),
    ]
    if spring is not None and has_anything(spring, (SURVEY,)):
        cards.append(card(spring, SURVEY, "av 5", f"i kundernas omdöme {spring.period.year}"))
    return tuple(cards)


def case_chapter(said: QualityStatements) -> list[Block]:
    """Write why and how the follow-up was made: the dialogue and the survey."""
    return [
        Heading("Ärendet"),
        Paragraph(
            plain(
                "Varje år för kommunen en verksamhets- och kvalitetsdialog med de anordnare som har haft flest kunder. "
                "Resultaten jämförs med mål och ambitioner, så att det som fungerar och det som behöver bli bättre blir "
                "synligt för både kommunen och anordnarna."
            )
        ),
        *([Paragraph(plain(spoken(said.dialogue)))] if said.dialogue else []),
        *([Paragraph(plain(spoken(said.survey)))] if said.survey else []),
    ]


def result_chapter(quality: Quality, said: QualityStatements, why: Sequence[Block]) -> list[Block]:
    """Write how the goal was reached, and what the way there was like.

    Args:
        quality: What the report is written from.
        said: Its sentences.
        why: What a person has written on the reasons.
    """
    year, spring = quality.year, quality.spring
    figure = year_and_tertial_trend(
        year,
        spring,
        DAYS,
        "Insatsdagar till egen försörjning",
        "Genomsnitt för insatser som avslutades och ledde till egen försörjning",
        "Källa: anordnarnas leveranser. Ihålig markör: ett tertial är ej jämförbart med ett helår.",
    )
    blocks = outcome_against_goal(year, "Måluppfyllnadsgrad")
    # The statements of the summary stand in the body as they are; the chart and the table follow them.
    blocks[1:2] = [Paragraph(plain(spoken(one))) for one in (said.outcome, said.definitions, said.programmes) if one]
    return [
        *blocks,
        *([Paragraph(plain(spoken(said.reasons)))] if said.reasons else []),
        *explanation_notes(quality.reading, OUTCOME, year.period.same_last_year),
        *why,
        Heading("Tid till egen försörjning", 2),
        Paragraph(plain(spoken(said.days))),
        *explanation_notes(quality.reading, DAYS, year.period.same_last_year),
        *([figure] if has_line(figure) else []),
        Heading("Kvar i egen försörjning", 2),
        Paragraph(plain(spoken(said.lasting))),
        *lasting_items(year),
        Heading("Kunder, insatser och anordnare", 2),
        *([Paragraph(plain(spoken((*said.volumes, *said.market))))] if said.volumes or said.market else []),
        side_by_side(year, spring, [one for one in OF_THE_YEAR if not year.indicators[one].distribution_over]),
        *_survey(quality, said),
    ]


def _survey(quality: Quality, said: QualityStatements) -> list[Block]:
    spring = quality.spring
    if spring is None or not has_anything(spring, (SURVEY,)):
        nothing = f"Det finns ingen kundundersökning att redovisa för {quality.report_year}."
        return [Heading("Kundernas omdömen", 2), Paragraph(plain(nothing))]
    return [
        Heading("Kundernas omdömen", 2),
        *([Paragraph(plain(spoken(said.grades)))] if said.grades else []),
        *survey_figures(spring),
    ]
