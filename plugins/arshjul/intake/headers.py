"""Which field each column of a file holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from arshjul.catalogue.contracts import Contract, Field
from arshjul.intake.refusals import ReadRefused
from arshjul.intake.table import normalise_header
from arshjul.intake.verdicts import Refused


@dataclass(frozen=True)
class Header:
    """A file's columns, in its own order.

    Attributes:
        fields: The contract's field of each column; ``None`` for a column that the contract does not know.
    """

    fields: tuple[Field | None, ...]

    @property
    def warnings(self) -> list[str]:
        """One sentence for each unknown column: by its number, since its name may hold anything."""
        return [
            f"Kolumn nr {number} känns inte igen och har inte lästs in."
            for number, field in enumerate(self.fields, start=1)
            if field is None
        ]

    def field_name(self, column: int | None) -> str:
        """Name of the field in a column; empty for none, and for a column the contract does not know."""
        field = None if column is None or column >= len(self.fields) else self.fields[column]
        return field.name if field else ""


def match_headers(contract: Contract, headers: Sequence[str]) -> Header:
    """Find the field of each column, by the field's name or one of its aliases.

    Args:
        contract: What the file is held to.
        headers: Column names as the reader gives them; none at all for a JSON file without rows.

    Raises:
        Refused: A required column is missing, or two columns hold the same field.
    """
    by_name = {normalise_header(name): field for field in contract.fields for name in (field.name, *field.aliases)}
    fields = tuple(by_name.get(header) for header in headers)
    known = [field.name for field in fields if field]
    if len(set(known)) != len(known):
        raise Refused.of_reading(ReadRefused("dubblett_kolumn"))
    missing = [field for field in contract.fields if field.constraints.required and field.name not in known]
    if headers and missing:
        columns = [f"{field.title} ({field.name})" for field in missing]
        listed = columns[0] if len(columns) == 1 else f"{', '.join(columns[:-1])} och {columns[-1]}"
        word = "Kolumnen" if len(columns) == 1 else "Kolumnerna"
        raise Refused("obligatorisk_kolumn_saknas", f"{word} {listed} saknas.")
    return Header(fields)
