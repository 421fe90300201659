"""Rows with a parent: judged by the enrolments known for their month, and tried again when new ones come."""

from __future__ import annotations

from typing import Any

import pytest

from arshjul.intake.delivery import receive, replay
from arshjul.intake.queue import receive_all
from arshjul.intake.verdicts import Refused

Desk = Any  # tests/intake/conftest.py


def day(insats_id: str, datum: str) -> list[str]:
    return [insats_id, datum, "8", "8", ""]


def rules(receipt: Any) -> set[tuple[int, str]]:
    return {(reason.row, reason.rule) for reason in receipt.reasons}


def outcome(desk: Desk, dataset: str) -> tuple[int, int, int, int]:
    [row] = desk.query(
        "SELECT rows_in, rows_loaded, rows_unchanged, rows_quarantined FROM lineage.delivery "
        "WHERE is_current AND dataset = :dataset",
        dataset=dataset,
    )
    return row


def test_a_day_needs_an_enrolment_of_the_same_sender_in_this_or_an_earlier_month(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("TIDIGARE", start="2026-02-02")], "2026-02")
    desk.send("insatser", [desk.enrolment("SENARE", start="2026-01-02")], "2026-04")
    desk.send("insatser", [desk.enrolment("ANNANS")], "2026-03", sender=desk.OTHER)
    receipt = desk.send("narvaro", [day(one, "2026-03-03") for one in ("TIDIGARE", "SENARE", "ANNANS")])
    assert rules(receipt) == {(2, "foralder_saknas"), (3, "foralder_saknas")}


