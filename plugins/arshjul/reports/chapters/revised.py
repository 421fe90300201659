"""Figures of earlier reports that now have another value: what they were, what they are, and why."""

from __future__ import annotations

from arshjul.prose.swedish import sentence_case
from arshjul.reports import tables
from arshjul.reports.blocks import Block, BulletList, Cell, Column, Heading, Paragraph, Row, Table, plain
from arshjul.reports.facts import Facts
from arshjul.reports.figures import value_cell
from arshjul.reports.revisions import PublicRevision, reasons, revision_note

_MOST_TOLD = 8


def known_revisions(facts: Facts) -> list[PublicRevision]:
    """The revisions of indicators that the report knows."""
    return [one for one in facts.context.revisions if one.indicator_id in facts.indicators]


def revised_chapter(facts: Facts) -> list[Block]:
    """Write the chapter: the totals as sentences, everything as a table; one sentence when nothing has changed."""
    heading = Heading("Ändrade uppgifter sedan tidigare rapporter")
    found = known_revisions(facts)
    if not found:
        return [heading, Paragraph(plain("Inga uppgifter i tidigare rapporter har ändrats."))]
    totals = [one for one in found if not one.cell][:_MOST_TOLD]
    notes = tuple(plain(revision_note(one, facts.indicators[one.indicator_id], facts.labels)) for one in totals)
    introduction = (
        "Uppgifter som har kommit in eller rättats efter en rapport ändrar det som redovisades då. De jämförelser som görs "
        "här bygger på dagens värden."
    )
    return [heading, Paragraph(plain(introduction)), *([BulletList(notes)] if notes else []), _table(facts, found)]


def _table(facts: Facts, found: list[PublicRevision]) -> Table:
    rows = []
    for one in found:
        indicator = facts.indicators[one.indicator_id]
        about = ", ".join(facts.label(breakdown, code) for breakdown, code in sorted(one.cell.items())) or "Alla"
        rows.append(
            Row(
                (
                    Cell(tables.value_title(indicator)),
                    Cell(about),
                    Cell(sentence_case(one.period.title)),
                    value_cell(indicator, one.old),
                    value_cell(indicator, one.new),
                    Cell(reasons(one, indicator)),
                )
            )
        )
    return Table(
        id="andrade-uppgifter",
        title="Uppgifter som har ett annat värde än i en tidigare rapport",
        columns=(
            Column("Mått", width=1.6),
            Column("Avser", width=1.5),
            Column("Period", width=1.2),
            Column("Tidigare", "right", number_format="General"),
            Column("Nu", "right", number_format="General"),
            Column("Orsak", width=3),
        ),
        rows=tuple(rows),
        note=tables.explained(rows),
        sheet="Ändrade uppgifter",
    )
