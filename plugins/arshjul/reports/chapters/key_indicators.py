"""The measures in the three areas that quality is followed up in: structure, process and result.

Source: BIN 2016-134, 5 "strukturkvalitet, processkvalitet, resultatkvalitet" (requirement R53).
"""

from __future__ import annotations

from arshjul.catalogue.indicators import Indicator
from arshjul.prose.swedish import listed
from arshjul.reports import tables
from arshjul.reports.appendix import in_reading_order
from arshjul.reports.blocks import Block, Heading, Paragraph, plain
from arshjul.reports.facts import Facts
from arshjul.reports.figures import has_anything

AREAS = {
    "resultat": ("Resultatkvalitet", "vad verksamheten leder till"),
    "process": ("Processkvalitet", "hur verksamheten arbetar"),
    "struktur": ("Strukturkvalitet", "vilka möjligheter och begränsningar verksamheten har"),
}
"""Each area's name and what it is about, in reading order: the result first."""


def known_indicators(facts: Facts) -> dict[str, Indicator]:
    """The measures that have something to tell of the period; a distribution has no total of its own."""
    return {
        one.id: one
        for one in sorted(facts.indicators.values(), key=lambda found: in_reading_order(found.id))
        if not one.distribution_over and has_anything(facts, (one.id,))
    }


def key_indicators_chapter(facts: Facts) -> list[Block]:
    """Write the chapter: one table for each area, beside the same period a year earlier; one sentence without values."""
    heading, known = Heading("Nyckeltal"), known_indicators(facts)
    if not known:
        return [heading, Paragraph(plain(f"Det finns inga nyckeltal att redovisa för {facts.period.title}."))]
    parts = [f"{name.lower()} ({about})" for name, about in AREAS.values()]
    blocks: list[Block] = [
        heading,
        Paragraph(plain(f"Kvaliteten följs upp på tre områden: {listed(parts)}.")),
    ]
    for area, (name, _) in AREAS.items():
        found = [one.id for one in known.values() if one.quality_area == area]
        if found:
            blocks.append(tables.comparison(facts, found, f"nyckeltal-{area}", f"Nyckeltal: {name.lower()}", name))
    return blocks
