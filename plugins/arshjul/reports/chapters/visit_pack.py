"""The pack before a visit: what whoever goes there needs to know of one follow-up object, and what to ask.

One pack for officials' visits and one for the board's; the agenda and what is told differ, the rest is the same. Source:
BIN 2016-134, 5.2 and årshjul, May and August (requirements R69–R73, R78, R79, R97).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from arshjul.catalogue.report_forms import ReportForm, load_report_forms
from arshjul.comparison.numbers import MISSING, counted, opening, swedish_date
from arshjul.prose.swedish import listed
from arshjul.registers.actions import Action, read_actions
from arshjul.registers.controls import ControlPoint, read_controls
from arshjul.registers.coverage import STATE_WORDS, State, read_coverage
from arshjul.registers.coverage import Cell as Followed
from arshjul.registers.objects import FollowUpObject, read_objects
from arshjul.registers.quality_reports import UnitReport, lacking, unit_reports
from arshjul.registers.report_controls import ReportControl, read_report_controls
from arshjul.registers.visits import Visit, read_visits
from arshjul.reports.blocks import Block, Cell, Column, Heading, Paragraph, Row, Run, Table, Text, plain
from arshjul.reports.chapters.actions_chapter import actions_sentence, actions_table
from arshjul.reports.chapters.control_points import points_table, signals_sentence
from arshjul.reports.chapters.tjansteskrivelse import BOARD
from arshjul.reports.chapters.visits import analysis_blocks, of_visit
from arshjul.reports.facts import FactsMissing, document_date
from arshjul.reports.report_type import Reading

Kind = Literal["namndbesok", "tjanstemannabesok"]

_AHEAD, _BACK = timedelta(days=150), timedelta(days=550)


@dataclass(frozen=True)
class Pack:
    """What the registers say of one object before a visit.

    Attributes:
        object: What is visited.
        kind: Who visits.
        planned: The next visit of the kind, where a day is set.
        visits: Visits there that have been made, of both kinds, oldest first.
        actions: Actions that concern the object, done ones since the visit before last too.
        points: Control points of the object, with their year.
        report: Its newest quality report, without what is internal; ``None`` when none has come.
        forms: Versions of the quality report's form.
        followed: Its follow-ups of the year.
        reports: Control of the tertial reports.
    """

    object: FollowUpObject
    kind: Kind
    planned: Visit | None
    visits: tuple[Visit, ...]
    actions: tuple[Action, ...]
    points: tuple[ControlPoint, ...]
    report: UnitReport | None
    forms: Mapping[str, ReportForm]
    followed: tuple[Followed, ...]
    reports: tuple[ReportControl, ...]


def read_pack(reading: Reading, kind: Kind) -> Pack:
    """Read the registers for the pack of the object that the reading is about.

    Args:
        reading: With the object's id as subject.
        kind: Who visits.

    Raises:
        FactsMissing: There is no such object in the register.
    """
    connection, as_of, day = reading.connection, reading.facts.current.as_of, document_date(reading.facts)
    found = [one for one in read_objects(connection, as_of, day.year) if one.object_id == reading.subject]
    if not found:
        raise FactsMissing(f"Uppföljningsobjektet {reading.subject} finns inte i registret för {day.year}.")
    visits = [
        one for one in read_visits(connection, as_of, day - _BACK, day + _AHEAD) if one.object_id == reading.subject
    ]
    made = tuple(one for one in visits if one.is_done)
    planned = [one for one in visits if one.kind == kind and one.status == "planerat"]
    # The next one; a day that has passed is told as long as nobody has noted what came of it.
    coming = [one for one in planned if one.day >= day] or planned[-1:]
    points = [one for one in read_controls(connection, as_of, day.year, day) if one.object_id == reading.subject]
    reports = [
        one
        for year in (day.year - 2, day.year - 1, day.year)
        for one in unit_reports(connection, as_of, year)
        if one.object_id == reading.subject and one.received is not None
    ]
    return Pack(
        object=found[0],
        kind=kind,
        planned=coming[0] if coming else None,
        visits=made,
        actions=tuple(_concerning(read_actions(connection, as_of), found[0], made, points, day)),
        points=tuple(points),
        report=reports[-1] if reports else None,
        forms=load_report_forms(reading.include),
        followed=read_coverage(connection, reading.include, as_of, day.year, day).of(reading.subject),
        reports=read_report_controls(connection, as_of, day.year, day, BOARD),
    )


def _concerning(
    actions: Sequence[Action], about: FollowUpObject, visits: Sequence[Visit], points: Sequence[ControlPoint], day: date
) -> list[Action]:
    """Choose the actions that concern the object: after visits, control points, its quality report, its dialogue.

    Those after complaints are left out: a complaint is one person's.
    """
    origins: dict[str, set[str]] = {
        "besok": {one.visit_id for one in visits},
        "internkontroll": {one.control_id for one in points},
        "kvalitetsrapport": {about.object_id},
        "dialog": {about.provider} if about.provider else set(),
    }
    return [
        one
        for one in actions
        if one.source_id.split("/")[0] in origins.get(one.source, ())
        and one.decided <= day
        and (not one.is_done or one.decided >= day - _BACK)
    ]


def before_visit(pack: Pack, day: date) -> list[Block]:
    """Write what has happened since the visit before: its analysis, and how far what was to improve has come."""
    heading = Heading("Sedan förra besöket")
    earlier = [one for one in pack.visits if one.kind == pack.kind]
    if not earlier:
        return [heading, Paragraph(plain("Det finns inget tidigare besök av samma slag att följa upp."))]
    last = earlier[-1]
    blocks: list[Block] = [
        heading,
        Paragraph((Run("Förra besöket: ", "strong"), Run(f"{swedish_date(last.day)}. {last.who.rstrip('.')}."))),
        *analysis_blocks(last.analysis or "Ingen analys skrevs efter besöket."),
    ]
    found = of_visit(pack.actions, last)
    if not found:
        return [*blocks, Paragraph(plain("Inga åtgärder beslutades efter besöket."))]
    blocks.append(Paragraph(plain(actions_sentence(found, day))))
    return [
        *blocks,
        actions_table(found, day, "forra-besoket", "Förbättringsområden från förra besöket", sheet="Förra besöket"),
    ]


def other_actions(pack: Pack, day: date) -> list[Block]:
    """Write the other actions that are not done, late ones first."""
    earlier = [one for one in pack.visits if one.kind == pack.kind]
    shown = {one.action_id for one in of_visit(pack.actions, earlier[-1])} if earlier else set()
    left = [one for one in pack.actions if not one.is_done and one.action_id not in shown]
    heading = Heading("Öppna åtgärder")
    if not left:
        return [heading, Paragraph(plain("Det finns inga andra öppna åtgärder för verksamheten."))]
    late = sum(one.is_overdue(day) for one in left)
    said = f"{opening(len(left), 'åtgärd', 'åtgärder')} till är inte klar{'a' if len(left) != 1 else ''}. "
    said += f"{opening(late, '', '')} är försenad{'e' if late != 1 else ''}." if late else "Ingen är försenad."
    return [
        heading,
        Paragraph(plain(said)),
        actions_table(left, day, "oppna-atgarder", "Öppna åtgärder", has_source=True),
    ]


def controls_section(pack: Pack) -> list[Block]:
    """Write the object's own control points and how they stand."""
    heading = Heading("Resultat av internkontrollen")
    if not pack.points:
        return [heading, Paragraph(plain("Verksamheten har inga egna kontrollpunkter i år."))]
    said = f"Verksamheten har {counted(len(pack.points), 'egen kontrollpunkt', 'egna kontrollpunkter')}: "
    said += f"{signals_sentence(pack.points)}."
    names = {pack.object.object_id: pack.object.name}
    return [
        heading,
        Paragraph(plain(said)),
        points_table(pack.points, names, "kontrollpunkter", "Egna kontrollpunkter", has_note=True),
    ]


