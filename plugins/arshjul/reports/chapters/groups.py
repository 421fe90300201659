"""Who reaches the goal: by sex, age and provider, how the change is spread over providers, and why programmes ended."""

from __future__ import annotations

from arshjul.comparison.distribution import Distribution, distribution_of_change
from arshjul.reports import tables
from arshjul.reports.blocks import Block, Heading, Paragraph, plain
from arshjul.reports.chapters.outcome import OUTCOME
from arshjul.reports.facts import Facts
from arshjul.reports.figures import compared, nearest_stored


def groups_chapter(facts: Facts) -> list[Block]:
    """Write the part on groups; a table of nothing is left out."""
    by_group = tables.filled(
        tables.crossed(facts, OUTCOME, "insatstyp", "kon", "Insats och kön"),
        tables.crossed(facts, OUTCOME, "insatstyp", "aldersgrupp", "Insats och ålder"),
    )
    then = nearest_stored(facts)
    by_provider = tables.filled(
        tables.per_breakdown(
            facts,
            (OUTCOME, "kunder", "insatser"),
            "anordnare",
            "anordnare",
            "Resultat och volym per anordnare",
            "Anordnare",
            changes=(OUTCOME,) if then else (),
        )
    )
    reasons = tables.filled(
        tables.per_breakdown(
            facts,
            ("avslutsorsaker",),
            "avslutsorsak",
            "avslutsorsaker",
            "Avslutsorsaker, andel av avslut",
            "Avslutsorsaker",
        )
    )
    blocks: list[Block] = []
    if by_group:
        blocks += [Heading("Vilka som når målet", 2), Paragraph(plain(_GROUPS)), *by_group]
    if by_provider:
        blocks += [Heading("Resultat per anordnare", 2), *_spread(facts), *by_provider]
    if reasons:
        told = "Varje avslut har en orsak. Tabellen visar hur stor del av avsluten som varje orsak stod för."
        blocks += [Heading("Varför insatser slutade", 2), Paragraph(plain(told)), *reasons]
    return blocks


_GROUPS = (
    "Ju färre som ligger bakom ett värde, desto mer kan det bero på slumpen. Två värden vars osäkerhet överlappar behöver "
    "inte skilja sig åt på riktigt."
)


def _spread(facts: Facts) -> list[Block]:
    """How many providers moved which way, beside the total."""
    then, found = nearest_stored(facts), _distribution(facts)
    if then is None or found is None or not found.compared:
        return []
    sentences = " ".join(found.sentences)
    return [Paragraph(plain(f"Så har måluppfyllelsen ändrats sedan {then.title}. {sentences}"))]


def opposed_sentence(facts: Facts) -> str | None:
    """Tell when most providers went the other way than the total; ``None`` when they did not."""
    found = _distribution(facts)
    return next((one for one in found.sentences if one.startswith("Totalen")), None) if found else None


def _distribution(facts: Facts) -> Distribution | None:
    then = nearest_stored(facts)
    stored = facts.stored(then) if then else None
    if then is None or stored is None or compared(facts, OUTCOME, then).difference is None:
        return None
    return distribution_of_change(
        facts.indicators[OUTCOME],
        facts.current.get(OUTCOME),
        stored.get(OUTCOME),
        facts.current.by(OUTCOME, "anordnare"),
        stored.by(OUTCOME, "anordnare"),
    )
