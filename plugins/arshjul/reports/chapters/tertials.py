"""The year's tertials side by side: what was reported during the year, beside what the whole year came to."""

from __future__ import annotations

from collections.abc import Sequence

from arshjul.periods import Tertial, parse_period
from arshjul.prose.swedish import listed, sentence_case
from arshjul.reports import tables
from arshjul.reports.blocks import Block, Cell, Column, Heading, Paragraph, Row, Table, plain
from arshjul.reports.facts import Computed
from arshjul.reports.figures import value_cell
from arshjul.reports.report_type import Reading


def tertials_of(period_key: str) -> tuple[str, ...]:
    """The keys of a year's three tertials."""
    return tuple(Tertial(parse_period(period_key).year, tertial).key for tertial in (1, 2, 3))


def tertials_chapter(reading: Reading, indicator_ids: Sequence[str]) -> list[Block]:
    """Write the chapter.

    Args:
        reading: Has the tertials beside it; one that it lacks is told to be missing.
        indicator_ids: The rows; those without any value are left out.
    """
    facts, keys = reading.facts, tertials_of(reading.facts.period.key)
    found: dict[str, Computed | None] = {
        key: reading.beside[key].current if key in reading.beside else None for key in keys
    }
    stored = {key: one for key, one in found.items() if one is not None}
    heading = Heading("Året, tertial för tertial")
    if not stored:
        return [
            heading,
            Paragraph(plain(f"Ingen tertialrapport för {facts.period.title} finns att ställa bredvid året.")),
        ]
    shown = [
        facts.indicators[one]
        for one in indicator_ids
        if any(source.get(one) is not None for source in (facts.current, *stored.values()))
    ]
    rows = tuple(
        Row(
            (
                Cell(tables.value_title(one)),
                *(value_cell(one, source.get(one.id)) for source in stored.values()),
                value_cell(one, facts.current.get(one.id)),
            )
        )
        for one in shown
    )
    missing = [parse_period(key).title for key, one in found.items() if one is None]
    return [
        heading,
        Paragraph(
            plain(
                "Tertialen jämförs inte med helåret: ett helår är längre, och den som har varit kund i flera tertial räknas "
                "en gång på året."
            )
        ),
        Table(
            id="tertial-for-tertial",
            title=f"Tertialen och helåret {facts.period.title}",
            columns=(
                Column("Mått", width=2.8),
                *(Column(sentence_case(parse_period(key).title), "right", number_format="General") for key in stored),
                Column(f"Helår {facts.period.title}", "right", number_format="General"),
            ),
            rows=rows,
            note=tables.explained(rows, f"Värden saknas för {listed(missing)}." if missing else ""),
            sheet="Tertial för tertial",
        ),
    ]