def quality_section(pack: Pack) -> list[Block]:
    """Write the newest quality report's sections as the unit wrote them; what is internal is never read."""
    report, heading = pack.report, Heading("Senaste kvalitetsrapporten")
    if report is None or report.received is None:
        if "kvalitetsrapport" not in pack.object.requires:
            return [heading, Paragraph(plain("Verksamheten ska inte lämna någon kvalitetsrapport."))]
        return [heading, Paragraph(plain("Ingen kvalitetsrapport har kommit in."))]
    late = "" if report.is_in_time else f", för sent: den skulle ha kommit senast den {swedish_date(report.due)}"
    blocks: list[Block] = [
        heading,
        Paragraph(plain(f"Rapporten för {report.year} kom in den {swedish_date(report.received)}{late}.")),
    ]
    missing = lacking(report, pack.forms)
    if missing:
        blocks.append(Paragraph((Run("Ofullständig: ", "strong"), Run(" ".join(missing)))))
    for field, title in _titles(pack, report).items():
        words = report.texts.get(field, "").strip()
        if words:
            blocks += [Heading(title, 2), *analysis_blocks(words)]
    return blocks


def _titles(pack: Pack, report: UnitReport) -> dict[str, str]:
    """Headings of the sections that may be shown, from the form the report was made with."""
    form = pack.forms.get(report.form_version)
    if form is not None:
        return {section.field: section.title for section in form.sections if not section.is_internal}
    return {
        "systematiskt_kvalitetsarbete": "Systematiskt kvalitetsarbete",
        "resultat_och_analys": "Resultat och analys",
        "forbattringsomraden": "Förbättringsområden",
    }


