"""Objects of the registers, made up by hand: what the year's working papers are tested on, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast

from sqlalchemy import Connection
from tests.reports.facts_example import HIDDEN, Values, count, mean, share
from tests.reports.year_example import GOALS, reading, year_facts

from arshjul.catalogue.report_forms import FormSection, ReportForm
from arshjul.disclosure.artefact import check_artefacts
from arshjul.periods import Period, Tertial, Year, YearToDate
from arshjul.registers.actions import Action
from arshjul.registers.controls import CheckEvidence, ControlPoint, ControlResult
from arshjul.registers.coverage import Cell, Slot
from arshjul.registers.dialogue import Statement
from arshjul.registers.objects import FollowUpObject
from arshjul.registers.quality_reports import UnitReport
from arshjul.registers.report_controls import ReportControl
from arshjul.registers.spot_checks import SpotCheck
from arshjul.registers.visits import Visit
from arshjul.reports.blocks import Document
from arshjul.reports.chapters.visit_pack import Kind, Pack
from arshjul.reports.dialogunderlag import Dialogue
from arshjul.reports.docx import render_docx
from arshjul.reports.facts import Facts
from arshjul.reports.html import render_html
from arshjul.reports.internkontrollrapport import Controls
from arshjul.reports.pdf import render_pdf
from arshjul.reports.report_type import Reading
from arshjul.reports.workbook import render_workbook

NO_DATABASE = cast(Connection, None)
"""The papers are written from what the registers have said; nothing is read while they are written."""

OWN, OTHER = "5560360793", "5560160680"


def action(action_id: str, **changes: Any) -> Action:
    usual = Action(
        action_id=action_id,
        source="besok",
        source_title="Besök",
        source_id="B1",
        text="Placeringen på trappan görs vid varje avslut.",
        responsible="Enhetschef",
        co_responsible="Verksamhetschef",
        stage="genomfor",
        stage_title="Genomför",
        stage_since=date(2026, 3, 1),
        decided=date(2026, 2, 23),
        due=date(2026, 9, 30),
        status="pagar",
        status_title="Pågår",
        done_on=None,
        evidence=None,
        indicator_id=None,
        expected_effect=None,
        delivery_id=1,
        row_no=1,
    )
    return replace(usual, **changes)


def done(action_id: str, on: date, **changes: Any) -> Action:
    return action(
        action_id, **{"status": "klar", "status_title": "Klar", "done_on": on, "evidence": "AMN 2026-17", **changes}
    )


def visit(visit_id: str, day: date, **changes: Any) -> Visit:
    usual = Visit(
        visit_id=visit_id,
        kind="namndbesok",
        day=day,
        object_id="jokt",
        object_name="Jobb- och kompetenstorget",
        who="Tre ledamöter, en ersättare och enhetschefen",
        status="genomfort",
        has_notes=True,
        analysis="Målen är kända av alla. Trappan används olika i arbetslagen.",
        report_year=2025,
    )
    return replace(usual, **changes)


def follow_up_object(object_id: str = "jokt", **changes: Any) -> FollowUpObject:
    usual = FollowUpObject(
        object_id=object_id,
        kind="egen_verksamhet",
        kind_title="Egen verksamhet",
        name="Jobb- och kompetenstorget",
        counterpart=None,
        role=None,
        role_title=None,
        purposes=(),
        begins=date(2018, 1, 1),
        ends=None,
        reference=None,
        provider=None,
        requires=("kvalitetsrapport", "namndbesok", "tjanstemannabesok"),
    )
    return replace(usual, **changes)


def point(control_id: str, **changes: Any) -> ControlPoint:
    usual = ControlPoint(
        control_id=control_id,
        level="namnd",
        level_title="Nämndens",
        object_id=None,
        risk=6,
        text="Klagomål som visar på brister har fått en åtgärd.",
        method="manuell",
        check_id=None,
        frequency="tertial",
        responsible="Sakkunnig",
        results=(result(date(2026, 1, 15)), result(date(2026, 5, 15)), result(date(2026, 9, 15))),
        expected=2,
    )
    return replace(usual, **changes)


def result(day: date, outcome: str = "utan_avvikelse", observation: str | None = None, *actions: str) -> ControlResult:
    return ControlResult(day, outcome, observation, actions)  # type: ignore[arg-type]


def run(number: int, month: int, *, is_success: bool = True, waiver: str | None = None) -> CheckEvidence:
    return CheckEvidence(
        check_run_id=number,
        period=f"2026-{month:02}",
        checked_at=datetime(2026, month + 1, 5, 6, tzinfo=UTC),
        is_success=is_success,
        hash=f"{number:02}" * 32,
        waiver_reason=waiver,
        waived_by=("a", "b") if waiver else (),
        data_docs=None,
    )


def report_control(number: int, **changes: Any) -> ReportControl:
    usual = ReportControl(
        tertial=Tertial(2026, number),
        publication_id=number,
        published_on=date(2026, 5, 26),
        content_sha256="0" * 64,
        figures=314,
        is_lineage_complete=True,
        approvers=2,
        publications=1,
        revised_figures=0,
        dispatch=date(2026, 6, 9),
        meeting=date(2026, 6, 17),
    )
    return replace(usual, **changes)


def sample(period: str = "2026-T1", **changes: Any) -> SpotCheck:
    usual = SpotCheck(
        period=period,
        diary="Stickprov av utbetalningar",
        closes_on=date(2026, 5, 4),
        committed_on=date(2026, 4, 28),
        drawn_on=date(2026, 5, 20),
        tolerated=0.1,
        confidence=0.95,
        population=412,
        size=29,
        checked=29,
        faults=1,
        not_done=0,
        actions=("A2026-0009",),
        unanswered_faults=0,
        seed="ab" * 32,
    )
    return replace(usual, **changes)


ACTIONS = (
    done("A1", date(2026, 1, 20), text="Deltagare på deltid får språkpraktik.", source_id="B1", due=date(2026, 2, 1)),
    action(
        "A2", text="Bedömningen enligt trappan görs lika i båda arbetslagen.", source_id="B2", due=date(2026, 5, 20)
    ),
    action("A3", text="Handledare på praktikplatser har en fast kontaktperson.", source_id="B4"),
    action(
        "A4",
        source="internkontroll",
        source_title="Internkontroll",
        source_id="IK-21/2026-05-15",
        text="Rutinen för placering på trappan skrivs om och prövas igen.",
        responsible="Enhetschef jobbtorget",
        co_responsible=None,
    ),
    action(
        "A5",
        source="kvalitetsrapport",
        source_title="Kvalitetsrapport",
        source_id="jokt/2025",
        text="Förbättringsområdena i kvalitetsrapporten förs in i enhetens plan.",
        due=date(2026, 4, 30),
    ),
    action("K1", source="klagomal", source_title="Klagomål", source_id="S1", text="Väntande får besked varje månad."),
    action("K2", source="klagomal", source_title="Klagomål", source_id="S2", text="Väntande får besked varje månad."),
)

VISITS = (
    visit("B1", date(2025, 10, 14)),
    visit("B2", date(2026, 2, 11), analysis="Kvalitetsrapporten gicks igenom.\n- Gemensam bedömning enligt trappan"),
    visit("B3", date(2026, 3, 18), analysis=None, has_notes=False),
    visit(
        "B4",
        date(2026, 5, 13),
        object_id="satsning",
        object_name="Arbetsmarknadssatsningen",
        analysis="Handledarna bär ett stort ansvar.\n- Fast kontaktperson för handledare\n- Skriftligt stöd",
        report_year=None,
    ),
)

OBJECTS = (
    follow_up_object(),
    follow_up_object("satsning", name="Arbetsmarknadssatsningen", kind="permanentas", requires=("namndbesok",)),
)

KNOWN = datetime(2026, 9, 8, 7, tzinfo=UTC)


def complaints(klagomal: int, synpunkter: int, categories: Mapping[str, int]) -> Values:
    """Cases by kind and category, with answer times and deficiencies."""
    return {
        ("synpunkter_inkomna", ""): count(klagomal + synpunkter),
        ("synpunkter_inkomna", "typ=klagomal"): count(klagomal),
        ("synpunkter_inkomna", "typ=synpunkt"): count(synpunkter),
        **{("synpunkter_inkomna", f"kategori={code}"): count(number) for code, number in categories.items()},
        ("svarstid_synpunkter_median", ""): mean("9", klagomal + synpunkter, "7", "12"),
        ("svarstid_synpunkter_median", "typ=klagomal"): mean("11", klagomal, "8", "14"),
        ("svarstid_synpunkter_median", "typ=synpunkt"): HIDDEN,
        ("brister_atgardade", ""): share(10, 15),
        ("brister_atgardade", "kategori=information"): HIDDEN,
    }


def complaint_facts(now: Values | None = None, last_year: Values | None = None) -> Facts:
    """January to August 2026 beside the same months of 2025."""
    current = complaints(22, 13, {"bemotande": 12, "information": 23}) if now is None else now
    return year_facts(YearToDate(2026, 8), current, last_year, as_of=KNOWN)


def control_facts() -> Facts:
    """January to October 2026 beside the same months of 2025."""
    levels = {("internkontroll_utan_avvikelse", f"niva={one}"): share(18, 20) for one in ("namnd", "enhet")}
    now = {("internkontroll_utan_avvikelse", ""): share(43, 48), **levels}
    then = {("internkontroll_utan_avvikelse", ""): share(40, 48)}
    return year_facts(YearToDate(2026, 10), now, then, as_of=datetime(2026, 11, 10, 8, tzinfo=UTC))


CONTROLS = Controls(
    points=(
        point(
            "IK-01",
            level="kommungemensam",
            level_title="Kommungemensam",
            risk=12,
            text="Utbetalningar stäms av mot närvaro.",
        ),
        point(
            "IK-11",
            text="Alla anordnare har lämnat månadens leveranser i tid.",
            method="automatisk",
            check_id="anordnare_har_levererat",
            frequency="manad",
            risk=9,
            responsible="Processutvecklare",
            results=(),
            expected=3,
            evidence=(run(1, 1), run(2, 2, is_success=False, waiver="Systembyte hos en anordnare."), run(3, 3)),
        ),
        point("IK-13", results=(result(date(2026, 1, 15)),)),
        point(
            "IK-21",
            level="enhet",
            level_title="Enhetens egen",
            object_id="jokt",
            risk=8,
            text="Placering på trappan är gjord vid anvisning och vid avslut.",
            responsible="Enhetschef jobbtorget",
            results=(
                result(date(2026, 1, 15)),
                result(date(2026, 5, 15), "avvikelse", "Underlag saknas för två av tio stickprov.", "A4"),
            ),
        ),
        point(
            "IK-22",
            level="enhet",
            level_title="Enhetens egen",
            object_id="jokt",
            risk=4,
            text="Kartläggningen är gjord inom fjorton dagar från start.",
            responsible="Enhetschef jobbtorget",
            results=(
                result(date(2026, 1, 15)),
                result(date(2026, 5, 15), "avvikelse", "Rutinen följs, men datum är inte dokumenterat."),
            ),
        ),
    ),
    reports=(
        report_control(1),
        report_control(2, published_on=date(2026, 10, 2), dispatch=date(2026, 10, 1), revised_figures=3),
    ),
    samples=(sample(), sample("2026-T2", drawn_on=None, checked=0, faults=0, size=0, population=0)),
    actions=ACTIONS,
    objects={"jokt": "Jobb- och kompetenstorget"},
)


def tertial_facts() -> Facts:
    """Tertial 1 of 2026 beside tertial 1 of 2025."""
    now = {**_providers(52, "4.1"), ("budgetavvikelse", "objekt_id=jokt"): count(310_000)}
    return year_facts(Tertial(2026, 1), now, _providers(48, "4.0"), as_of=KNOWN)


LAST_YEAR = Year(2025)


def provider_facts(others: int = 8, period: Period = LAST_YEAR) -> Facts:
    """A year with one provider of our own interest and so many others; the provider's cells are shown."""
    now, then = _providers(52, "4.1", others), _providers(48, "4.0", others)
    facts = year_facts(period, now, then, as_of=datetime(2026, 5, 6, 7, tzinfo=UTC), goals=GOALS)
    names = {OWN: "Alfa Utbildning AB", **{f"9{one}": f"Konkurrent {one} AB" for one in range(others)}}
    return replace(facts, labels={**facts.labels, "anordnare": names})


