"""Årshjulets utfall: which of the year's activities were done, in time, late or not at all.

Source: BIN 2016-134, 2 Handlingsplanens syfte (requirement R106).
"""

from __future__ import annotations

from collections.abc import Sequence

from arshjul.comparison.numbers import counted, number, opening
from arshjul.prose.swedish import made_up_of
from arshjul.reports.blocks import Block, Cell, Column, Heading, Paragraph, Row, Table, plain
from arshjul.wheel.outcome import Outcome

_COLUMNS = (
    ("Planerade", "planned"),
    ("Klara i tid", "done"),
    ("Klara för sent", "done_late"),
    ("Försenade", "late"),
    ("Missade", "missed"),
    ("Återstår", "not_due"),
)


def year_outcome_chapter(year: int, outcomes: Sequence[Outcome]) -> list[Block]:
    """Write the chapter; one sentence when the year had no activities.

    Args:
        year: The follow-up year.
        outcomes: From :func:`arshjul.wheel.outcome.outcome`: one for each activity, the whole year last.
    """
    heading, whole = Heading("Årshjulets utfall"), outcomes[-1]
    if not whole.planned:
        return [heading, Paragraph(plain(f"Inga aktiviteter i årshjulet var planerade för {year}."))]
    return [heading, Paragraph(plain(_sentences(year, whole))), _table(year, outcomes)]


def _sentences(year: int, whole: Outcome) -> str:
    counts = (
        (whole.done, "klart i tid", "klara i tid"),
        (whole.done_late, "klart för sent", "klara för sent"),
        (whole.late, "försenat", "försenade"),
        (whole.missed, "missat", "missade"),
    )
    parts = [f"{number(count)} {one if count == 1 else many}" for count, one, many in counts if count]
    every = counted(whole.planned, "planerat tillfälle", "planerade tillfällen")
    said = f"Av {every} under {year} {made_up_of(parts, whole.not_due, 'återstår')}."
    if whole.not_applicable:
        are = opening(whole.not_applicable, "tillfälle var inte aktuellt", "tillfällen var inte aktuella", "ett")
        said += f" {are} och räknas inte."
    return said


def _table(year: int, outcomes: Sequence[Outcome]) -> Table:
    rows = tuple(
        Row(
            (
                Cell(one.title),
                *(_count(getattr(one, name), is_bad=name in ("late", "missed")) for _, name in _COLUMNS),
            ),
            is_total=not one.activity_id,
        )
        for one in outcomes
        if one.planned
    )
    return Table(
        id="arshjulets-utfall",
        title=f"Planerat och gjort {year}",
        columns=(
            Column("Aktivitet", width=3),
            *(Column(title, "right", number_format="#,##0") for title, _ in _COLUMNS),
        ),
        rows=rows,
        note="Ett tillfälle är en gång som något ska göras. Försenat = dagen har passerat. Missat = det räknas inte längre.",
        sheet="Årshjulets utfall",
    )


def _count(count: int, *, is_bad: bool) -> Cell:
    return Cell(number(count), count, state="missing" if is_bad and count else "")
