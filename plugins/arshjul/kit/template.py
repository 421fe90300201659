"""The sender's Excel template, made from the contract: what can be wrong in a cell is hard to write in it.

The first sheet is the one that is read: its first row holds the contract's own field names, so that a filled template
is a delivery as it is. Drop-down lists stand on a hidden sheet, since a list in the cell's own rule ends at 255
characters. The same contract, code lists and day give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from arshjul.catalogue.codelists import CodeList
from arshjul.catalogue.contracts import Contract, Field
from arshjul.intake.refusals import ReadLimits
from arshjul.kit.wording import (
    BEFORE_SENDING,
    CORRECTION,
    HOW_TO_SEND,
    SENDERS,
    codes_on,
    enumerate_words,
    file_name,
    form_of,
    required,
    when,
)

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

GUIDE_SHEET, CODE_SHEET = "Så här gör du", "Koder"

_LAST_ROW = ReadLimits().xlsx_rows
_MOST_PROMPT = 255  # characters in what Excel shows beside a chosen cell
_MOST_PROMPT_TITLE = 32
_DIGITS = 10**12 - 1
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_NUMBER_FORMATS = {"date": "yyyy-mm-dd", "integer": "0", "number": "General"}
_TEXT_FORMAT = "@"
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def template(contract: Contract, codelists: Mapping[str, CodeList], day: date) -> bytes:
    """Make the template of a dataset.

    Args:
        contract: The dataset.
        codelists: Every code list, by name.
        day: Codes that are valid on this day are offered; nothing else depends on it.

    Returns:
        An XLSX file.
    """
    import xlsxwriter

    written = io.BytesIO()
    with xlsxwriter.Workbook(written, dict(_OPTIONS)) as book:
        # The only time in the file: without it the bytes would tell when they were made.
        made = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
        book.set_properties({"title": f"Mall för {contract.title.lower()}", "created": made})
        data, guide = book.add_worksheet(contract.name), book.add_worksheet(GUIDE_SHEET)
        lists = _write_codes(book, contract, codelists, day)
        _write_data(book, data, contract, lists)
        _Guide(guide, _guide_formats(book)).write(contract, codelists, day)
        data.activate()
    return written.getvalue()


def _write_codes(book: Workbook, contract: Contract, codelists: Mapping[str, CodeList], day: date) -> dict[str, str]:
    """Write the codes on a hidden sheet, and return the range of each list."""
    names = sorted({one.code_list for one in contract.fields if one.code_list})
    if not names:
        return {}
    sheet = book.add_worksheet(CODE_SHEET)
    sheet.hide()
    ranges = {}
    for column, name in enumerate(names):
        codes = [code.code for code in codes_on(codelists[name], day)]
        sheet.write_column(0, column, [name, *codes])
        letter = chr(ord("A") + column)
        ranges[name] = f"={CODE_SHEET}!${letter}$2:${letter}${1 + max(1, len(codes))}"
    return ranges


def _write_data(book: Workbook, sheet: Worksheet, contract: Contract, lists: Mapping[str, str]) -> None:
    must = book.add_format(
        {"bold": True, "font_color": "#ffffff", "bg_color": "#1f4e79", "border": 1, "num_format": "@"}
    )
    may = book.add_format(
        {"bold": True, "font_color": "#1f4e79", "bg_color": "#ddebf7", "border": 1, "num_format": "@"}
    )
    columns = []
    for column, one in enumerate(contract.fields):
        body = book.add_format({"num_format": _number_format(one)})
        width = max(len(one.name), 14 if one.type == "date" else 10) + 3
        sheet.set_column(column, column, width, body)
        columns.append({"header": one.name, "header_format": must if one.constraints.required else may})
        sheet.write_comment(0, column, _note(one), {"x_scale": 2.2, "y_scale": 1.6, "author": "Årshjul"})
        sheet.data_validation(1, column, _LAST_ROW, column, _validation(one, lists))
    sheet.freeze_panes(1, 0)
    # A table of one empty row: Excel makes it longer as the rows are written.
    sheet.add_table(0, 0, 1, len(contract.fields) - 1, {"style": "Table Style Light 9", "columns": columns})
    sheet.set_landscape()
    sheet.repeat_rows(0)


def _number_format(one: Field) -> str:
    return (
        _TEXT_FORMAT if one.code_list or one.format == "personnummer" else _NUMBER_FORMATS.get(one.type, _TEXT_FORMAT)
    )


def _note(one: Field) -> str:
    must = "Måste fyllas i." if one.constraints.required else "Får lämnas tomt."
    return f"{one.title}\n{one.description}\n{form_of(one)}. {must}"


def _validation(one: Field, lists: Mapping[str, str]) -> dict[str, Any]:
    """What Excel is to refuse in the column, and what it says when a cell in it is chosen."""
    prompt = f"{one.description} {form_of(one)}."
    return {
        **_condition(one, lists),
        "ignore_blank": True,
        "input_title": one.title[:_MOST_PROMPT_TITLE],
        "input_message": prompt if len(prompt) <= _MOST_PROMPT else f"{form_of(one)}.",
        "error_title": one.title[:_MOST_PROMPT_TITLE],
        "error_message": f"{form_of(one)}. Se bladet {GUIDE_SHEET}.",
    }


def _condition(one: Field, lists: Mapping[str, str]) -> dict[str, Any]:
    bounds = one.constraints
    if one.code_list:
        return {"validate": "list", "source": lists[one.code_list]}
    if bounds.enum is not None:
        return {"validate": "list", "source": [str(value) for value in bounds.enum]}
    if one.format == "personnummer":
        return _between("length", 10, 13)
    if one.format == "orgnr":
        return _between("length", 10, 11)
    if one.type == "yearmonth":
        return _between("length", 7, 7)
    if one.type == "date":
        return _between("date", _FIRST_DAY, _LAST_DAY)
    if one.type == "string":
        most = bounds.max_length
        return {"validate": "length", "criteria": "<=", "value": most} if most else {"validate": "any"}
    kind = "integer" if one.type == "integer" else "decimal"
    highest = _DIGITS if bounds.maximum is None else float(bounds.maximum)
    if bounds.exclusive_minimum is not None and bounds.maximum is None:
        return {"validate": kind, "criteria": ">", "value": float(bounds.exclusive_minimum)}
    lowest = bounds.exclusive_minimum if bounds.minimum is None else bounds.minimum
    return _between(kind, -_DIGITS if lowest is None else float(lowest), highest)


def _between(kind: str, lowest: Any, highest: Any) -> dict[str, Any]:
    return {"validate": kind, "criteria": "between", "minimum": lowest, "maximum": highest}


@dataclass(frozen=True)
class _Formats:
    title: Format
    heading: Format
    text: Format
    head: Format
    cell: Format
    name: Format


def _guide_formats(book: Workbook) -> _Formats:
    wrapped = {"text_wrap": True, "valign": "top"}
    return _Formats(
        title=book.add_format({"bold": True, "font_size": 16, "font_color": "#1f4e79"}),
        heading=book.add_format({"bold": True, "font_size": 12, "font_color": "#1f4e79"}),
        text=book.add_format(wrapped),
        head=book.add_format({"bold": True, "bg_color": "#ddebf7", "border": 1, "valign": "top"}),
        cell=book.add_format({**wrapped, "border": 1}),
        name=book.add_format({**wrapped, "border": 1, "bold": True}),
    )


@dataclass
class _Guide:
    """The instruction sheet, written from above.

    Attributes:
        sheet: The sheet.
        formats: Its formats.
        row: The next row.
    """

    sheet: Worksheet
    formats: _Formats
    row: int = field(default=0)

    def write(self, contract: Contract, codelists: Mapping[str, CodeList], day: date) -> None:
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        for column, width in enumerate((26, 30, 62, 14, 40)):
            self.sheet.set_column(column, column, width)
        self._line(f"{contract.title}: så här gör du", self.formats.title)
        self._paragraph(contract.description)
        self._steps(contract)
        self._fields(contract)
        self._codes(contract, codelists, day)

    def _steps(self, contract: Contract) -> None:
        self._heading("Steg för steg")
        must = [one.name for one in contract.fields if one.constraints.required]
        key = enumerate_words([contract.field(name).title for name in contract.primary_key])
        steps = [
            f"Fyll i bladet {contract.name}, en rad för varje post. Ändra inte rubrikerna i rad 1.",
            f"Kolumner med mörk rubrik måste fyllas i på varje rad: {enumerate_words(must)}. De andra får lämnas tomma.",
            f"Två rader får inte vara lika i {key}.",
            f"Spara filen som {file_name(contract)}, med avsändarens tio siffror och månaden som uppgifterna gäller.",
            BEFORE_SENDING,
            HOW_TO_SEND,
            CORRECTION,
        ]
        for number, step in enumerate(steps, start=1):
            self._paragraph(f"{number}. {step}")
        self._heading("När")
        self._paragraph(f"{SENDERS[contract.sender]} skickar uppgifterna. {when(contract.expected)}")

    def _fields(self, contract: Contract) -> None:
        self._heading("Kolumnerna")
        head = ["Kolumn", "Betyder", "Vad som ska stå där", "Måste anges", "Skrivs som"]
        self._table(
            head, ([one.name, one.title, one.description, required(one), form_of(one)] for one in contract.fields)
        )

    def _codes(self, contract: Contract, codelists: Mapping[str, CodeList], day: date) -> None:
        for one in contract.fields:
            if one.code_list:
                self._heading(f"Koder för {one.name}")
                codes = codes_on(codelists[one.code_list], day)
                self._table(["Kod", "Betyder"], ([code.code, code.title] for code in codes))

    def _table(self, head: list[str], rows: Iterable[list[str]]) -> None:
        self._cells(head, lambda _: self.formats.head)
        for row in rows:
            self._cells(row, lambda column: self.formats.cell if column else self.formats.name)

    def _cells(self, texts: list[str], look: Callable[[int], Format]) -> None:
        for column, text in enumerate(texts):
            self.sheet.write_string(self.row, column, text, look(column))
        self.row += 1

    def _heading(self, text: str) -> None:
        self.row += 1
        self._line(text, self.formats.heading)

    def _paragraph(self, text: str) -> None:
        # Merged cells do not grow with their text: about 150 characters fit in a line of this width.
        self.sheet.set_row(self.row, 15 * (1 + len(text) // 150))
        self.sheet.merge_range(self.row, 0, self.row, 4, text, self.formats.text)
        self.row += 1

    def _line(self, text: str, look: Format) -> None:
        self.sheet.write_string(self.row, 0, text, look)
        self.row += 1
