"""The finished files, read back: nothing may stand in them that the public table does not hold.

What reports are made from holds no hidden number, so this is the second lock on the same door: it knows the finished
bytes and nothing of how they were made. Data files are compared figure by figure with the public table. Of documents
every number is taken out again, wherever a program could find it (texts, attributes, alternative texts, titles of
drawings, hidden sheets, comments, document properties), and must be one that the report says. Source: facts/privacy.md
§0 D4, §1.6 and §1.6b.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import PurePath
from typing import Any

from arshjul.disclosure.artefact_docx import HiddenPartError, docx_texts
from arshjul.disclosure.artefact_pdf import pdf_texts
from arshjul.disclosure.figures import FigureKey
from arshjul.disclosure.stored import PublicValue

_NUMBER = re.compile(r"\d+(?:[\u00a0\u202f]\d{3})*(?:[.,]\d+)?")
_SPACES = re.compile(r"[\u00a0\u202f]")
_COUNTED_BY_THE_FORMAT = re.compile(r"\b(?:[Tt]abell|[Ff]igur|[Ss]ida|av)[\s\u00a0]+\d+")
_DRAWN = frozenset(
    ("alt", "aria-label", "aria-description", "title", "content", "summary", "label", "value", "placeholder", "abbr")
)
"""Attributes that are read or shown; the rest of an attribute's numbers are measures of the drawing."""

_NUMBERS = ("taljare", "namnare", "varde", "antal")


class ArtefactError(RuntimeError):
    """A finished file shows what the public table does not hold; the message is a Swedish sentence without numbers."""


def check_artefacts(files: Mapping[str, bytes], public: Sequence[PublicValue], said: object, *, period: str) -> None:
    """Make sure that finished files show nothing but public figures.

    Args:
        files: File name to content: all files of a package.
        public: The public table that they are made from.
        said: Everything that the report says, as nested dataclasses and tuples: the numbers in it are those that may
            stand in a document.
        period: Key of the period, which the data files name.

    Raises:
        ArtefactError: A file holds a withheld or foreign number, or is of a kind that cannot be read back.
    """
    table = {(one.indicator_id, one.cell): one for one in public}
    allowed = frozenset(_numbers(_texts(said)))
    for name, content in sorted(files.items()):
        kind = PurePath(name).suffix
        if kind == ".csv":
            _check_rows(name, _csv_rows(content), table, period)
        elif kind == ".json":
            _check_rows(name, json.loads(content), table, period)
        elif kind in _READERS:
            try:
                _check_numbers(name, _READERS[kind](content), allowed)
            except HiddenPartError:
                raise _unreadable(name) from None
        else:
            raise _unreadable(name)


def _unreadable(name: str) -> ArtefactError:
    return ArtefactError(
        f"Filen {name} är av ett slag som röjandekontrollen inte kan läsa tillbaka. Ta bort den ur paketet."
    )


def _check_rows(
    name: str, rows: Iterable[Mapping[str, Any]], table: Mapping[FigureKey, PublicValue], period: str
) -> None:
    """Compare a data file's rows with the public table, number by number."""
    for number, row in enumerate(rows, start=1):
        known = {"indikator_id", "period", "skyddad", *_NUMBERS}
        cell = tuple(sorted((column, str(code)) for column, code in row.items() if column not in known and code))
        value = table.get((str(row.get("indikator_id")), cell))
        shown = [_plain(row.get(column)) for column in _NUMBERS]
        if value is None or row.get("period") != period or shown != _as_told(value):
            raise ArtefactError(
                f"Rad {number} i {name} är inte som i den tabell som röjandekontrollen har godkänt. Kör om från "
                "Röjandekontroll."
            )


def _as_told(value: PublicValue) -> list[Decimal | None]:
    numbers = (value.numerator, value.denominator, value.value, value.observations)
    return [None if number is None else Decimal(number) for number in numbers]


def _plain(text: object) -> Decimal | None:
    return None if text in (None, "") else Decimal(str(text))


def _csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"))))


def _check_numbers(name: str, texts: Iterable[str], allowed: frozenset[str]) -> None:
    """Refuse a document with a number that the report does not say."""
    for text in texts:
        for number in _numbers([_COUNTED_BY_THE_FORMAT.sub("", text)]):
            if number not in allowed:
                raise ArtefactError(
                    f"I {name} står ett tal som inte finns i det som röjandekontrollen har godkänt. Filen får inte "
                    "lämna huset. Kör om från Röjandekontroll; händer det igen, be datateamet granska mallen."
                )


def _texts(said: object) -> Iterator[str]:
    """Everything that is said: texts, and the numbers that a workbook stores for them."""
    if isinstance(said, str):
        yield said
    elif isinstance(said, (int, float, Decimal)) and not isinstance(said, bool):
        number = Decimal(str(said))
        yield from (f"{abs(number):f}", f"{abs(number.normalize()):f}", f"{abs(number * 100).normalize():f}")
    elif isinstance(said, Mapping):
        for one in said.items():
            yield from _texts(one)
    elif isinstance(said, (tuple, list)):
        for one in said:
            yield from _texts(one)
    elif is_dataclass(said):
        for field in fields(said):
            yield from _texts(getattr(said, field.name))
    elif said is not None:
        yield str(said)


def _numbers(texts: Iterable[str]) -> Iterator[str]:
    """The numbers in texts, alike however they are written; those with a space in them also in their parts."""
    for text in texts:
        for found in _NUMBER.findall(text):
            yield _alike(_SPACES.sub("", found))
            if _SPACES.search(found):
                yield from (_alike(part) for part in _SPACES.split(found))


def _alike(number: str) -> str:
    return f"{Decimal(number.replace(',', '.')).normalize():f}"


class _Page(HTMLParser):
    """The texts of a page and of the drawings in it: what is shown, read aloud or can be taken out by a program."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag == "style"
        for name, value in attrs:
            if (name in _DRAWN and (tag, name) != ("meta", "content")) or name.startswith("data-"):
                self.found.append(value or "")
        named = dict(attrs)
        if tag == "meta" and named.get("name") not in (None, "viewport"):
            self.found.append(named.get("content") or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.append(data)


def _html_texts(content: bytes) -> list[str]:
    page = _Page()
    page.feed(content.decode("utf-8"))
    page.close()
    return page.found


def _workbook_texts(content: bytes) -> Iterator[str]:
    """Every cell and comment of every sheet, hidden ones too, and the workbook's own properties."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        yield sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield _cell_text(cell.value)
                if cell.comment is not None:
                    yield str(cell.comment.text)
    properties = book.properties
    for name in ("title", "subject", "description", "keywords", "category"):
        yield str(getattr(properties, name) or "")
    for named in book.defined_names.values():
        yield str(named.name)


def _cell_text(value: object) -> str:
    return f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value)


_READERS = {".docx": docx_texts, ".html": _html_texts, ".svg": _html_texts, ".xlsx": _workbook_texts, ".pdf": pdf_texts}
