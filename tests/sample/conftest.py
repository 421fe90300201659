"""Samples to look at, and a reader of them that knows nothing of how they were written: the standard library only."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from arshjul.sample import FileFacit, SampleSummary, write_sample

KOMMUN = "2120000001"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
EXCEL_DAY_ZERO = date(1899, 12, 30)

Rows = list[dict[str, Any]]
Reader = Callable[[Path], Rows]


@dataclass(frozen=True)
class Written:
    """A written sample: where, what, and every file's rows by its path."""

    folder: Path
    summary: SampleSummary
    rows: dict[str, Rows]

    def files(self, dataset: str) -> list[FileFacit]:
        return [file for file in self.summary.files if file.dataset == dataset and not file.is_refused]


def _cells(path: Path) -> tuple[list[str], list[list[Any]]]:
    content = path.read_bytes()
    if path.suffix == ".json":
        loaded = json.loads(content)
        objects = loaded["rader"] if isinstance(loaded, dict) else loaded
        return (list(objects[0]) if objects else []), [list(one.values()) for one in objects]
    if path.suffix == ".xlsx":
        table = _sheet(content)
        return table[0], table[1:]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    header = text.splitlines()[0]
    table = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=header.count)))
    return table[0], table[1:]


def _sheet(content: bytes) -> list[list[Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        strings = [
            "".join(item.itertext()) for item in ET.fromstring(book.read("xl/sharedStrings.xml")).iter(f"{SHEET}si")
        ]
        rows = ET.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{SHEET}row")
        table = []
        for row in rows:
            cells = {re.sub("[0-9]", "", cell.attrib["r"]): cell for cell in row.iter(f"{SHEET}c")}
            values: list[Any] = []
            for letter in "ABCDEFGHIJKLMN":
                cell = cells.get(letter)
                text = None if cell is None else cell.findtext(f"{SHEET}v")
                is_text = cell is not None and cell.attrib.get("t") == "s"
                values.append(strings[int(text or 0)] if is_text else None if text is None else float(text))
            table.append(values)
        width = sum(value is not None for value in table[0])
        return [values[:width] for values in table]


def _value(name: str, cell: Any) -> Any:
    if cell in ("", None):
        return None
    if name.endswith("datum") or name in ("fran", "till"):
        if isinstance(cell, float):
            return EXCEL_DAY_ZERO + timedelta(days=int(cell))
        return date.fromisoformat(cell)
    if name.endswith("timmar") or name in ("coacher", "platser", "steg", "manader"):
        return float(str(cell).replace(",", "."))
    return cell


def read(path: Path) -> Rows:
    header, table = _cells(path)
    names = [name.strip().lower() for name in header]
    return [{name: _value(name, cell) for name, cell in zip(names, cells, strict=True)} for cells in table]


def write(folder: Path, scale: float) -> Written:
    summary = write_sample(folder, 2026, scale=scale, kommun_orgnr=KOMMUN)
    return Written(folder, summary, {file.path: read(folder / file.path) for file in summary.files})


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Exempelkommun as the demo shows it."""
    return write(tmp_path_factory.mktemp("town"), 1.0)


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The smallest world: three providers."""
    return write(tmp_path_factory.mktemp("village"), 0.05)


@pytest.fixture(scope="session")
def reader() -> Reader:
    return read
