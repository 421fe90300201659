"""Every dataset of the catalogue through the line: its good file, its foreign keys, and every rule of its contract."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.intake.examples import GOOD, KOMMUN, PROVIDER, broken_by, sender_of

from arshjul.catalogue.codelists import load_codelists
from arshjul.catalogue.contracts import load_contracts
from arshjul.intake.checker import check_files
from arshjul.intake.queue import receive_all
from arshjul.intake.rules import SAID_BY_CODE, Check, checks_of
from arshjul.settings import REPOSITORY

Desk = Any  # tests/intake/conftest.py

CONTRACTS = load_contracts(REPOSITORY / "include")
CODELISTS = load_codelists(REPOSITORY / "include")
RANKED = sorted(CONTRACTS.values(), key=lambda contract: contract.rank)
WHOLE_ROW = ("rad_format", "dubblett", "motsagelse")


def checks_about_fields(dataset: str) -> list[Check]:
    return [one for one in checks_of(CONTRACTS[dataset], CODELISTS, CONTRACTS) if one.rule not in WHOLE_ROW]


def put(desk: Desk, dataset: str, rows: Sequence[Mapping[str, str]], kind: str = "csv", month: str = "2026-03") -> Any:
    name = f"{dataset}_{sender_of(CONTRACTS[dataset])}_{month}.{kind}"
    return desk.put(name, written(rows, kind, desk.folder, desk))


def written(rows: Sequence[Mapping[str, str]], kind: str, folder: Path, desk: Desk) -> bytes:
    columns = list(rows[0])
    if kind == "json":
        return json.dumps({"rader": [dict(row) for row in rows]}).encode()
    if kind == "csv":
        return bytes(desk.csv("", [list(row.values()) for row in rows], columns))
    import openpyxl

    book = openpyxl.Workbook()
    for row in [columns, *(list(one.values()) for one in rows)]:
        book.active.append(row)
    folder.mkdir(parents=True, exist_ok=True)
    book.save(folder / "bok.xlsx")
    return (folder / "bok.xlsx").read_bytes()


def needed_by(dataset: str) -> list[str]:
    """The datasets without which the good row of this one is not loaded, in the order they are received."""
    needed, contract = {"anordnare"} if CONTRACTS[dataset].sender == "anordnare" else set(), CONTRACTS[dataset]
    for key in contract.foreign_keys:
        needed |= {key.reference.resource, *needed_by(key.reference.resource)}
    return [one.name for one in RANKED if one.name in needed]


def receive_good(desk: Desk, datasets: Sequence[str]) -> None:
    """Deliver the good row of each dataset."""
    files = [put(desk, name, [GOOD[name]]) for name in datasets]
    for receipt in receive_all(desk.office, files, desk.run_id):
        assert desk.counts(receipt) == (1, 1, 0, 0), (receipt.dataset, receipt.reasons, receipt.refusal)


def verdict(receipt: Any) -> tuple[Any, ...]:
    return receipt.status, receipt.rows_in, receipt.reasons, receipt.refusal


def test_every_dataset_of_the_catalogue_has_an_example_with_every_field() -> None:
    assert {name: tuple(row) for name, row in GOOD.items()} == {
        name: tuple(field.name for field in contract.fields) for name, contract in CONTRACTS.items()
    }


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_every_dataset_is_loaded_in_every_format_and_is_identical_the_next_time(empty_desk: Desk, kind: str) -> None:
    desk = empty_desk
    files = [put(desk, contract.name, [GOOD[contract.name]], kind) for contract in CONTRACTS.values()]
    first = receive_all(desk.office, files, desk.run_id)
    assert {receipt.dataset for receipt in first} == set(CONTRACTS)
    for receipt in first:
        assert (receipt.status, desk.counts(receipt)) == ("mottagen", (1, 1, 0, 0)), (receipt.dataset, receipt.reasons)
        assert desk.query(f"SELECT count(*) FROM core.{receipt.dataset} WHERE known_to = 'infinity'") == [(1,)]
    for receipt in receive_all(desk.office, files, desk.run_id):
        assert (receipt.status, desk.counts(receipt)) == ("identisk", (1, 0, 1, 0)), receipt.dataset


def test_the_same_rows_in_another_format_change_nothing(empty_desk: Desk) -> None:
    desk = empty_desk
    receive_good(desk, list(CONTRACTS))
    files = [put(desk, contract.name, [GOOD[contract.name]], "json") for contract in CONTRACTS.values()]
    for receipt in receive_all(desk.office, files, desk.run_id):
        assert (receipt.status, desk.counts(receipt)) == ("mottagen", (1, 0, 1, 0)), receipt.dataset


@pytest.mark.parametrize("dataset", sorted(CONTRACTS))
def test_every_rule_of_a_contract_is_told_on_its_row_and_field_by_line_and_checker(
    empty_desk: Desk, dataset: str
) -> None:
    desk, contract, checks = empty_desk, CONTRACTS[dataset], checks_about_fields(dataset)
    parents = [put(desk, name, [GOOD[name]]) for name in needed_by(dataset)]
    if dataset == "uppfoljningar":
        open_one = {**GOOD["insatser"], "insats_id": "OPPEN", "slutdatum": "", "avslutsorsak": ""}
        parents = [file for file in parents if "insatser" not in file.path.name]
        parents.append(put(desk, "insatser", [GOOD["insatser"], open_one]))
    file = put(desk, dataset, [GOOD[dataset], *(broken_by(check, contract) for check in checks)])
    received = receive_all(desk.office, [*parents, file], desk.run_id)
    [receipt] = [one for one in received if one.dataset == dataset]
    told = {(reason.row, reason.field, reason.rule): reason.text for reason in receipt.reasons}
    for number, check in enumerate(checks, start=2):
        assert (number, check.field, check.rule) in told, (check, broken_by(check, contract))
        if check.rule not in SAID_BY_CODE:
            assert told[number, check.field, check.rule] == check.text
    checked = check_files(desk.office.settings, [*parents, file])
    assert [verdict(one.receipt) for one in checked] == [verdict(one) for one in received]


def test_rows_that_repeat_or_contradict_each_other_are_told_in_every_dataset(empty_desk: Desk) -> None:
    desk = empty_desk
    receive_good(desk, list(CONTRACTS))
    for contract in reversed(RANKED):  # children first: what is contradicted is no longer anybody's parent
        name = contract.name
        other = next(field for field in reversed(contract.fields) if field.name not in contract.primary_key)
        against = {**GOOD[name], other.name: "annat" if other.constraints.required else ""}
        [repeated] = receive_all(desk.office, [put(desk, name, [GOOD[name], GOOD[name]])], desk.run_id)
        assert (desk.reasons(repeated), desk.counts(repeated)) == ({(2, "", "dubblett")}, (2, 0, 1, 1)), name
        [contradicted] = receive_all(desk.office, [put(desk, name, [GOOD[name], against])], desk.run_id)
        assert {(1, "", "motsagelse"), (2, "", "motsagelse")} <= desk.reasons(contradicted), name
        assert desk.counts(contradicted) == (2, 0, 0, 2), name
        assert desk.query(f"SELECT count(*) FROM core.{name} WHERE known_to = 'infinity'") == [(0,)]


def test_a_row_that_is_gone_from_the_next_register_is_told_as_closed_and_kept(empty_desk: Desk) -> None:
    desk = empty_desk
    registers = [contract for contract in RANKED if contract.register_]
    assert {"anordnare", "uppfoljningsobjekt", "mal", "sammantraden", "kontrollpunkter"} <= {
        one.name for one in registers
    }
    receive_good(desk, [one.name for one in registers])
    told = "1 rad i registret för mars 2026 saknas i det här och räknas som avslutad från maj 2026."
    for contract in reversed(registers):
        key = contract.primary_key[0]
        row = {**GOOD[contract.name], key: "5590000013" if key == "orgnr" else "NY"}
        [receipt] = receive_all(desk.office, [put(desk, contract.name, [row], month="2026-05")], desk.run_id)
        assert receipt.reasons == (), contract.name
        assert any(warning.startswith(told) for warning in receipt.warnings), contract.name
        kept = desk.query(f"SELECT period::text FROM core.{contract.name} WHERE known_to = 'infinity' ORDER BY 1")
        assert kept == [("2026-03-01",), ("2026-05-01",)]


def parents_that_may_be_missing() -> list[tuple[str, str, str]]:
    """Every foreign key of a row that another delivery may bring: child, the field it is told on, parent."""
    return [
        (child.name, key.fields[-1], key.reference.resource)
        for child in RANKED
        for key in child.foreign_keys
        # Without the register of providers, a provider's own files are refused.
        if (key.reference.resource, child.sender) != ("anordnare", "anordnare")
    ]


@pytest.mark.parametrize(("child", "field", "parent"), parents_that_may_be_missing())
def test_a_row_waits_for_its_parent_and_is_loaded_by_itself_when_it_comes(
    empty_desk: Desk, child: str, field: str, parent: str
) -> None:
    desk = empty_desk
    stranger = {**GOOD["anordnare"], "orgnr": "5590000013"}
    files = [put(desk, name, [GOOD[name]]) for name in needed_by(child) if name != parent]
    # The register of providers may not be missing: providers could not send anything.
    files += [put(desk, "anordnare", [stranger], month="2026-02")]
    if parent == "anordnare":
        files = [file for file in files if PROVIDER not in file.path.name]
    receive_all(desk.office, files, desk.run_id)
    [receipt] = receive_all(desk.office, [put(desk, child, [GOOD[child]])], desk.run_id)
    assert (1, field, "foralder_saknas") in desk.reasons(receipt)
    receive_all(desk.office, [put(desk, parent, [GOOD[parent]])], desk.run_id)
    if parent == "anordnare":
        receive_all(desk.office, [put(desk, "insatser", [GOOD["insatser"]])], desk.run_id)
    assert desk.query(f"SELECT count(*) FROM core.{child} WHERE known_to = 'infinity'") == [(1,)]
    assert desk.query("SELECT rule FROM quarantine.row WHERE delivery_id = :id", id=receipt.delivery_id) == []


def test_a_chain_of_rows_that_wait_for_each_other_is_let_through_from_its_first_link(empty_desk: Desk) -> None:
    desk = empty_desk
    chain = ("uppfoljningsobjekt", "kontrollpunkter", "kontrollresultat")
    links = [
        put(desk, one, [{**GOOD[one], "atgard_id": ""} if "atgard_id" in GOOD[one] else GOOD[one]]) for one in chain
    ]
    for receipt in receive_all(desk.office, links, desk.run_id):
        assert [reason.rule for reason in receipt.reasons] == ["foralder_saknas"]
    receive_all(desk.office, [put(desk, "anordnare", [GOOD["anordnare"]])], desk.run_id)
    for one in chain:
        assert desk.query(f"SELECT count(*) FROM core.{one}") == [(1,)], one


def test_a_payment_has_its_enrolment_with_the_provider_it_names(empty_desk: Desk) -> None:
    desk, other = empty_desk, "5590000013"
    providers = [{**GOOD["anordnare"], "orgnr": orgnr} for orgnr in (PROVIDER, other)]
    files = [put(desk, "anordnare", providers), put(desk, "insatser", [GOOD["insatser"]])]
    payments = [GOOD["utbetalningar"], {**GOOD["utbetalningar"], "utbetalning_id": "U2", "anordnare_orgnr": other}]
    receipt = receive_all(desk.office, [*files, put(desk, "utbetalningar", payments)], desk.run_id)[-1]
    [reason] = receipt.reasons
    assert reason[:3] == (2, "insats_id", "foralder_saknas")
    assert reason.text == (
        "Insatsens id finns inte i anordnarens leveranser av insatser för den här månaden eller tidigare. "
        "När den kommer prövas raden igen av sig själv."
    )


def test_a_parent_of_a_later_month_is_no_parent(empty_desk: Desk) -> None:
    desk = empty_desk
    objects = put(desk, "uppfoljningsobjekt", [{**GOOD["uppfoljningsobjekt"], "anordnare_orgnr": ""}], month="2026-04")
    [_, receipt] = receive_all(desk.office, [objects, put(desk, "ekonomi", [GOOD["ekonomi"]])], desk.run_id)
    assert desk.reasons(receipt) == {(1, "objekt_id", "foralder_saknas")}


def test_an_empty_part_of_a_key_is_as_good_as_any_other(empty_desk: Desk) -> None:
    desk = empty_desk
    whole = {**GOOD["analystexter"], "indikator_id": "", "text": "Hela avsnittet."}
    receive_all(desk.office, [put(desk, "analystexter", [GOOD["analystexter"], whole, whole])], desk.run_id)
    [receipt] = receive_all(desk.office, [put(desk, "analystexter", [whole, GOOD["analystexter"]])], desk.run_id)
    assert desk.counts(receipt) == (2, 0, 2, 0)
    assert desk.query("SELECT count(*) FROM core.analystexter") == [(2,)]
    changed = {**whole, "text": "Ny text."}
    [receipt] = receive_all(desk.office, [put(desk, "analystexter", [changed, GOOD["analystexter"]])], desk.run_id)
    assert desk.counts(receipt) == (2, 1, 1, 0)
    assert desk.current("analystexter", "text") == [("**Fler** når målet.",), ("Ny text.",)]


def test_statements_without_a_number_of_their_own_have_the_rows_number(empty_desk: Desk) -> None:
    desk = empty_desk
    receive_all(desk.office, [put(desk, "anordnare", [GOOD["anordnare"]])], desk.run_id)
    said = {name: value for name, value in GOOD["dialoger"].items() if name != "rad"}
    file = put(desk, "dialoger", [said, {**said, "text": "Bra lokaler."}])
    [receipt] = receive_all(desk.office, [file], desk.run_id)
    assert desk.counts(receipt) == (2, 2, 0, 0)
    assert desk.current("dialoger", "rad, text") == [(1, "Täta möten."), (2, "Bra lokaler.")]


@pytest.mark.parametrize(
    ("dataset", "change", "broken"),
    [
        ("kundenkat_inbjudningar", {"status": "paborjad"}, {("besvarad_datum", "anges_precis_nar")}),
        ("kundenkat_inbjudningar", {"status": "inbjuden", "besvarad_datum": ""}, set()),
        ("kundenkat_inbjudningar", {"status": "okänd"}, {("status", "kodlista")}),
        ("kundenkat_inbjudningar", {"besvarad_datum": "snart"}, {("besvarad_datum", "format")}),
        ("kurser", {"utvarderas": "ja"}, set()),
        ("kurser", {"utvarderas": "ja", "skal": ""}, set()),
        ("kurser", {"utvarderas": "NEJ", "skal": ""}, {("skal", "anges_nar")}),
        ("atgarder", {"status": "pagar", "klar_datum": "", "bevis": ""}, set()),
        ("atgarder", {"status": "", "bevis": ""}, {("status", "obligatorisk")}),
        ("utbetalningar", {"ersatta_dagar": "-3", "belopp": "-1500"}, set()),
        ("utbetalningar", {"manad": "2026-04"}, {("manad", "ej_efter_manaden")}),
        ("synpunkter", {"atgard_id": "", "fritext": "", "besvarad_datum": "", "avslutad_datum": ""}, set()),
        ("kontrollpunkter", {"objekt_id": "", "risk": "16"}, set()),
        ("kontrollpunkter", {"risk": "17"}, {("risk", "intervall")}),
    ],
)
def test_what_a_row_must_tell_depends_on_what_it_tells(
    empty_desk: Desk, dataset: str, change: dict[str, str], broken: set[tuple[str, str]]
) -> None:
    desk = empty_desk
    receive_good(desk, needed_by(dataset))
    [receipt] = receive_all(desk.office, [put(desk, dataset, [{**GOOD[dataset], **change}])], desk.run_id)
    assert {(reason.field, reason.rule) for reason in receipt.reasons} == broken


def test_only_the_municipality_sends_its_own_datasets(desk: Desk) -> None:
    for contract in CONTRACTS.values():
        name = f"{contract.name}_{PROVIDER}_2026-03.csv"
        receipt = desk.give(name, written([GOOD[contract.name]], "csv", desk.folder, desk))
        refused = receipt.refusal.rule if receipt.refusal else ""
        assert (refused == "ej_kommunen") == (sender_of(contract) == KOMMUN), contract.name
