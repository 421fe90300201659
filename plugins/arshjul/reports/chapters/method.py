"""How the report was made, how certain its values are, and how persons are protected."""

from __future__ import annotations

from dataclasses import replace

from arshjul.catalogue.disclosure import FEW, FEW_FOR_MEAN
from arshjul.comparison.numbers import MISSING, PROTECTED, swedish_time
from arshjul.prose.swedish import listed
from arshjul.reports import appendix
from arshjul.reports.blocks import Block, BulletList, Heading, PageBreak, Paragraph, plain
from arshjul.reports.facts import Facts
from arshjul.reports.figures import BEYOND_CHANCE, BROKEN

_PROTECTION = Heading("Bilaga 1: Så skyddas personer")
_COUNTS = {5: "fem", 10: "tio"}


def method_chapter(facts: Facts, heading: str = "Så är rapporten framtagen") -> list[Block]:
    """Write the chapter on how the report was made.

    Args:
        facts: Of the report.
        heading: Its heading, for a report that has it as an appendix.
    """
    later = _told_later(facts)
    items = (
        (
            f"Rapporten bygger på det som var känt den {swedish_time(facts.current.as_of)}. Leveranser som kom in senare är "
            "inte med."
        ),
        "Varje siffra kan spåras till leverans, fil och rad. Siffrornas namn står i tabellbilagan, bladet Siffror.",
        (
            "En jämförelse görs bara med lagrade värden för samma slags period, och mellan värdena så som de visas. Annars "
            f"står det att jämförelsevärde saknas, eller {MISSING} i en tabell."
        ),
        *(
            [f"Värdena för {listed(later)} bygger på uppgifter som har lämnats i efterhand, med senare månader."]
            if later
            else []
        ),
        (
            "Osäkerheten visar hur mycket ett värde kan bero på slumpen: med samma insatser men andra deltagare av samma "
            "slag hade värdet i 95 fall av 100 stannat mellan de två talen. Antal och belopp har ingen sådan uppgift."
        ),
        (
            f"Tecknet {BEYOND_CHANCE} efter en förändring betyder att den är större än slumpen brukar ge, och bokstaven "
            f"{BROKEN} att serien är bruten, eftersom definitionen har ändrats mellan perioderna."
        ),
    )
    return [
        Heading(heading),
        BulletList(tuple(plain(item) for item in items)),
        *([appendix.left_out(facts)] if facts.left_out else []),
    ]


def _told_later(facts: Facts) -> list[str]:
    """The periods that stand on the history of later files, each once and oldest first."""
    found = dict(facts.history)
    if facts.last_year is not None:
        found[facts.period.same_last_year] = facts.last_year
    return [one.title for one in sorted(found, key=lambda period: period.start) if found[one].is_told_later]


def protection_chapter(facts: Facts, heading: Heading = _PROTECTION) -> list[Block]:
    """Write the appendix on how persons are protected.

    Args:
        facts: Of the report.
        heading: Its heading, for a report that has it as a part of another appendix.
    """
    values = facts.current.values.values()
    hidden = sum(value.is_protected for value in values)
    few, few_mean = _COUNTS[FEW], _COUNTS[FEW_FOR_MEAN]
    items = [
        (
            f"Två punkter ({PROTECTED}) betyder att uppgiften inte visas, eftersom den kan röja en person. Tecknet är detsamma "
            "vilket skälet än är."
        ),
        (
            f"Det gäller antal under {few}, andelar där täljaren, nämnaren eller skillnaden mellan dem är så liten, andelar "
            f"på 0 eller 100 procent, samt medelvärden och medianer för färre än {few_mean}."
        ),
        (
            "Även stora tal kan vara dolda. Om bara ett tal i en tabell doldes skulle det gå att räkna ut från summan eller "
            "från en tidigare rapport. Därför döljs fler, tills inget av de dolda talen går att räkna ut."
        ),
        "Uppgifter som visas är de verkliga. Inga tal har ändrats för skyddets skull.",
        (
            "Ordning, staplar, jämförelser och meningar bygger bara på uppgifter som visas. De säger därför ingenting om "
            "det som är dolt."
        ),
        f"I den här periodens tabeller är {hidden} av {len(values)} uppgifter dolda.",
    ]
    if facts.context.merged:
        items.insert(
            4,
            "Anordnare med få personer redovisas tillsammans som Övriga anordnare, sist i tabellen.",
        )
    return [
        heading,
        Paragraph(plain("Ingen ska kunna räkna ut något om en enskild person från rapporten.")),
        BulletList(tuple(plain(item) for item in items)),
    ]


def appendices(facts: Facts) -> list[Block]:
    """Write the appendices of a report about figures: protection, what the measures mean, and the gate's checks."""
    return [
        PageBreak(),
        *protection_chapter(facts),
        *definitions_appendix(facts, "Bilaga 2: Definitioner"),
        *checks_appendix(facts),
    ]


def definitions_appendix(facts: Facts, heading: str) -> list[Block]:
    """Write what the measures mean, of those that the period has values of.

    Args:
        facts: Of the report.
        heading: Its heading.
    """
    has_value = {indicator_id for indicator_id, _ in facts.current.values}
    shown = {one: indicator for one, indicator in facts.indicators.items() if one in has_value}
    return [Heading(heading), *appendix.definitions(replace(facts, indicators=shown))]


def checks_appendix(facts: Facts) -> list[Block]:
    """Write the appendix on checks; it is the third, as the box on warnings says."""
    return [Heading("Bilaga 3: Kontroller"), appendix.checks(facts), *appendix.warnings(facts)]
