"""Known faults of a sender, corrected by the municipality's register: applied, told, guarded, withdrawn."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.contracts import load_contracts
from arshjul.intake import quarantine
from arshjul.intake.corrections import CORRECTIONS
from arshjul.intake.office import open_office
from arshjul.intake.replay import Wanted, choose_deliveries, replay_deliveries
from arshjul.settings import REPOSITORY

Desk = Any  # tests/intake/conftest.py


def decide(desk: Desk, *decisions: dict[str, str], month: str = "2026-03") -> Any:
    """Deliver a register of corrections."""
    usual = {
        "dataset": "narvaro",
        "avsandare_orgnr": desk.PROVIDER,
        "manad": "2026-03",
        "nyckel": "insats_id=A1;datum=2026-03-03",
        "atgard": "andra",
        "skal": "Fel i filen.",
        "meddelad": "Samordnaren",
        "beslutad_datum": "2026-04-10",
    }
    rows = [
        [({**usual, "rattelse_id": f"R{number}"} | one).get(name, "") for name in desk.COLUMNS[CORRECTIONS]]
        for number, one in enumerate(decisions, start=1)
    ]
    return desk.send(CORRECTIONS, rows, month)


def days(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.current("narvaro", "datum, planerade_timmar, narvarande_timmar")


def states(desk: Desk) -> dict[str, str]:
    with desk.office.engine.connect() as connection:
        told = quarantine.corrections(connection, desk.office.statements, quarantine.Filter())
    return {row["rattelse_id"]: row["state"] for row in told}


def attend(desk: Desk, *rows: list[str]) -> Any:
    return desk.send("narvaro", list(rows))


@pytest.fixture
def attended(desk: Desk) -> Any:
    """A desk with one enrolment, one good day and one that needs a correction."""
    desk.send("insatser", [desk.enrolment("A1")])
    receipt = attend(desk, ["A1", "2026-03-03", "80", "8", ""], ["A1", "2026-03-04", "8", "8", ""])
    assert desk.reasons(receipt) == {
        (1, "planerade_timmar", "intervall"),
        (1, "franvaroorsak", "anges_precis_nar"),
    }
    return receipt


CHANGE = {"falt": "planerade_timmar", "fran": "80", "till": "8"}


def test_a_correction_changes_a_row_and_the_sender_is_told_without_values(desk: Desk, attended: Any) -> None:
    decide(desk, CHANGE)
    assert [str(hours) for _, hours, _ in days(desk)] == ["8", "8"]
    assert states(desk) == {"R1": "tillampas"}
    folder = desk.office.settings.receipts / desk.PROVIDER
    told = (folder / f"kvittens_narvaro_2026-03_{attended.delivery_id}_omprovad.txt").read_text(encoding="utf-8")
    assert "Rad 1: Planerade timmar är rättat, enligt kommunens beslut om rättelse R1." in told
    assert "80" not in told.partition("SHA-256")[0]
    assert desk.query("SELECT delivery_id, row_no, rattelse_id, action, field FROM quarantine.corrected") == [
        (attended.delivery_id, 1, "R1", "andra", "planerade_timmar")
    ]


def test_a_correction_waits_for_its_delivery_and_is_applied_when_it_comes(desk: Desk) -> None:
    decide(desk, CHANGE)
    assert states(desk) == {"R1": "vantar"}
    desk.send("insatser", [desk.enrolment("A1")])
    receipt = attend(desk, ["A1", "2026-03-03", "80", "8", ""])
    assert desk.counts(receipt) == (1, 1, 0, 0)
    assert receipt.warnings == ("Rad 1: Planerade timmar är rättat, enligt kommunens beslut om rättelse R1.",)


@pytest.mark.parametrize("withdrawn_by", ["the same month", "a later month"])
def test_a_withdrawn_correction_gives_back_what_was_delivered(desk: Desk, attended: Any, withdrawn_by: str) -> None:
    decide(desk, CHANGE)
    decide(desk, month="2026-03" if withdrawn_by == "the same month" else "2026-04")
    assert [day.day for day, *_ in days(desk)] == [4]
    assert states(desk) == {}
    assert desk.query("SELECT count(*) FROM quarantine.corrected WHERE known_to = 'infinity'") == [(0,)]
    because = "SELECT because FROM lineage.judgement WHERE delivery_id = :id ORDER BY judgement_id"
    assert desk.query(because, id=attended.delivery_id) == [("forsta",), ("rattelse",), ("rattelse",)]


def test_a_correction_of_an_enrolment_lets_its_children_in(desk: Desk) -> None:
    desk.send("insatser", [["A1", desk.person(1), "jobbpeng_grund", "2026-03-32", "", ""]])
    attend(desk, ["A1", "2026-03-03", "8", "8", ""])
    assert days(desk) == []
    enrolment = {"dataset": "insatser", "nyckel": "insats_id=A1", "falt": "startdatum"}
    decide(desk, enrolment | {"fran": "2026-03-32", "till": "2026-03-02"})
    assert len(days(desk)) == 1


def test_a_register_that_is_judged_again_corrects_what_it_now_says(desk: Desk, attended: Any, tmp_path: Path) -> None:
    include = tmp_path / "include"
    shutil.copytree(desk.office.settings.include, include)
    contract = include / "contracts/rattelser.yaml"
    contract.write_text(
        contract.read_text(encoding="utf-8").replace("maxLength: 1000}", "maxLength: 3}"), encoding="utf-8"
    )
    with open_office(replace(desk.office.settings, include=include)) as strict:
        register = decide(type(desk)(desk.folder, strict, desk.run_id), CHANGE)
    assert desk.reasons(register) == {(1, "skal", "langd")}
    with open_office(desk.office.settings) as office:
        with office.engine.connect() as connection:
            chosen = choose_deliveries(office, connection, Wanted(dataset=CORRECTIONS))
        replay_deliveries(office, chosen)
    assert [str(hours) for _, hours, _ in days(desk)] == ["8", "8"]
    assert states(desk) == {"R1": "tillampas"}


def test_the_guard_lets_a_mended_row_be(desk: Desk, attended: Any) -> None:
    decide(desk, CHANGE)
    attend(desk, ["A1", "2026-03-03", "7", "7", ""])
    assert [str(hours) for _, hours, _ in days(desk)] == ["7"]
    assert states(desk) == {"R1": "behovs_inte"}


def test_an_empty_field_can_be_filled_and_a_full_one_emptied(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1")])
    attend(desk, ["A1", "2026-03-03", "8", "4", ""], ["A1", "2026-03-04", "8", "8", "vab"])
    cause = {"falt": "franvaroorsak"}
    decide(desk, cause | {"till": "vab"}, cause | {"nyckel": "insats_id=A1;datum=2026-03-04", "fran": "vab"})
    assert desk.current("narvaro", "datum, franvaroorsak")[0][1] == "vab"
    assert desk.current("narvaro", "datum, franvaroorsak")[1][1] is None


def test_an_excluded_row_is_in_quarantine_and_contradicts_nobody(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1")])
    first = attend(desk, ["A1", "2026-03-03", "8", "8", ""], ["A1", "2026-03-03", "6", "6", ""])
    assert {rule for _, _, rule in desk.reasons(first)} == {"motsagelse"}
    decide(desk, {"atgard": "uteslut", "falt": "planerade_timmar", "fran": "6"})
    assert [str(hours) for _, hours, _ in days(desk)] == ["8"]
    told = desk.query("SELECT row_no, field, rule FROM quarantine.row")
    assert told == [(2, "", "utesluten_genom_rattelse")]
    counts = "SELECT rows_in, rows_loaded, rows_unchanged, rows_quarantined FROM lineage.delivery WHERE is_current"
    assert desk.query(f"{counts} AND dataset = 'narvaro'") == [(2, 1, 0, 1)]


def test_of_two_corrections_of_one_field_one_is_applied_and_the_other_told(desk: Desk, attended: Any) -> None:
    decide(desk, CHANGE, CHANGE | {"till": "7"})
    assert states(desk) == {"R1": "tillampas", "R2": "behovs_inte"}


@pytest.mark.parametrize(
    ("decision", "broken"),
    [
        (CHANGE, None),
        ({"falt": "personnummer", "dataset": "insatser", "nyckel": "insats_id=A1"}, ("falt", "datamangdens_falt")),
        ({"falt": "fritext", "dataset": "synpunkter", "nyckel": "arende_id=1"}, ("falt", "datamangdens_falt")),
        ({"falt": "datum"}, ("falt", "datamangdens_falt")),
        ({"falt": "platser"}, ("falt", "datamangdens_falt")),
        ({"falt": ""}, ("falt", "anges_nar")),
        ({**CHANGE, "nyckel": "datum=2026-03-03;insats_id=A1"}, ("nyckel", "datamangdens_nyckel")),
        ({**CHANGE, "nyckel": "insats_id=A1"}, ("nyckel", "datamangdens_nyckel")),
        ({**CHANGE, "dataset": "rattelser"}, ("dataset", "kodlista")),
        ({"atgard": "uteslut"}, None),
    ],
)
def test_what_may_be_corrected(desk: Desk, decision: dict[str, str], broken: tuple[str, str] | None) -> None:
    receipt = decide(desk, decision)
    assert {(reason.field, reason.rule) for reason in receipt.reasons} == ({broken} if broken else set())


def test_only_the_municipality_corrects(desk: Desk) -> None:
    receipt = desk.send(CORRECTIONS, [], sender=desk.PROVIDER)
    assert receipt.refusal
    assert receipt.refusal.rule == "ej_kommunen"


def test_the_code_list_of_datasets_follows_the_contracts() -> None:
    include = REPOSITORY / "include"
    listed = {code.code for code in load_codelists(include)["datamangder"].codes}
    assert listed == set(load_contracts(include)) - {CORRECTIONS}
