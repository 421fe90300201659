"""The packs before a visit: agenda, questions, what was to improve, figures, and nothing that is internal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.reports.example import texts
from tests.reports.facts_example import table
from tests.reports.register_examples import (
    OWN,
    files_that_pass_the_audit,
    follow_up_object,
    pack,
    paper_reading,
    point,
    provider_facts,
    result,
    tertial_facts,
)

from arshjul.periods import Tertial, Year
from arshjul.reports import underlag_namndbesok, underlag_tjanstemannabesok
from arshjul.reports.blocks import Document
from arshjul.reports.underlag_namndbesok import board_pack
from arshjul.reports.underlag_tjanstemannabesok import officers_pack


def officers(**changes: object) -> Document:
    return officers_pack(paper_reading(tertial_facts(), subject="jokt"), pack(**changes))  # type: ignore[arg-type]


def board(**changes: object) -> Document:
    return board_pack(paper_reading(tertial_facts(), subject="jokt"), pack("namndbesok", **changes))  # type: ignore[arg-type]


def words(document: Document) -> str:
    return " ".join(" ".join(texts(document)).split())


def test_the_officials_agenda_has_the_three_points_of_the_source_document() -> None:
    found = words(officers())
    for said in (
        "Det systematiska kvalitetsarbetet",
        "Resultatet av internkontrollen, också av tertialrapporterna själva.",
        "Tertialrapporternas resultat",
    ):
        assert said in found


@pytest.mark.parametrize("write", [officers, board])
def test_a_pack_is_a_working_paper_with_the_time_its_facts_were_known(write: object) -> None:
    found = words(write())  # type: ignore[operator]
    assert "Allt här är så som det var känt den 8 september 2026 kl. 09.00." in found
    assert "Status Arbetsmaterial" in found
    assert "är planerat till den 23 september 2026. Deltagare: Två sakkunniga och enhetschefen." in found


def test_what_was_to_improve_since_last_time_is_told_with_how_it_stands() -> None:
    assert table(list(officers().blocks), "forra-besoket") == [
        [
            "Bedömningen enligt trappan görs lika i båda arbetslagen.",
            "Enhetschef och verksamhetschef",
            "20 maj 2026",
            "Försenad",
        ]
    ]
    assert "Två åtgärder till är inte klara. En är försenad." in words(officers())


def test_late_actions_unanswered_deviations_and_missing_follow_ups_become_questions() -> None:
    without = point("IK-9", object_id="jokt", results=(result(date(2026, 5, 1), "avvikelse", "Datum saknas."),))
    found = words(officers(points=(without,)))
    assert "”Bedömningen enligt trappan görs lika i båda arbetslagen” skulle ha varit klart den 20 maj 2026." in found
    assert "IK-9 visar avvikelser utan åtgärd." in found
    assert "ekonomisk uppföljning saknas. När blir det gjort?" in found


@pytest.mark.parametrize("write", [officers, board])
def test_internal_text_of_a_quality_report_is_never_shown(write: object) -> None:
    given = pack().report
    assert given is not None
    leaked = replace(given, texts={**given.texts, "internt": "En medarbetare har varit sjuk."})
    found = words(write(report=leaked))  # type: ignore[operator]
    assert "Kvalitetsarbetet följer årshjulet." in found
    assert "sjuk" not in found
    unknown_form = words(write(report=replace(leaked, form_version="9")))  # type: ignore[operator]
    assert "Kvalitetsarbetet följer årshjulet." in unknown_form
    assert "sjuk" not in unknown_form


def test_a_quality_report_that_is_late_or_incomplete_says_so() -> None:
    given = pack().report
    assert given is not None
    found = words(officers(report=replace(given, received=date(2026, 1, 9), texts={"resultat_och_analys": "Bra."})))
    assert "för sent: den skulle ha kommit senast den 31 december 2025" in found
    assert "Avsnittet ”Systematiskt kvalitetsarbete” saknas." in found
    assert "Ingen kvalitetsrapport har kommit in." in words(officers(report=None))


def test_a_first_visit_and_a_place_without_anything_are_short_and_without_empty_tables() -> None:
    document = officers(visits=(), actions=(), points=(), report=None, followed=(), reports=(), planned=None)
    found = words(document)
    assert "har ingen bestämd dag än" in found
    assert "Det finns inget tidigare besök av samma slag att följa upp." in found
    assert "Det finns inga andra öppna åtgärder" in found
    assert "Verksamheten har inga egna kontrollpunkter i år." in found


def test_a_providers_own_figures_stand_in_its_pack_and_no_other_providers() -> None:
    facts = provider_facts(period=Tertial(2026, 1))
    about = pack(object=follow_up_object("avt", provider=OWN))
    document = officers_pack(paper_reading(facts, subject="avt"), about)
    assert ["Måluppfyllelse (%)", "52", "42–62", "48", "+4"] in table(list(document.blocks), "egna-siffror")
    assert "Konkurrent" not in words(document)


def test_the_minutes_form_has_room_for_areas_with_responsible_and_day() -> None:
    rows = table(list(officers().blocks), "minnesanteckningar")
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
    assert "varje rad blir en åtgärd" in words(officers())


def test_the_board_follows_up_its_goals_and_not_the_officials_agenda() -> None:
    found = words(board())
    assert "Minst 65 procent når egen försörjning" in found
    assert "Mall för minnesanteckningar" not in found


@pytest.mark.parametrize("module", [underlag_tjanstemannabesok, underlag_namndbesok])
def test_packs_are_about_one_object_and_a_tertial_and_stay_in_the_house(module: object) -> None:
    report = module.REPORT  # type: ignore[attr-defined]
    assert report.has_subject
    assert not report.is_public
    assert report.accepts(Tertial(2026, 2))
    assert not report.accepts(Year(2026))


def test_both_packs_are_drawn_in_every_format() -> None:
    for document in (officers(), board()):
        assert len(files_that_pass_the_audit(document)) == 4
