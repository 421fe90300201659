"""Every rule of a contract, in the database and its sentences (spec/deliveries.md)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.contracts import Contract, load_contracts
from arshjul.catalogue.yaml_files import CatalogueError, as_definition
from arshjul.intake.rules import checks_of
from arshjul.settings import REPOSITORY

Desk = Any  # tests/intake/conftest.py

INCLUDE = REPOSITORY / "include"


def rules(receipt: Any) -> set[tuple[str, str]]:
    return {(reason.field, reason.rule) for reason in receipt.reasons}


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"insats_id": "x" * 40}, None),
        ({"insats_id": "x" * 41}, ("insats_id", "langd")),
        ({"personnummer": ""}, ("personnummer", "obligatorisk")),
        ({"personnummer": "900101-0000"}, ("personnummer", "personnummer")),
        ({"insatstyp": "JOBBPENG_GRUND"}, None),
        ({"insatstyp": "jobbpeng"}, ("insatstyp", "kodlista")),
        ({"insatstyp": ""}, ("insatstyp", "obligatorisk")),
        ({"startdatum": "2026-03-31"}, None),
        ({"startdatum": "2026-04-01"}, ("startdatum", "ej_efter_manaden")),
        ({"startdatum": "2026-02-29"}, ("startdatum", "format")),
        ({"startdatum": "26-03-01"}, ("startdatum", "format")),
        ({"slutdatum": "2026-03-01", "avslutsorsak": "arbete"}, ("slutdatum", "ej_fore_falt")),
        ({"slutdatum": "2026-03-02", "avslutsorsak": "arbete"}, None),
        ({"slutdatum": "2026-04-01", "avslutsorsak": "arbete"}, ("slutdatum", "ej_efter_manaden")),
        ({"slutdatum": "2026-03-20"}, ("avslutsorsak", "anges_precis_nar")),
        ({"avslutsorsak": "arbete"}, ("avslutsorsak", "anges_precis_nar")),
        ({"slutdatum": "2026-03-20", "avslutsorsak": "annat jobb"}, ("avslutsorsak", "kodlista")),
        ({"slutdatum": "snart"}, ("slutdatum", "format")),
        ({"anvisad_datum": "2026-03-02"}, None),
        ({"anvisad_datum": "2026-03-03"}, ("anvisad_datum", "ej_efter_falt")),
        ({"anvisad_datum": "x"}, ("anvisad_datum", "format")),
        ({"coach_id": "c" * 41}, ("coach_id", "langd")),
        ({"kartlaggning_datum": "20260231"}, ("kartlaggning_datum", "format")),
    ],
)
def test_an_enrolment_is_held_to_its_contract(
    desk: Desk, change: dict[str, str], broken: tuple[str, str] | None
) -> None:
    row = {
        **dict(zip(desk.COLUMNS["insatser"], desk.enrolment("A1"), strict=True)),
        "anvisad_datum": "",
        "coach_id": "",
        "kartlaggning_datum": "",
        **change,
    }
    receipt = desk.send("insatser", [list(row.values())], columns=list(row))
    assert rules(receipt) == ({broken} if broken else set())


@pytest.mark.parametrize(
    ("born", "start", "is_old_enough"),
    [
        ("20100302", "2026-03-02", True),
        ("20100302", "2026-03-01", False),
        ("20080229", "2024-02-29", True),
        ("20080229", "2024-02-28", False),
    ],
)
def test_a_person_is_sixteen_on_the_first_day(desk: Desk, born: str, start: str, is_old_enough: bool) -> None:
    nine = f"{born[2:]}981"
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(nine))
    row = ["A1", f"{born[:2]}{nine}{-total % 10}", "jobbpeng_grund", start, "", ""]
    assert rules(desk.send("insatser", [row])) == (set() if is_old_enough else {("startdatum", "minst_alder")})


def test_an_unknown_day_of_birth_is_no_reason_to_refuse_a_person(desk: Desk) -> None:
    unknown_day = "191500722390"  # Skatteverket's own example of a samordningsnummer without a day
    receipt = desk.send("insatser", [["A1", unknown_day, "jobbpeng_grund", "2026-03-02", "", ""]])
    assert rules(receipt) == set()
    assert desk.query("SELECT birth_date, kind FROM core.person JOIN vault.alias USING (person_id)") == [(None, "sam")]


@pytest.mark.parametrize(
    ("planned", "attended", "reason", "broken"),
    [
        ("8", "8", "", set()),
        ("0", "0", "", set()),
        ("24", "0", "sjuk", set()),
        ("24,01", "0", "sjuk", {("planerade_timmar", "intervall")}),
        ("8", "-1", "sjuk", {("narvarande_timmar", "intervall")}),
        ("8", "8,5", "", {("narvarande_timmar", "hogst_falt")}),
        ("8", "7", "", {("franvaroorsak", "anges_precis_nar")}),
        ("8", "8", "sjuk", {("franvaroorsak", "anges_precis_nar")}),
        ("8", "7", "semester", {("franvaroorsak", "kodlista")}),
        ("8 h", "7", "sjuk", {("planerade_timmar", "format")}),
        ("8", "1e1", "", {("narvarande_timmar", "format")}),
        ("", "7", "sjuk", {("planerade_timmar", "obligatorisk")}),
    ],
)
def test_a_day_is_held_to_its_contract(
    desk: Desk, planned: str, attended: str, reason: str, broken: set[tuple[str, str]]
) -> None:
    desk.send("insatser", [desk.enrolment("A1")])
    assert rules(desk.send("narvaro", [["A1", "2026-03-03", planned, attended, reason]])) == broken


def test_a_day_lies_in_the_month_and_in_the_enrolment(desk: Desk) -> None:
    desk.send("insatser", [desk.enrolment("A1", end="2026-03-20")])
    days = ["2026-03-02", "2026-03-20", "2026-03-01", "2026-03-21", "2026-02-28"]
    receipt = desk.send("narvaro", [["A1", one, "8", "8", ""] for one in days])
    assert desk.reasons(receipt) == {
        (3, "datum", "inom_insatsen"),
        (4, "datum", "inom_insatsen"),
        (5, "datum", "inom_insatsen"),
        (5, "datum", "i_manaden"),
    }


@pytest.mark.parametrize(
    ("row", "broken"),
    [
        (["A1", "3", "2026-03-30", "ej_nadd"], set()),
        (["A1", "6,0", "2026-03-30", "ej_nadd"], set()),
        (["A1", "4", "2026-03-30", "ej_nadd"], {("manader", "intervall")}),
        (["A1", "3,5", "2026-03-30", "ej_nadd"], {("manader", "format")}),
        (["A2", "3", "2026-03-30", "ej_nadd"], {("insats_id", "insatsen_avslutad")}),
        (["A3", "3", "2026-03-30", "vet ej"], {("insats_id", "foralder_saknas"), ("status", "kodlista")}),
    ],
)
def test_a_follow_up_is_held_to_its_contract(desk: Desk, row: list[str], broken: set[tuple[str, str]]) -> None:
    desk.send("insatser", [desk.enrolment("A1", end="2026-03-20"), desk.enrolment("A2", 2)])
    assert rules(desk.send("uppfoljningar", [row])) == broken


@pytest.mark.parametrize(
    ("row", "broken"),
    [
        (["556036-0793", "x", "extern", "2020-01-01", "9999-12-31", "inget", "e@x.example"], set()),
        (["5560360794", "x", "extern", "2020-01-01", "", "inget", "e@x.example"], {("orgnr", "format")}),
        (["5560360793", "x" * 201, "annan", "2020-01-01", "", "ISO", ""], None),
    ],
)
def test_a_provider_is_held_to_its_contract(desk: Desk, row: list[str], broken: set[tuple[str, str]] | None) -> None:
    many = {("namn", "langd"), ("typ", "kodlista"), ("kvalitetssystem", "kodlista"), ("epost", "obligatorisk")}
    receipt = desk.send("anordnare", [row])
    assert rules(receipt) == (many if broken is None else broken)
    if not receipt.reasons:
        assert desk.query("SELECT orgnr FROM core.anordnare WHERE known_to = 'infinity' AND namn = 'x'") == [
            ("5560360793",)
        ]


def test_a_code_is_valid_on_the_day_its_contract_points_at(desk: Desk, tmp_path: Path) -> None:
    from dataclasses import replace

    from arshjul.catalogue.codelists import Code, CodeList
    from arshjul.intake.codes import sync_codes
    from arshjul.intake.delivery import receive

    ended = Code(code="jobbpeng_grund", title="x", valid_from=date(2020, 1, 1), valid_to=date(2026, 3, 10))
    codelists = {
        **desk.office.codelists,
        "insatstyper": CodeList(name="insatstyper", title="Insatstyper", codes=(ended,)),
    }
    office = replace(desk.office, codelists=codelists)
    with office.engine.begin() as connection:
        assert sync_codes(connection, office.statements, codelists)
    rows = [desk.enrolment("A1", 1, start="2026-03-10"), desk.enrolment("A2", 2, start="2026-03-11")]
    receipt = receive(office, desk.put(desk.name("insatser"), desk.csv("insatser", rows)), desk.run_id)
    assert desk.reasons(receipt) == {(2, "insatstyp", "kodlista")}


def test_every_sentence_is_one_that_a_sender_can_read() -> None:
    contracts, codelists = load_contracts(INCLUDE), load_codelists(INCLUDE)
    for contract in contracts.values():
        for check in checks_of(contract, codelists, contracts):
            assert check.text.endswith(".")
            assert check.text[0].isupper()
            assert "None" not in check.text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fields": [{"name": "reasons", "title": "x", "description": "x", "type": "string"}]}, "names of ours"),
        (
            {
                "fields": [
                    {
                        "name": "a",
                        "title": "x",
                        "description": "x",
                        "type": "string",
                        "codeList": "b",
                        "constraints": {"required": True},
                    }
                ]
            },
            "no code list",
        ),
        (
            {"rules": [{"rule": "inom_insatsen", "field": "a"}]},
            "inom_insatsen without an enrolment",
        ),
        (
            {
                "fields": [
                    {
                        "name": f"f{n}",
                        "title": "x",
                        "description": "x",
                        "type": "date",
                        "constraints": {"required": True},
                    }
                    for n in range(40)
                ]
            },
            "more than 62 rules",
        ),
    ],
)
def test_a_contract_that_cannot_be_kept_is_refused(change: dict[str, Any], message: str) -> None:
    contracts, codelists = load_contracts(INCLUDE), load_codelists(INCLUDE)
    definition = {
        "name": "ny",
        "title": "Ny",
        "description": "x",
        "sender": "kommunen",
        "order": 1,
        "fields": [{"name": "a", "title": "x", "description": "x", "type": "string"}],
        **change,
    }
    definition["primaryKey"] = [definition["fields"][0]["name"]]
    with pytest.raises(CatalogueError, match=message):
        checks_of(as_definition(definition, Contract), codelists, contracts)


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ({"resource": "okand", "fields": ["a"]}, "no dataset okand"),
        ({"resource": "anordnare", "fields": ["insats_id"]}, "anordnare has no such fields"),
        ({"resource": "anordnare", "fields": ["sender", "orgnr"]}, "anordnare has no such fields"),
        ({"resource": "insatser", "fields": ["insats_id"]}, "does not say whose row of insatser is meant"),
        ({"resource": "synpunkter", "fields": ["arende_id"]}, "synpunkter is not loaded before it"),
    ],
)
def test_a_foreign_key_that_cannot_be_kept_is_refused(tmp_path: Path, reference: dict[str, Any], message: str) -> None:
    contracts = tmp_path / "contracts"
    contracts.mkdir()
    for file in (INCLUDE / "contracts").glob("*.yaml"):
        (contracts / file.name).symlink_to(file)
    definition = {
        "name": "ny",
        "title": "Ny",
        "description": "x",
        "sender": "kommunen",
        "order": 20,
        "primaryKey": ["a"],
        "fields": [
            {"name": "a", "title": "x", "description": "x", "type": "string", "constraints": {"required": True}}
        ],
        "foreignKeys": [{"fields": ["a"], "reference": reference}],
    }
    (contracts / "ny.yaml").write_text(yaml.safe_dump(definition), encoding="utf-8")
    with pytest.raises(CatalogueError, match=message):
        load_contracts(tmp_path)