def _providers(outcome: int, grade: str, others: int = 8) -> Values:
    found: dict[tuple[str, str], Any] = {
        ("kunder", ""): count(900),
        ("insatser", ""): count(980),
        ("maluppfyllelse", ""): share(440, 1000),
        ("insatsdagar_till_egen_forsorjning", ""): mean("241", 440, "231", "251"),
        ("narvarograd", ""): share(8100, 10000),
        ("kunder_per_coach", ""): mean("27.3", 60),
        ("kundnojdhet", ""): mean("4.0", 300),
        ("svarsfrekvens", ""): share(109, 347),
        ("kunder", f"anordnare={OWN}"): count(outcome + 12),
        ("insatser", f"anordnare={OWN}"): count(outcome + 20),
        ("maluppfyllelse", f"anordnare={OWN}"): share(outcome, 100),
        ("narvarograd", f"anordnare={OWN}"): share(840, 1000),
        ("kunder_per_coach", f"anordnare={OWN}"): mean("24.9", 12),
        ("kursbetyg", f"anordnare={OWN}"): HIDDEN,
        ("kundnojdhet", f"anordnare={OWN}"): mean(grade, 40),
        ("svarsfrekvens", f"anordnare={OWN}"): share(31, 90),
    }
    for one in range(others):
        cell = f"anordnare=9{one}"
        found["kunder", cell] = count(20 + 13 * one)
        found["insatser", cell] = count(27 + 17 * one)
        found["maluppfyllelse", cell] = share(211 + 73 * one, 1000)
        found["narvarograd", cell] = share(713 + 17 * one, 1000)
        found["kunder_per_coach", cell] = mean(f"{19 + one * 1.3:.1f}", 12)
        found["kundnojdhet", cell] = mean(f"{3 + one * 0.17:.2f}", 40)
        found["svarsfrekvens", cell] = share(17 + 3 * one, 90)
    return found


