"""JSON: an array of objects, or an object with the array under ``rader``, streamed.

The file is gone through twice, as CSV is: once for all keys (the headers), what the file states about itself and
whether it is whole, once for the rows. Memory is a few blocks and one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, BinaryIO, NamedTuple, TypeAlias

from arshjul.intake.json_text import JsonText
from arshjul.intake.refusals import ReadLimits, ReadRefused
from arshjul.intake.table import (
    OpenStream,
    Row,
    Table,
    clean_text,
    decimal_text,
    normalise_header,
    normalise_headers,
    text_fault,
)

_ROWS_KEY = "rader"
_STATEMENT_KEYS = ("avsandare", "period")

_Events: TypeAlias = Iterator[tuple[str, Any]]
_header = lru_cache(maxsize=1024)(normalise_header)
_number = lru_cache(maxsize=4096)(decimal_text)


def open_json(open_stream: OpenStream, limits: ReadLimits) -> Table:
    """Open a JSON file.

    Args:
        open_stream: Opens the file from its start; called twice.
        limits: How much the file may hold.

    Raises:
        ReadRefused: The file cannot be read.
    """
    statements: dict[str, str] = {}
    seen: dict[str, None] = {}
    with open_stream() as stream:
        for found in _objects(stream, limits.json_bytes, statements):
            seen.update(dict.fromkeys(found.cells))
            if len(seen) > limits.columns:
                raise ReadRefused("for_manga_kolumner")
    if "" in seen:  # also as the last one, which a table of cells may have: a key without a name has a value
        raise ReadRefused("rubrik_saknas")
    headers = normalise_headers(tuple(seen), limits.columns) if seen else ()
    stream = open_stream()
    return Table(
        headers=headers,
        rows=_rows(_objects(stream, limits.json_bytes, {}), headers),
        detected={"teckenkodning": "UTF-8"},
        statements=statements,
        on_close=stream.close,
    )


class _Object(NamedTuple):
    """One object of the array: its fields and numbers by header, and the first thing that is wrong with it."""

    cells: dict[str, str | None]
    numeric: list[str]
    fault: str | None
    fault_header: str | None


def _objects(stream: BinaryIO, limit_bytes: int, statements: dict[str, str]) -> Iterator[_Object]:
    """Yield the array's objects, and fill ``statements`` with what stands beside the array."""
    import ijson

    source = JsonText(stream, limit_bytes)
    events: _Events = ijson.basic_parse(source)
    try:
        event, _ = next(events)
        if event not in ("start_array", "start_map"):
            raise ReadRefused("fel_struktur")
        for found in _array(events) if event == "start_array" else _envelope(events, statements):
            source.records += 1
            yield found
        # Only now does the parser say whether anything follows the value.
        for _ in events:
            raise ReadRefused("ej_lasbar")
    except ReadRefused:
        raise
    except (ijson.JSONError, ArithmeticError, SystemError, ValueError):
        # Beside its own errors the parser raises the others for numbers with thousands of digits.
        raise source.refused or ReadRefused("ej_lasbar") from None
    if source.refused:
        raise source.refused


def _envelope(events: _Events, statements: dict[str, str]) -> Iterator[_Object]:
    has_rows = False
    for event, key in events:
        if event == "end_map":
            break
        name = _header(key)
        event, value = next(events)
        if name == _ROWS_KEY:
            if event != "start_array" or has_rows:
                raise ReadRefused("fel_struktur")
            has_rows = True
            yield from _array(events)
        elif name in _STATEMENT_KEYS:
            text = _scalar(event, value)
            if text is None or name in statements:
                raise ReadRefused("fel_struktur")
            statements[name] = text
        else:
            _skip(event, events)
    if not has_rows:
        raise ReadRefused("fel_struktur")


def _array(events: _Events) -> Iterator[_Object]:
    for event, _ in events:
        if event == "end_array":
            return
        if event != "start_map":
            raise ReadRefused("fel_struktur")
        yield _object(events)


def _object(events: _Events) -> _Object:
    """Read one object whose start has been read."""
    cells: dict[str, str | None] = {}
    numeric: list[str] = []
    faults: list[tuple[str, str]] = []
    for event, key in events:
        if event == "end_map":
            break
        header = _header(key)
        if header in cells:
            faults.append(("dubblett_falt", header))
        event, value = next(events)
        text = cells[header] = _scalar(event, value)
        if event == "number":
            numeric.append(header)
        elif text is not None and (fault := text_fault(text)):
            faults.append((fault, header))
        if text is None and event not in ("string", "null"):
            faults.append(("fel_cellvarde", header))
            _skip(event, events)
    first, first_header = faults[0] if faults else (None, None)
    return _Object(cells, numeric, first, first_header)


def _scalar(event: str, value: Any) -> str | None:
    """A string's or a number's text; ``None`` for anything else."""
    if event == "string":
        return clean_text(value)
    if event == "number":
        return _number(value)
    return None


def _skip(event: str, events: _Events) -> None:
    """Pass over the rest of a nested value, of which the first event has been read."""
    depth = int(event.startswith("start_"))
    while depth:
        event, _ = next(events)
        depth += event.startswith("start_") - event.startswith("end_")


def _rows(objects: Iterator[_Object], headers: tuple[str, ...]) -> Iterator[Row]:
    position = {header: column for column, header in enumerate(headers)}
    for number, found in enumerate(objects, 1):
        cells = tuple([found.cells.get(header) for header in headers])
        if found.fault is None and not any(cells):
            continue
        numeric = frozenset([position[header] for header in found.numeric])
        yield Row(number, cells, found.fault, position.get(found.fault_header or ""), numeric)
