"""Visits in a report: when and where, who took part, what was thought of it and what came of it.

The notes are never read: only the analysis, which is written to be shown. Source: BIN 2016-134, 5.2 Nämndbesök and
Tjänstemannabesök (requirements R69–R73, R79).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from arshjul.comparison.numbers import MISSING, opening, swedish_date
from arshjul.prose.swedish import listed
from arshjul.registers.actions import Action
from arshjul.registers.visits import Lack, Visit
from arshjul.reports.blocks import Block, BulletList, Cell, Column, Heading, Paragraph, Row, Run, Table, plain
from arshjul.reports.chapters.actions_chapter import actions_table

_ITEM = re.compile(r"^\s*(?:[-*•–]|\d+[.)]|Förbättringsområde:)\s+(?P<item>\S.*?)\s*$", re.IGNORECASE)

LACKING: dict[Lack, str] = {"inget_besok": "besöket", "minnesanteckningar": "minnesanteckningar", "analys": "analys"}


def of_visit(actions: Iterable[Action], visit: Visit) -> list[Action]:
    """The actions that came of a visit: what is to improve there."""
    return [one for one in actions if one.source == "besok" and one.source_id == visit.visit_id]


def analysis_blocks(analysis: str) -> list[Block]:
    """An analysis as it was delivered: paragraphs, and its list as a list. Nothing in it is taken for markup."""
    blocks: list[Block] = []
    items: list[str] = []
    for line in [*analysis.splitlines(), ""]:
        found = _ITEM.match(line)
        if found:
            items.append(found["item"])
            continue
        if items:
            blocks.append(BulletList(tuple(map(plain, items))))
            items = []
        if line.strip():
            blocks.append(Paragraph(plain(line.strip())))
    return blocks


def visits_table(visits: Sequence[Visit], actions: Sequence[Action], table_id: str, title: str) -> Table:
    """The visits one below the other, with what is to improve counted.

    Args:
        visits: In order of time.
        actions: Every action.
        table_id: Stable name.
        title: Caption; also the sheet's name.
    """
    rows = []
    for one in visits:
        count = len(of_visit(actions, one))
        rows.append(
            Row(
                (
                    Cell(swedish_date(one.day)),
                    Cell(one.object_name),
                    Cell(one.who),
                    Cell(str(one.report_year), one.report_year) if one.report_year else Cell(MISSING),
                    Cell(str(count), count) if one.is_done else Cell(MISSING),
                )
            )
        )
    return Table(
        id=table_id,
        title=title,
        columns=(
            Column("Dag", width=1.1),
            Column("Verksamhet", width=1.8),
            Column("Deltagare", width=2.2),
            Column("Kvalitetsrapport för", "right", 0.9, "0"),
            Column("Åtgärder", "right", 0.7, "#,##0"),
        ),
        rows=tuple(rows),
        note=f"{MISSING} = ingen kvalitetsrapport hade kommit in."
        if any(not one.report_year for one in visits)
        else "",
        sheet=title,
    )


def visit_section(visit: Visit, actions: Sequence[Action], day: date) -> list[Block]:
    """Write what one visit gave: who took part, what it followed up, the analysis and what came of it.

    Args:
        visit: One that has been made.
        actions: Every action.
        day: The day lateness is counted at.
    """
    about = (
        f"Besöket kunde följa upp verksamhetens kvalitetsrapport för {visit.report_year}."
        if visit.report_year
        else "Verksamheten hade inte lämnat någon kvalitetsrapport att följa upp."
    )
    blocks: list[Block] = [
        Heading(f"{visit.object_name}, {swedish_date(visit.day)}", 2),
        Paragraph((Run("Deltagare: ", "strong"), Run(f"{visit.who.rstrip('.')}. {about}"))),
    ]
    if visit.is_outside_window:
        blocks.append(Paragraph((Run("Utanför perioden: ", "strong"), Run("nämndens besök görs september–maj."))))
    if visit.analysis:
        blocks += analysis_blocks(visit.analysis)
    if visit.lacks:
        missing = listed([LACKING[one] for one in visit.lacks])
        blocks.append(Paragraph((Run("Saknas: ", "strong"), Run(f"{missing}."))))
    found = of_visit(actions, visit)
    if found:
        title = f"Förbättringsområden efter besöket {swedish_date(visit.day)}"
        sheet = f"Besök {visit.day.isoformat()}"
        blocks.append(actions_table(found, day, f"atgarder-{visit.visit_id}", title, sheet=sheet))
    else:
        blocks.append(Paragraph(plain("Inga åtgärder är beslutade efter besöket.")))
    if (left := len(visit.areas) - len(found)) > 0:
        said = f"{opening(left, 'förbättringsområde', 'förbättringsområden', 'ett')} i analysen har ännu ingen åtgärd."
        blocks.append(Paragraph((Run("Att göra: ", "strong"), Run(said))))
    return blocks
