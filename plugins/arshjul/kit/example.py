"""A made-up row of a dataset that its contract accepts, for the pages that show senders how one looks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from arshjul.catalogue.codelists import CodeList
from arshjul.catalogue.contracts import Contract, Field
from arshjul.intake.headers import Header
from arshjul.intake.judging import Judge
from arshjul.intake.rules import checks_of
from arshjul.intake.table import Row
from arshjul.kit.wording import codes_on
from arshjul.periods import Month

_ORGNR = "5560360793"
# Born in 1990; nobody is given a serial number from 980 (Skatteverket's numbers for tests).
_PERSONNUMMER = "199001019802"
_USUAL = Decimal(8)
_FIRST_YEAR = 1900  # an integer of at least that is a year


class NoExampleError(ValueError):
    """No row made from the contract alone is accepted by it."""


def example_row(
    contract: Contract, codelists: Mapping[str, CodeList], contracts: Mapping[str, Contract], month: Month
) -> dict[str, str]:
    """Make a row that its contract accepts when the rows it belongs to are there.

    Args:
        contract: The dataset.
        codelists: Every code list, by name.
        contracts: Every contract, by name.
        month: The delivery month.

    Returns:
        Texts by field, in the contract's order; fields that may be empty are filled where the rules allow.

    Raises:
        NoExampleError: The rules contradict what can be made up from single fields.
    """
    checks = checks_of(contract, codelists, contracts)
    judge = Judge(contract, checks, codelists, month, [None] * len(contract.foreign_keys))
    header = Header(contract.fields)

    def faults(row: dict[str, str]) -> int:
        cells = tuple(row.get(field.name) for field in contract.fields)
        return len(list(judge.broken(judge.read(Row(1, cells), header))))

    row = {field.name: _value(field, codelists, month) for field in contract.fields if field.constraints.required}
    for field in contract.fields:
        filled = {**row, field.name: _value(field, codelists, month)}
        if faults(filled) <= faults(row):
            row = filled
    if faults(row):
        raise NoExampleError(f"{contract.name}: no row made from its fields is accepted")
    return {field.name: row.get(field.name, "") for field in contract.fields}


def _value(field: Field, codelists: Mapping[str, CodeList], month: Month) -> str:
    if field.example is not None:
        return field.example
    if field.format == "personnummer":
        return _PERSONNUMMER
    if field.format == "orgnr":
        return _ORGNR
    if field.code_list:
        return codes_on(codelists[field.code_list], month.end)[0].code
    if field.type == "date":
        return date(month.year, month.month, 16).isoformat()
    if field.type == "yearmonth":
        return month.key
    if field.type == "string":
        return _text(field)
    return _number(field, month)


def _text(field: Field) -> str:
    most = field.constraints.max_length
    text = "A1" if field.name.endswith("_id") else field.title
    return text if most is None else text[:most]


def _number(field: Field, month: Month) -> str:
    bounds = field.constraints
    if bounds.enum is not None:
        return str(bounds.enum[0])
    lowest = bounds.minimum if bounds.minimum is not None else (bounds.exclusive_minimum or Decimal(0)) + 1
    if lowest >= _FIRST_YEAR:
        return str(month.year)
    highest = _USUAL if bounds.maximum is None else bounds.maximum
    return f"{max(lowest, min(_USUAL, highest)):f}".replace(".", ",")