DIALOGUE = Dialogue(
    year=2026,
    statements=(
        Statement(
            OWN, date(2025, 5, 12), "framgangsfaktor", "Coachning", "Varje deltagare har samma coach hela tiden."
        ),
        Statement(OWN, date(2025, 5, 12), "forbattringsomrade", "Svenska", "Det finns för få tider för yrkessvenska."),
    ),
    actions=(
        done(
            "A9",
            date(2025, 9, 29),
            source="dialog",
            source_title="Dialog",
            source_id=f"{OWN}/Svenska",
            text="Svenska: anordnaren och kommunen tar fram en plan.",
            responsible="Processutvecklare",
            co_responsible=None,
            due=date(2025, 10, 1),
        ),
    ),
    is_survey_closed=True,
)

FORMS = {
    "2": ReportForm(
        version="2",
        title="Kvalitetsrapport",
        introduction="",
        first_year=2025,
        sections=(
            FormSection(field="systematiskt_kvalitetsarbete", title="Systematiskt kvalitetsarbete", guidance=""),
            FormSection(field="resultat_och_analys", title="Resultat och analys", guidance=""),
            FormSection(field="internt", title="Internt", guidance="", is_mandatory=False, is_internal=True),
        ),
    )
}


def pack(kind: Kind = "tjanstemannabesok", **changes: Any) -> Pack:
    usual = Pack(
        object=follow_up_object(),
        kind=kind,
        planned=visit("B9", date(2026, 9, 23), kind=kind, status="planerat", who="Två sakkunniga och enhetschefen"),
        visits=(VISITS[0], replace(VISITS[1], kind=kind)),
        actions=(ACTIONS[1], ACTIONS[3], ACTIONS[4]),
        points=(CONTROLS.points[3],),
        report=UnitReport(
            "jokt",
            "Jobb- och kompetenstorget",
            "",
            "",
            2025,
            date(2025, 12, 31),
            date(2025, 12, 19),
            "2",
            {
                "systematiskt_kvalitetsarbete": "Kvalitetsarbetet följer årshjulet.",
                "resultat_och_analys": "Vägen har blivit kortare för dem som kombinerar svenska och praktik.",
            },
        ),
        forms=FORMS,
        followed=(
            Cell(
                "jokt",
                "kvalitetsrapport",
                "Kvalitetsrapport",
                (Slot("ar", date(2026, 12, 31), None, None, "planerad"),),
            ),
            Cell("jokt", "namndbesok", "Nämndbesök", (Slot("ar", date(2026, 5, 31), date(2026, 2, 11), None, "klar"),)),
            Cell("jokt", "ekonomi", "Ekonomisk uppföljning", (Slot("01", date(2026, 2, 4), None, None, "saknas"),)),
        ),
        reports=(report_control(1),),
    )
    return replace(usual, **changes)


def paper_reading(facts: Facts, *texts: Any, subject: str = "", beside: Mapping[str, Facts] | None = None) -> Reading:
    """What a working paper is written from."""
    return replace(reading(NO_DATABASE, facts, *texts, beside=beside), subject=subject)


def files_that_pass_the_audit(document: Document) -> dict[str, bytes]:
    """The paper in every format; the last lock of disclosure control opens for all of them, or raises."""
    files = {
        "papper.html": render_html(document),
        "papper.pdf": render_pdf(document),
        "papper.docx": render_docx(document),
        "papper.xlsx": render_workbook(document),
    }
    check_artefacts(files, (), document, period="")
    return files
