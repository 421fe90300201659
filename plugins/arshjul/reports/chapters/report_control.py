"""Internal control of the tertial reports themselves: whole, approved, unchanged and in time.

Source: BIN 2016-134, årshjul, August ("internkontroll av tertialrapporter"; requirement R85, trap T2).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from arshjul.comparison.numbers import MISSING, counted, number, swedish_date
from arshjul.prose.swedish import listed, sentence_case
from arshjul.registers.report_controls import ReportControl
from arshjul.reports.blocks import Block, Cell, Column, Heading, Paragraph, Row, Table, plain
from arshjul.reports.chapters.control_points import SIGNALS, STATES, Signal


def report_control_chapter(controls: Sequence[ReportControl], day: date) -> list[Block]:
    """Write the chapter; one sentence when no tertial has ended.

    Args:
        controls: From :func:`arshjul.registers.report_controls.read_report_controls`.
        day: The day lateness is counted at.
    """
    heading = Heading("Internkontroll av tertialrapporterna")
    if not controls:
        return [
            heading,
            Paragraph(plain("Ingen tertial har avslutats än, så det finns ingen rapport att kontrollera.")),
        ]
    return [heading, Paragraph(plain(f"{report_control_sentence(controls, day)} {_RULE}")), _table(controls, day)]


_RULE = (
    "En rapport håller när den är publicerad, underlaget är helt, två olika personer har godkänt den och den fanns när "
    "nämndens handlingar skickades ut."
)


def verdict(one: ReportControl, day: date) -> Signal:
    """Judge a report: green, red, or not judged while there is time left to publish it."""
    if one.publication_id is None and (one.dispatch is None or one.dispatch >= day):
        return "vantar"
    return "gron" if one.holds else "rod"


def report_control_sentence(controls: Sequence[ReportControl], day: date) -> str:
    """Tell which reports hold, which do not and which are not due yet.

    Args:
        controls: As for the chapter.
        day: The day lateness is counted at.
    """
    titles: dict[Signal, list[str]] = {"rod": [], "gron": [], "vantar": []}
    for one in controls:
        titles[verdict(one, day)].append(one.tertial.title)
    words: tuple[tuple[Signal, str], ...] = (
        ("rod", "håller inte"),
        ("gron", "håller"),
        ("vantar", "är inte publicerad än"),
    )
    return " ".join(f"{sentence_case(listed(titles[one]))} {said}." for one, said in words if titles[one])


def _table(controls: Sequence[ReportControl], day: date) -> Table:
    return Table(
        id="kontroll-av-tertialrapporter",
        title="Tertialrapporterna: underlag, godkännanden, ändringar och tid",
        columns=(
            Column("Rapport", width=1.3),
            Column("Publicerad", width=1.3),
            Column("Underlag", width=1.1),
            Column("Godkänd av", width=1.1),
            Column("Ändringar", width=1.5),
            Column("I tid", width=1.6),
            Column("Signal", width=0.8),
        ),
        rows=tuple(_row(one, day) for one in controls),
        note="Underlaget är helt när kontrollerna finns kvar och publiceringen och dess siffror står i den kedjade loggen så "
        "som de är nu. Ändringar: nya publiceringar, och siffror som sedan har räknats om till ett annat värde.",
        sheet="Tertialrapporter",
    )


def _row(one: ReportControl, day: date) -> Row:
    title, found = Cell(sentence_case(one.tertial.title)), verdict(one, day)
    signal = Cell(SIGNALS[found], state=STATES[found])
    if one.publication_id is None:
        nothing = Cell(MISSING)
        return Row((title, Cell("Inte publicerad"), nothing, nothing, nothing, Cell(_in_time(one, day)), signal))
    return Row(
        (
            title,
            Cell(swedish_date(one.published_on)) if one.published_on else Cell(MISSING),
            Cell(f"Helt, {counted(one.figures, 'siffra', 'siffror')}" if one.is_lineage_complete else "Inte helt"),
            Cell(counted(one.approvers, "person", "personer")),
            Cell(_changes(one)),
            Cell(_in_time(one, day)),
            signal,
        )
    )


def _changes(one: ReportControl) -> str:
    parts = []
    if one.publications > 1:
        parts.append(f"{number(one.publications)} publiceringar")
    if one.revised_figures:
        parts.append(f"{counted(one.revised_figures, 'siffra', 'siffror')} omräknade")
    return ", ".join(parts) or "Inga"


def _in_time(one: ReportControl, day: date) -> str:
    """Whether it was there when the board's papers were sent out, or still can be."""
    if one.dispatch is None:
        return "Inget sammanträde är känt"
    is_in_time = one.is_in_time if one.publication_id is not None else False
    said = "Ja" if is_in_time else "Inte än" if one.publication_id is None and one.dispatch >= day else "Nej"
    return f"{said} (utskick {swedish_date(one.dispatch)})"