def test_the_newest_enrolment_up_to_the_month_decides(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1", start="2026-01-02", end="2026-01-30")], "2026-01")
    desk.send("insatser", [desk.enrolment("A1", start="2026-01-02")], "2026-03")
    desk.send("insatser", [desk.enrolment("A1", start="2026-01-02", end="2026-03-04")], "2026-04")
    assert rules(desk.send("narvaro", [day("A1", "2026-03-05")])) == set()
    assert rules(desk.send("narvaro", [day("A1", "2026-02-05")], "2026-02")) == {(1, "inom_insatsen")}
    assert rules(desk.send("uppfoljningar", [["A1", "3", "2026-03-30", "ej_nadd"]])) == {(1, "insatsen_avslutad")}
    assert rules(desk.send("uppfoljningar", [["A1", "3", "2026-04-30", "ej_nadd"]], "2026-04")) == set()


def test_waiting_rows_are_tried_again_when_their_enrolments_come(desk: Desk) -> None:
    first = desk.send("narvaro", [day("A1", "2026-03-03"), day("A2", "2026-03-03"), day("A1", "igår")])
    assert rules(first) == {(1, "foralder_saknas"), (2, "foralder_saknas"), (3, "foralder_saknas"), (3, "format")}
    desk.send("insatser", [desk.enrolment("A1")])
    assert outcome(desk, "narvaro") == (3, 1, 0, 2)
    assert desk.current("narvaro", "insats_id, row_no, delivery_id") == [("A1", 1, first.delivery_id)]
    told = desk.query(
        "SELECT row_no, rule FROM quarantine.row WHERE delivery_id = :id ORDER BY 1", id=first.delivery_id
    )
    assert told == [(2, "foralder_saknas"), (3, "format")]
    folder = desk.office.settings.receipts / desk.PROVIDER
    text = (folder / f"kvittens_narvaro_2026-03_{first.delivery_id}_omprovad.txt").read_text(encoding="utf-8")
    assert "Inlästa: 1" in text


def test_enrolments_let_later_months_in_too_but_not_earlier_ones(desk: Desk) -> None:
    desk.send("narvaro", [day("A1", "2026-02-03")], "2026-02")
    desk.send("narvaro", [day("A1", "2026-04-03")], "2026-04")
    desk.send("insatser", [desk.enrolment("A1", start="2026-01-02")], "2026-03")
    assert [row[0].month for row in desk.current("narvaro", "datum")] == [4]


def test_only_rows_whose_outcome_changes_are_touched_by_a_retry(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1")])
    desk.send("narvaro", [day("A1", "2026-03-03"), day("A2", "2026-03-03")])
    before = desk.query("SELECT t::text FROM core.narvaro AS t")
    desk.send("insatser", [desk.enrolment("A1"), desk.enrolment("A2", 2)])
    after = desk.query("SELECT t::text FROM core.narvaro AS t")
    assert set(before) < set(after)
    assert len(after) == 2
    assert outcome(desk, "narvaro") == (2, 2, 0, 0)


def test_a_retry_that_finds_nothing_new_changes_no_row(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1")])
    receipt = desk.send("narvaro", [day("A1", "2026-03-03"), day("A2", "2026-03-03")])
    before = desk.query("SELECT t::text FROM core.narvaro AS t"), outcome(desk, "narvaro")
    again = replay(desk.office, receipt.delivery_id)
    assert again is not None
    assert again.reasons == receipt.reasons
    assert (desk.query("SELECT t::text FROM core.narvaro AS t"), outcome(desk, "narvaro")) == before


def test_a_retry_was_missed_when_the_worker_died_and_is_made_up_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.send("narvaro", [day("A1", "2026-03-03")])
    with monkeypatch.context() as patch:
        patch.setattr("arshjul.intake.delivery._retry_children", lambda *_: None)
        desk.send("insatser", [desk.enrolment("A1")])
    assert desk.current("narvaro", "insats_id") == []
    assert desk.send("insatser", [desk.enrolment("A1")]).status == "identisk"
    assert desk.current("narvaro", "insats_id") == [("A1",)]


def test_a_delivery_that_was_replaced_is_not_tried_again(desk: Desk) -> None:
    replaced = desk.send("narvaro", [day("A1", "2026-03-03")])
    desk.send("narvaro", [day("A2", "2026-03-03")])
    desk.send("insatser", [desk.enrolment("A1"), desk.enrolment("A2", 2)])
    assert desk.current("narvaro", "insats_id") == [("A2",)]
    assert replay(desk.office, replaced.delivery_id) is None
    assert replay(desk.office, 10**9) is None


def test_a_destroyed_file_does_not_stop_its_senders_next_delivery(desk: Desk) -> None:
    waiting = desk.send("narvaro", [day("A1", "2026-03-03")])
    desk.office.archive.forget(waiting.sha256)
    assert desk.send("insatser", [desk.enrolment("A1")]).status == "mottagen"
    assert desk.current("narvaro", "insats_id") == []


def test_a_replay_that_the_contract_now_refuses_changes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.send("insatser", [desk.enrolment("A1")])
    receipt = desk.send("narvaro", [day("A1", "2026-03-03")])
    monkeypatch.setattr("arshjul.intake.processing.check_statements", _refuse)
    with pytest.raises(Refused):
        replay(desk.office, receipt.delivery_id)
    assert desk.current("narvaro", "insats_id") == [("A1",)]


def _refuse(*_: object) -> None:
    raise Refused("manad_stammer_inte", "Nej.")


def test_files_that_come_together_are_received_parents_first(empty_desk: Desk) -> None:
    desk = empty_desk
    files = [
        desk.put(desk.name("narvaro"), desk.csv("narvaro", [day("A1", "2026-03-03")])),
        desk.put(desk.name("narvaro", "2026-02"), desk.csv("narvaro", [])),
        desk.put("okand.csv", b"x"),
        desk.put(desk.name("insatser"), desk.csv("insatser", [desk.enrolment("A1")])),
        desk.put(desk.name("anordnare"), desk.csv("anordnare", [desk.provider(desk.PROVIDER)])),
    ]
    receipts = receive_all(desk.office, files, desk.run_id)
    assert [(one.dataset, one.month and one.month.key, one.rows_quarantined) for one in receipts] == [
        ("anordnare", "2026-03", 0),
        ("insatser", "2026-03", 0),
        ("narvaro", "2026-02", 0),
        ("narvaro", "2026-03", 0),
        (None, None, 0),
    ]


def test_the_same_file_may_be_received_from_the_landing_and_the_keyboard(desk: Desk) -> None:
    file = desk.put(desk.name("insatser"), desk.csv("insatser", [desk.enrolment("A1")]))
    statuses = [receive(desk.office, file, desk.run_id).status for _ in range(2)]
    assert statuses == ["mottagen", "identisk"]
