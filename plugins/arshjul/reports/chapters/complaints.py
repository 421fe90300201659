"""Complaints and opinions: how many came in, about what, what they led to and how soon they were answered."""

from __future__ import annotations

from arshjul.reports import tables
from arshjul.reports.blocks import Block, Heading, Paragraph, plain
from arshjul.reports.chapters.paths import with_certainty
from arshjul.reports.facts import Facts
from arshjul.reports.figures import has_anything, main_period, statement, undelivered

CASES = "synpunkter_inkomna"
ANSWERED = "svarstid_synpunkter_median"
MENDED = "brister_atgardade"


def complaints_chapter(facts: Facts) -> list[Block]:
    """Write the chapter; one sentence when nothing came in."""
    heading = Heading("Synpunkter och klagomål")
    if not has_anything(facts, (CASES, ANSWERED, MENDED)):
        nothing = undelivered(facts, (CASES,)) or f"Inga synpunkter eller klagomål kom in under {facts.period.title}."
        return [heading, Paragraph(plain(nothing))]
    sentences = [statement(facts, CASES, "Antalet synpunkter och klagomål som kom in", main_period(facts, CASES))]
    if has_anything(facts, (ANSWERED,)):
        sentences.append(with_certainty(facts, ANSWERED, "Mediantiden till svar"))
    if has_anything(facts, (MENDED,)):
        sentences.append(with_certainty(facts, MENDED, "Andelen brister som har lett till en åtgärd"))
    return [
        heading,
        Paragraph(plain(" ".join(sentences))),
        tables.comparison(
            facts, (CASES, ANSWERED, MENDED), "synpunkter", "Synpunkter, svarstid och åtgärdade brister", "Synpunkter"
        ),
        *tables.filled(
            tables.per_breakdown(
                facts, (CASES, ANSWERED), "typ", "synpunkter-slag", "Ärenden och svarstid efter slag", "Synpunkter slag"
            ),
            tables.per_breakdown(
                facts,
                (CASES, MENDED),
                "kategori",
                "synpunkter-kategori",
                "Ärenden och åtgärdade brister efter kategori",
                "Synpunkter kategori",
            ),
        ),
    ]
