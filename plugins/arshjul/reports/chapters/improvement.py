"""What is being done about what was found: actions by stage, those that are late, and loops that are still open.

Actions after complaints are told of in the complaints' own summary: a complaint is one person's, and few. Source: BIN
2016-134, 5.2 and 6 (requirements R74, R90, R97).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from arshjul.comparison.numbers import MISSING, counted, number, opening, swedish_date
from arshjul.registers.actions import Action, stage_counts
from arshjul.registers.loops import OpenLoop
from arshjul.reports import tables
from arshjul.reports.blocks import Block, Cell, Column, Heading, Paragraph, Row, Table, plain
from arshjul.reports.chapters.actions_chapter import gathered_table
from arshjul.reports.chapters.follow_up import FollowUp

_APART = "klagomal"


def actions_chapter(
    actions: Sequence[Action], day: date, names: Mapping[str, str], loops: Sequence[OpenLoop] | None = None
) -> list[Block]:
    """Write the chapter; one sentence when there are no actions.

    Args:
        actions: All that are known.
        day: The day it is asked.
        names: Providers by number.
        loops: The year's open loops, in a report that closes the year.
    """
    told = [one for one in actions if one.source != _APART and one.decided <= day]
    heading = Heading("Åtgärder")
    if not told:
        return [heading, Paragraph(plain("Inga åtgärder är beslutade."))]
    left = [one for one in told if not one.is_closed]
    late = [one for one in told if one.is_overdue(day)]
    sentences = [
        (
            f"Av {counted(len(told), 'beslutad åtgärd', 'beslutade åtgärder')} är "
            f"{counted(len(told) - len(left), 'avslutad', 'avslutade')} och {number(len(left))} pågående."
        ),
        f"{opening(len(late), 'är försenad', 'är försenade')}." if late else "Ingen är försenad.",
        "En åtgärd är avslutad när den är klar, något visar det och den har gått igenom alla fyra stegen.",
        "Åtgärder efter klagomål redovisas i klagomålssammanställningen.",
    ]
    return [
        heading,
        Paragraph(plain(" ".join(sentences))),
        *_stages(left, day),
        *([gathered_table(late, day, "atgarder-forsenade", "Försenade åtgärder", names)] if late else []),
        *(_open_loops(loops) if loops is not None else []),
    ]


def news(follow_up: FollowUp, since: date, names: Mapping[str, str]) -> list[Block]:
    """Single out what has come since another report: actions decided and done, and months beyond the tolerance.

    Args:
        follow_up: What the registers tell.
        since: The other report's cut-off.
        names: Providers by number.
    """
    day, told = follow_up.day, [one for one in follow_up.actions if one.source != _APART]
    decided = [one for one in told if since < one.decided <= day]
    done = [one for one in told if one.is_done and one.done_on and since < one.done_on <= day]
    beyond = [one for one in follow_up.deviations if one.ledger.month.end > since]
    sentences = [
        (
            f"Sedan den {swedish_date(since)} har {counted(len(decided), 'åtgärd', 'åtgärder') if decided else 'inga åtgärder'} "
            f"beslutats och {number(len(done)) if done else 'ingen'} blivit klar{'a' if len(done) > 1 else ''}."
        ),
        f"{opening(len(beyond), 'ny avvikelse', 'nya avvikelser')} från budget har tillkommit."
        if beyond
        else "Ingen ny avvikelse från budget har tillkommit.",
    ]
    both = [one for one in told if one in decided or one in done]
    title = f"Beslutade eller klara sedan den {swedish_date(since)}"
    return [
        Heading("Nytt sedan förra redovisningen", 2),
        Paragraph(plain(" ".join(sentences))),
        *([gathered_table(both, day, "atgarder-nya", title, names, sheet="Nya åtgärder")] if both else []),
    ]


def _stages(left: Sequence[Action], day: date) -> list[Block]:
    counts = stage_counts(left, day)
    if not counts:
        return []
    rows = tuple(
        Row(
            (
                Cell(one.title),
                Cell(number(one.count), one.count),
                Cell(number(one.overdue), one.overdue),
                Cell(MISSING if one.oldest_days is None else number(one.oldest_days), one.oldest_days),
            )
        )
        for one in counts
    )
    return [
        Table(
            id="atgarder-steg",
            title=f"Åtgärder som inte är avslutade, {swedish_date(day)}",
            columns=(
                Column("Steg", width=2.4),
                Column("Åtgärder", "right", number_format="#,##0"),
                Column("Försenade", "right", number_format="#,##0"),
                Column("Längsta tid i steget (dagar)", "right", 1.4, "#,##0"),
            ),
            rows=rows,
            sheet="Åtgärder per steg",
        )
    ]


def _open_loops(loops: Sequence[OpenLoop]) -> list[Block]:
    """Count what was found in the year and has not gone all the way, by where it was found and why it is open."""
    told = [one for one in loops if one.source != _APART]
    heading = Heading("Öppna frågor vid årets slut", 2)
    if not told:
        return [heading, Paragraph(plain("Allt som upptäcktes under året har gått igenom alla fyra stegen."))]
    without = sum(not one.actions for one in told)
    said = f"{opening(len(told), 'fråga', 'frågor')} som upptäcktes under året har inte gått igenom alla fyra stegen."
    if without:
        of_them = "Den" if len(told) == 1 else opening(without, "av dem", "av dem")
        said += f" {of_them} saknar åtgärd."
    else:
        said += f" {'Den' if len(told) == 1 else 'Alla'} har en beslutad åtgärd."
    sources = dict.fromkeys(one.source for one in told)
    titles = {action.source: action.source_title for one in told for action in one.actions}
    rows = []
    for source in sources:
        found = [one for one in told if one.source == source]
        lacking = sum(not one.actions for one in found)
        rows.append(
            Row(
                (
                    Cell(titles.get(source, _SOURCES.get(source, source))),
                    Cell(number(len(found)), len(found)),
                    Cell(number(lacking), lacking, state="missing" if lacking else ""),
                )
            )
        )
    return [
        heading,
        Paragraph(plain(said)),
        Table(
            id="oppna-fragor",
            title="Öppna frågor efter var de upptäcktes",
            columns=(
                Column("Upptäckt vid", width=2),
                Column("Öppna frågor", "right", number_format="#,##0"),
                Column("Utan åtgärd", "right", number_format="#,##0"),
            ),
            rows=tuple(rows),
            note=tables.explained(rows),
            sheet="Öppna frågor",
        ),
    ]


_SOURCES = {
    "besok": "Besök",
    "avvikelse": "Avvikelse från budget",
    "internkontroll": "Internkontroll",
    "dialog": "Dialog",
    "kvalitetsrapport": "Kvalitetsrapport",
}
