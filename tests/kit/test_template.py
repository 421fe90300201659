"""A filled template is a delivery: nobody has to know more than what it says."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import openpyxl
import pytest

from arshjul.catalogue.codelists import CodeList, load_codelists
from arshjul.catalogue.contracts import Contract, Field, load_contracts
from arshjul.intake.checker import check_files
from arshjul.intake.delivery_rules import NO_ROWS
from arshjul.kit.example import example_row
from arshjul.kit.template import CODE_SHEET, GUIDE_SHEET, template
from arshjul.periods import Month
from arshjul.settings import REPOSITORY, Settings
from arshjul.sources.folder import find_named

DAY, MONTH = date(2026, 3, 1), Month(2026, 3)
DATASETS = sorted(load_contracts(REPOSITORY / "include"))


def typed(field: Field, text: str) -> Any:
    """A value as somebody types it in Excel: days and numbers become Excel's own, in a column of text nothing does."""
    if not text or field.code_list or field.type in ("string", "yearmonth"):
        return text or None
    return date.fromisoformat(text) if field.type == "date" else float(text.replace(",", "."))


def filled(contract: Contract, codelists: Mapping[str, CodeList], rows: list[dict[str, str]], folder: Path) -> Path:
    """The template with rows in it, under the name its instructions say."""
    book = openpyxl.load_workbook(io.BytesIO(template(contract, codelists, DAY)))
    sheet = book.worksheets[0]
    for number, row in enumerate(rows, start=2):
        for column, field in enumerate(contract.fields, start=1):
            sheet.cell(number, column).value = typed(field, row[field.name])
    sender = "5560360793" if contract.sender == "anordnare" else "2120000001"
    path = folder / f"{contract.name}_{sender}_{MONTH.key}.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("dataset", DATASETS)
def test_a_filled_template_is_taken_in(
    dataset: str,
    contracts: Mapping[str, Contract],
    codelists: Mapping[str, CodeList],
    home: Settings,
    tmp_path: Path,
) -> None:
    row = example_row(contracts[dataset], codelists, contracts, MONTH)
    [told] = check_files(home, find_named([filled(contracts[dataset], codelists, [row], tmp_path)]))
    assert told.receipt.refusal is None
    assert told.receipt.reasons == ()
    assert (told.receipt.rows_in, told.receipt.rows_loaded, told.receipt.warnings) == (1, 1, ())


def test_what_is_wrong_in_a_template_is_told_by_row_and_field(
    contracts: Mapping[str, Contract], codelists: Mapping[str, CodeList], home: Settings, tmp_path: Path
) -> None:
    good = example_row(contracts["narvaro"], codelists, contracts, MONTH)
    rows = [good, {**good, "datum": "2026-03-17", "narvarande_timmar": "9"}, {**good, "datum": ""}]
    [told] = check_files(home, find_named([filled(contracts["narvaro"], codelists, rows, tmp_path)]))
    assert [reason[:3] for reason in told.receipt.reasons] == [
        (2, "narvarande_timmar", "hogst_falt"),
        (3, "datum", "obligatorisk"),
    ]


def test_an_empty_template_is_told_to_be_empty(
    contracts: Mapping[str, Contract], codelists: Mapping[str, CodeList], home: Settings, tmp_path: Path
) -> None:
    [told] = check_files(home, find_named([filled(contracts["insatser"], codelists, [], tmp_path)]))
    assert (told.receipt.status, told.receipt.rows_in, told.receipt.warnings) == ("mottagen", 0, (NO_ROWS,))


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_list_of_codes_leads_to_codes_that_are_valid(
    dataset: str, contracts: Mapping[str, Contract], codelists: Mapping[str, CodeList]
) -> None:
    contract = contracts[dataset]
    book = openpyxl.load_workbook(io.BytesIO(template(contract, codelists, DAY)))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == [field.name for field in contract.fields]
    offered = {
        str(rule.sqref).rpartition(":")[0].rstrip("0123456789"): rule for rule in sheet.data_validations.dataValidation
    }
    for column, field in enumerate(contract.fields, start=1):
        if field.code_list:
            rule = offered[openpyxl.utils.get_column_letter(column)]
            name, _, place = rule.formula1.partition("!")
            codes = [cell.value for (cell,) in book[name][place.replace("$", "")]]
            assert (rule.type, codes) == (
                "list",
                [code.code for code in codelists[field.code_list].codes if code.is_valid_on(DAY)],
            )
        elif field.constraints.enum:
            values = ",".join(map(str, field.constraints.enum))
            assert offered[openpyxl.utils.get_column_letter(column)].formula1 == f'"{values}"'
    hidden = [one.title for one in book.worksheets if one.sheet_state != "visible"]
    assert hidden == ([CODE_SHEET] if any(field.code_list for field in contract.fields) else [])


def test_a_code_that_is_no_longer_valid_is_not_offered(contracts: Mapping[str, Contract]) -> None:
    codelists = load_codelists(REPOSITORY / "include")
    first, *rest = codelists["ja_nej"].codes
    ended = attrs.evolve(first, valid_to=date(2026, 2, 28))
    codelists["ja_nej"] = attrs.evolve(codelists["ja_nej"], codes=(ended, *rest))
    book = openpyxl.load_workbook(io.BytesIO(template(contracts["kurser"], codelists, DAY)))
    assert [cell.value for cell in book[CODE_SHEET]["A"]] == ["ja_nej", *(code.code for code in rest)]


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_instructions_say_everything_of_every_column(
    dataset: str, contracts: Mapping[str, Contract], codelists: Mapping[str, CodeList]
) -> None:
    contract = contracts[dataset]
    book = openpyxl.load_workbook(io.BytesIO(template(contract, codelists, DAY)))
    guide = {str(cell.value) for row in book[GUIDE_SHEET].iter_rows() for cell in row if cell.value is not None}
    for column, field in enumerate(contract.fields, start=1):
        assert {field.name, field.title, field.description} <= guide
        note = book.worksheets[0].cell(1, column).comment
        assert note is not None
        assert field.title in note.text
    codes = [code for field in contract.fields if field.code_list for code in codelists[field.code_list].codes]
    assert {text for code in codes if code.is_valid_on(DAY) for text in (code.code, code.title)} <= guide
    assert any(f"{dataset}_<organisationsnummer>_<ÅÅÅÅ-MM>.xlsx" in text for text in guide)
    assert book.worksheets[0].freeze_panes == "A2"


def test_numbers_of_persons_are_text_so_that_no_zero_is_lost(
    contracts: Mapping[str, Contract], codelists: Mapping[str, CodeList]
) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(template(contracts["insatser"], codelists, DAY))).worksheets[0]
    formats = {
        field.name: sheet.column_dimensions[letter].number_format
        for field, letter in zip(contracts["insatser"].fields, "ABCDEFGHI", strict=True)
    }
    assert (formats["personnummer"], formats["insats_id"], formats["startdatum"]) == ("@", "@", "yyyy-mm-dd")


def test_the_same_contract_and_day_give_the_same_bytes(
    contracts: Mapping[str, Contract], codelists: Mapping[str, CodeList]
) -> None:
    once = template(contracts["insatser"], codelists, DAY)
    assert template(contracts["insatser"], codelists, DAY) == once
