"""The latest figures before a visit: the object's own where readers may see them, and the whole activity's beside them."""

from __future__ import annotations

from arshjul.prose.swedish import sentence_case
from arshjul.reports import tables
from arshjul.reports.blocks import Block, Cell, Column, Heading, Paragraph, Row, Table, plain
from arshjul.reports.chapters.peers_of_provider import OF_SURVEY, OWN, own_table, told_of
from arshjul.reports.facts import Facts
from arshjul.reports.figures import cells_beside, columns_beside, value_cell

BUDGET = "budgetavvikelse"
WHOLE = (
    "maluppfyllelse",
    "insatsdagar_till_egen_forsorjning",
    "stegforflyttning",
    "trappmatning_tackning",
    "kunder",
    "narvarograd",
    "kunder_per_coach",
    "tid_till_start",
    "kartlaggning_inom_14_dagar",
    "kundnojdhet",
    "kursbetyg",
)
"""What a visit talks about, in reading order."""


def figures_section(facts: Facts, object_id: str, provider: str | None) -> list[Block]:
    """Write the figures: the object's own first, then all activities' together.

    Args:
        facts: Of the newest tertial.
        object_id: The object.
        provider: The provider behind it, where it is one's.
    """
    blocks: list[Block] = [Heading(f"Siffror för {facts.period.title}")]
    own = told_of(facts, (*OWN, *OF_SURVEY), provider) if provider else []
    if provider and own:
        blocks.append(own_table(facts, own, provider, "egna-siffror", "Verksamhetens egna siffror"))
    else:
        blocks.append(Paragraph(plain(_NO_OWN)))
    if facts.current.get(BUDGET, objekt_id=object_id) is not None:
        blocks.append(_budget(facts, object_id))
    known = [one for one in WHOLE if one in facts.indicators]
    blocks.append(tables.comparison(facts, known, "alla-siffror", "Alla verksamheter tillsammans", "Alla verksamheter"))
    return blocks


_NO_OWN = (
    "Resultaten redovisas inte särskilt för den här verksamheten. Siffrorna nedan gäller alla verksamheter tillsammans, så "
    "som de har redovisats för alla läsare."
)


def _budget(facts: Facts, object_id: str) -> Table:
    indicator, then = facts.indicators[BUDGET], facts.period.same_last_year
    cells = [Cell(indicator.title), value_cell(indicator, facts.current.get(BUDGET, objekt_id=object_id))]
    columns = [Column("Mått", width=2.4), Column(sentence_case(facts.period.title), "right", number_format="General")]
    columns += columns_beside(facts, then)
    rows = (Row((*cells, *cells_beside(facts, BUDGET, then, objekt_id=object_id))),)
    note = "Kronor. Ett minus betyder att utfallet är högre än budgeten."
    return Table("ekonomi", "Verksamhetens ekonomi", tuple(columns), rows, tables.explained(rows, note), "Ekonomi")