def followed_section(pack: Pack) -> list[Block]:
    """Write the follow-ups that the object must have in the year: done, to come or missing."""
    if not pack.followed:
        return []
    states: dict[State, Literal["done", "planned", "missing"]] = {
        "klar": "done",
        "planerad": "planned",
        "saknas": "missing",
    }
    rows = []
    for one in pack.followed:
        done = sum(slot.state == "klar" for slot in one.slots)
        due = one.next_due
        rows.append(
            Row(
                (
                    Cell(one.title),
                    Cell(f"{done} av {len(one.slots)}"),
                    Cell(STATE_WORDS[one.state], state=states[one.state]),
                    Cell(swedish_date(due) if due else MISSING),
                )
            )
        )
    return [
        Heading("Årets uppföljning"),
        Table(
            id="arets-uppfoljning",
            title="Uppföljning som verksamheten ska ha under året",
            columns=(
                Column("Uppföljning", width=2.4),
                Column("Gjorda", width=0.9),
                Column("Läge", width=1),
                Column("Återstår, senast", width=1.4),
            ),
            rows=tuple(rows),
            note=f"{MISSING} = allt är gjort.",
            sheet="Årets uppföljning",
        ),
    ]


def visit_sentence(pack: Pack) -> str:
    """When the visit is and who takes part, or that no day is set."""
    who = "Nämndens besök" if pack.kind == "namndbesok" else "Tjänstemannabesöket"
    if pack.planned is None:
        return f"{who} hos {pack.object.name} har ingen bestämd dag än."
    who_comes = pack.planned.who.rstrip(".")
    return (
        f"{who} hos {pack.object.name} är planerat till den {swedish_date(pack.planned.day)}. Deltagare: {who_comes}."
    )


def asked(pack: Pack, day: date) -> list[Text]:
    """Questions that follow from what the pack tells, most pressing first."""
    found: list[Text] = []
    for one in (one for one in pack.actions if one.is_overdue(day)):
        said = (
            f" ”{one.text.rstrip('.')}” skulle ha varit klart den {swedish_date(one.due)}. Vad hindrar, och vad behövs?"
        )
        found.append((Run("Försenad åtgärd:", "strong"), Run(said)))
    without = [one.control_id for one in pack.points if one.without_action]
    if without:
        said = f" {listed(without)} visar avvikelser utan åtgärd. Vad görs, och vem ansvarar?"
        found.append((Run("Internkontroll:", "strong"), Run(said)))
    missing = [one.title.lower() for one in pack.followed if one.state == "saknas"]
    if missing:
        said = f" {listed(missing)} saknas. När blir det gjort?"
        found.append((Run("Uppföljning:", "strong"), Run(said)))
    if pack.report is not None and lacking(pack.report, pack.forms):
        found.append(
            (Run("Kvalitetsrapporten:", "strong"), Run(" den är inte fullständig. När kommer det som saknas?"))
        )
    return found
