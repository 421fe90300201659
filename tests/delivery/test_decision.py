"""What the board decided is bound to the very content, kept once, and refused when it is another."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from arshjul.delivery.decision import (
    BoardDecision,
    DecisionRefused,
    find_board_decision,
    newest_publication,
    record_board_decision,
)
from arshjul.lineage.chain import verify_chain
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.decisions import record_from_form

TODAY = date(2026, 6, 11)
NOTED = "Nämnden noterar informationen till protokollet."
FORM = {"rapport": "tertialrapport", "period": "2026-T1", "datum": "2026-06-10", "paragraf": "§ 45", "beslut": NOTED}


def decide(office: Any, publication_id: int, **changed: Any) -> BoardDecision:
    wanted = {"decided_on": date(2026, 6, 10), "paragraph": "§ 45", "decision": NOTED, "recorded_by": "cecilia"}
    with office.engine.begin() as connection:
        return record_board_decision(connection, publication_id, **(wanted | changed))


def test_a_decision_is_bound_to_the_content_and_stands_in_the_log(office: Any) -> None:
    package, publication_id = office.published()
    made = decide(office, publication_id)
    assert (made.content_sha256, made.paragraph, made.recorded_by) == (package.content_sha256, "§ 45", "cecilia")
    with office.engine.connect() as connection:
        assert find_board_decision(connection, publication_id) == made
        assert verify_chain(connection).ok
    assert office.count("lineage.log WHERE event = 'decision.insert'") == 1


def test_the_same_decision_again_changes_nothing_whoever_records_it(office: Any) -> None:
    _, publication_id = office.published()
    first = decide(office, publication_id)
    assert decide(office, publication_id, paragraph="§  45", recorded_by="david") == first
    assert office.count("published.decision") == 1


@pytest.mark.parametrize(
    "changed",
    [{"decided_on": date(2026, 6, 11)}, {"paragraph": "§ 46"}, {"decision": "Nämnden återremitterar ärendet."}],
    ids=["day", "paragraph", "words"],
)
def test_another_decision_about_the_same_version_is_refused(office: Any, changed: dict[str, Any]) -> None:
    _, publication_id = office.published()
    first = decide(office, publication_id)
    with pytest.raises(DecisionRefused, match="redan infört"):
        decide(office, publication_id, **changed)
    with office.engine.connect() as connection:
        assert find_board_decision(connection, publication_id) == first


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"paragraph": "45"}, "§ 45"),
        ({"decision": "Ja."}, "mellan 5"),
        ({"recorded_by": ""}, "med namn"),
    ],
)
def test_what_is_written_wrong_is_refused_with_a_sentence(office: Any, changed: dict[str, Any], sentence: str) -> None:
    _, publication_id = office.published()
    with pytest.raises(DecisionRefused, match=sentence):
        decide(office, publication_id, **changed)
    assert office.count("published.decision") == 0


def test_there_is_nothing_to_decide_about_before_it_is_published(office: Any) -> None:
    office.package()
    with pytest.raises(DecisionRefused, match="finns inte"):
        decide(office, 1)
    with office.engine.connect() as connection, pytest.raises(DecisionRefused, match="inte publicerad"):
        newest_publication(connection, "tertialrapport", "2026-T1")


@pytest.mark.parametrize(
    "statement", ["UPDATE published.decision SET paragraph = '§ 9'", "DELETE FROM published.decision"]
)
def test_a_decision_cannot_be_changed(office: Any, statement: str) -> None:
    _, publication_id = office.published()
    decide(office, publication_id)
    with pytest.raises(DBAPIError, match="append only"), office.administrator.begin() as connection:
        connection.exec_driver_sql(statement)


def test_the_form_records_for_the_newest_version_and_needs_a_name(office: Any) -> None:
    _, publication_id = office.published()
    with pytest.raises(Stopped, match="någon som för in det"):
        record_from_form(office.settings, FORM, "", TODAY)
    with pytest.raises(Stopped, match="går inte att läsa"):
        record_from_form(office.settings, FORM | {"datum": "10 juni"}, "anna", TODAY)
    first = record_from_form(office.settings, FORM, "anna", TODAY)
    assert record_from_form(office.settings, FORM, "anna", TODAY) == first
    with pytest.raises(Stopped, match="redan infört"):
        record_from_form(office.settings, FORM | {"paragraf": "§ 46"}, "anna", TODAY)
    with office.engine.connect() as connection:
        made = find_board_decision(connection, publication_id)
    assert made is not None
    assert made.recorded_by == "anna"


def test_whoever_has_no_right_to_records_nothing_and_the_refusal_is_kept(office: Any) -> None:
    office.published()
    with pytest.raises(Stopped, match="cecilia har ingen delegation att föra in nämndens beslut"):
        record_from_form(office.settings, FORM, "cecilia", TODAY)
    assert (office.count("published.decision"), office.count("lineage.refusal")) == (0, 1)
