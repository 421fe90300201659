"""The report of internal control: signals by a stated rule, proof of the automatic ones, control of the reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.reports.example import texts
from tests.reports.facts_example import table
from tests.reports.register_examples import (
    CONTROLS,
    control_facts,
    files_that_pass_the_audit,
    paper_reading,
    point,
    report_control,
    result,
    run,
    sample,
)
from tests.reports.year_example import text

from arshjul.periods import YearToDate
from arshjul.registers.controls import CheckEvidence, ControlPoint, ControlResult, by_level
from arshjul.reports.blocks import Document
from arshjul.reports.chapters.control_points import Signal, signal
from arshjul.reports.internkontrollrapport import REPORT, Controls, control_report

CONCLUSION = text("slutsatser", "Kontrollerna är gjorda enligt plan.")
SPRING, AUTUMN = date(2026, 2, 1), date(2026, 6, 1)


def report(controls: Controls = CONTROLS, *, is_concluded: bool = True) -> Document:
    return control_report(paper_reading(control_facts(), *([CONCLUSION] if is_concluded else [])), controls)


def words(document: Document) -> str:
    return " ".join(" ".join(texts(document)).split())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (point("K", results=(result(SPRING), result(AUTUMN)), expected=2), "gron"),
        (point("K", results=(result(SPRING),), expected=2), "gul"),
        (point("K", results=(result(SPRING), result(AUTUMN, "avvikelse", "Sent.", "A1")), expected=2), "gul"),
        (point("K", results=(result(SPRING), result(AUTUMN, "avvikelse", "Sent.")), expected=2), "rod"),
        (point("K", results=(), expected=2), "rod"),
        (point("K", results=(result(SPRING, "ej_genomford"),), expected=1), "rod"),
        (point("K", results=(), expected=0), "vantar"),
        (point("K", method="automatisk", results=(), evidence=(run(1, 1),), expected=1), "gron"),
        (point("K", method="automatisk", results=(), evidence=(run(1, 1, is_success=False),), expected=1), "rod"),
        (
            point(
                "K",
                method="automatisk",
                results=(),
                evidence=(run(1, 1, is_success=False, waiver="Byte."),),
                expected=1,
            ),
            "gul",
        ),
        (
            point("K", method="automatisk", results=(), evidence=(run(1, 1, is_success=False), run(2, 1)), expected=1),
            "gron",
        ),
    ],
)
def test_a_signal_follows_the_rule_that_stands_in_the_report(given: ControlPoint, expected: Signal) -> None:
    assert signal(given) == expected


def test_all_three_levels_are_listed_and_a_units_points_roll_up_to_the_board() -> None:
    blocks = list(report().blocks)
    assert table(blocks, "nivaer") == [
        ["Kommungemensam", "1", "1", "0", "0", "0"],
        ["Nämndens, med enheternas", "4", "0", "3", "1", "0"],
        ["Enhetens egen", "2", "0", "1", "1", "0"],
    ]
    assert [len(table(blocks, f"punkter-{one.level}")) for one in by_level(CONTROLS.points)] == [1, 2, 2]


def test_a_point_is_told_with_risk_method_rhythm_responsible_and_result_in_words() -> None:
    rows = table(list(report().blocks), "punkter-enhet")
    assert rows[1] == [
        "IK-22 Kartläggningen är gjord inom fjorton dagar från start. (Jobb- och kompetenstorget)",
        "4",
        "Manuell, varje tertial",
        "Enhetschef jobbtorget",
        "2 av 2",
        "Röd: 1 avvikelse, 1 utan åtgärd",
    ]


def test_what_is_red_stands_in_the_lead() -> None:
    found = words(report())
    assert "Av årets 5 kontrollpunkter är 1 grön, 3 gula och 1 röd. Det som är rött behöver beslut: IK-22." in found
    green = replace(CONTROLS, points=CONTROLS.points[:1])
    assert "Ingen punkt är röd." in words(report(green))


def test_an_automatic_point_lists_its_runs_with_outcome_hash_and_waiver() -> None:
    rows = table(list(report().blocks), "korningar-IK-11")
    assert rows[0] == ["Januari 2026", "5 februari 2026", "Höll", "1", "01" * 8]
    assert rows[1][2] == "Höll inte, undantag (2 personer): Systembyte hos en anordnare."
    never = replace(CONTROLS, points=(replace(CONTROLS.points[1], evidence=()),))
    assert "Inga körningar: IK-11 har inte körts under året." in words(report(never))


def test_a_deviation_stands_with_its_action_or_with_the_word_that_there_is_none() -> None:
    rows = table(list(report().blocks), "avvikelser")
    assert rows[0][3] == (
        "Rutinen för placering på trappan skrivs om och prövas igen. Enhetschef jobbtorget, senast 30 september 2026."
    )
    assert rows[1][3] == "Åtgärd saknas"
    clean = replace(CONTROLS, points=CONTROLS.points[:1])
    assert "Ingen kontroll visar en avvikelse." in words(report(clean))


def test_a_run_that_did_not_hold_and_that_nobody_waived_is_a_deviation() -> None:
    failed = point("IK-5", method="automatisk", results=(), evidence=(run(7, 4, is_success=False),), expected=1)
    rows = table(list(report(replace(CONTROLS, points=(failed,))).blocks), "avvikelser")
    assert rows == [["5 maj 2026", "IK-5", "Den automatiska kontrollen för april 2026 höll inte.", "Åtgärd saknas"]]


FAILED, WAIVED = run(1, 1, is_success=False), run(2, 2, is_success=False, waiver="Byte.")
LACKING, ACTED = result(SPRING, "avvikelse", "Sent."), result(AUTUMN, "avvikelse", "Sent.", "A1")


@pytest.mark.parametrize(
    ("results", "evidence", "sentence"),
    [
        ((result(SPRING),), (), "Inga har hittats."),
        ((), (FAILED,), "En har hittats, och den saknar åtgärd."),
        ((), (WAIVED,), "En har hittats, och den är hanterad."),
        ((ACTED, LACKING), (FAILED,), "Tre har hittats, varav två saknar åtgärd."),
        ((LACKING,), (FAILED,), "Två har hittats, och ingen har en åtgärd."),
        ((ACTED,), (WAIVED,), "Två har hittats, och alla är hanterade."),
        ((ACTED, *(LACKING,) * 12), (), "Sammanlagt 13 har hittats, varav 12 saknar åtgärd."),
    ],
)
def test_the_deviations_are_counted_with_those_that_nothing_is_done_about(
    results: tuple[ControlResult, ...], evidence: tuple[CheckEvidence, ...], sentence: str
) -> None:
    found = point("IK-5", method="automatisk", results=results, evidence=evidence, expected=1)
    assert f"Avvikelser: {sentence}" in words(report(replace(CONTROLS, points=(found,))))


def test_a_missing_control_shows() -> None:
    rows = table(list(report().blocks), "saknade-kontroller")
    assert rows == [["IK-13 Klagomål som visar på brister har fått en åtgärd.", "Sakkunnig", "2", "1", "1"]]


def test_the_tertial_reports_are_controlled_one_by_one() -> None:
    rows = table(list(report().blocks), "kontroll-av-tertialrapporter")
    assert rows[0] == [
        "Tertial 1 2026",
        "26 maj 2026",
        "Helt, 314 siffror",
        "2 personer",
        "Inga",
        "Ja (utskick 9 juni 2026)",
        "Grön",
    ]
    assert rows[1][4:] == ["3 siffror omräknade", "Nej (utskick 1 oktober 2026)", "Röd"]
    assert "Tertial 2 2026 håller inte. Tertial 1 2026 håller." in words(report())


def test_a_tertial_report_that_was_never_published_says_nothing_more() -> None:
    never = report_control(2, publication_id=None, published_on=None, approvers=0)
    rows = table(list(report(replace(CONTROLS, reports=(never,))).blocks), "kontroll-av-tertialrapporter")
    assert rows[0][1:] == ["Inte publicerad", "–", "–", "–", "Nej (utskick 9 juni 2026)", "Röd"]


@pytest.mark.parametrize(
    ("dispatch", "in_time"),
    [(date(2026, 11, 17), "Inte än (utskick 17 november 2026)"), (None, "Inget sammanträde är känt")],
)
def test_a_tertial_report_that_is_not_due_yet_is_not_judged(dispatch: date | None, in_time: str) -> None:
    coming = report_control(2, publication_id=None, published_on=None, dispatch=dispatch)
    document = report(replace(CONTROLS, reports=(coming,)))
    assert table(list(document.blocks), "kontroll-av-tertialrapporter")[0][-2:] == [in_time, "Inte bedömd"]
    assert "Tertial 2 2026 är inte publicerad än." in words(document)


def test_a_sample_tells_how_many_faults_it_cannot_rule_out() -> None:
    found = words(report())
    assert "av 29 granskade utbetalningar hittades 1 fel. Stickprovet kan inte utesluta att upp till 15,3 %" in found
    assert "Stickprovet för tertial 2 2026 är utlovat men inte draget." in found
    unchecked = replace(CONTROLS, samples=(sample(checked=0, faults=0),))
    assert "29 utbetalningar är dragna, men ingen är granskad än." in words(report(unchecked))
    assert "Inga stickprov är beslutade för året." in words(report(replace(CONTROLS, samples=())))


def test_samples_that_nobody_has_checked_are_told_together() -> None:
    waiting = sample(checked=0, faults=0)
    document = report(replace(CONTROLS, samples=(waiting, waiting)))
    assert "Två stickprov med tillsammans 58 utbetalningar är dragna, men inget är granskat än." in words(document)
    assert [row[-1] for row in table(list(document.blocks), "stickprov")] == ["–", "–"]


def test_next_years_points_are_proposed_by_the_rule() -> None:
    rows = table(list(report().blocks), "nasta-ar")
    assert [row[3] for row in rows] == [
        "Behåll, pröva att automatisera",
        "Behåll",
        "Behåll",
        "Behåll",
        "Behåll och kontrollera oftare",
    ]


def test_conclusions_must_be_written_by_a_person() -> None:
    assert "Kontrollerna är gjorda enligt plan." in words(report())
    assert "Någon ansvarig behöver skriva avsnittet ”Slutsatser”" in words(report(is_concluded=False))
    assert [one.id for one in REPORT.sections if one.is_mandatory] == ["slutsatser"]


def test_without_control_points_the_paper_says_so() -> None:
    document = report(Controls((), (), (), (), {}))
    assert "Det finns inga kontrollpunkter för 2026." in words(document)


def test_it_is_about_the_first_ten_months_and_drawn_in_every_format() -> None:
    assert REPORT.accepts(YearToDate(2026, 10))
    assert not REPORT.accepts(YearToDate(2026, 8))
    assert len(files_that_pass_the_audit(report())) == 4
