from __future__ import annotations

import gc
import io
import json
import tracemalloc
from functools import partial
from typing import Any

import ijson
import pytest

from arshjul.intake.readers import ReadLimits, ReadRefused, Row, Table, open_table


def open_bytes(content: bytes, limits: ReadLimits | None = None) -> Table:
    return open_table(partial(io.BytesIO, content), "json", limits or ReadLimits())


def read(content: bytes | Any, limits: ReadLimits | None = None) -> tuple[tuple[str, ...], list[Row]]:
    raw = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    with open_bytes(raw, limits) as table:
        return table.headers, list(table.rows)


def refusal(content: bytes | Any, limits: ReadLimits | None = None) -> str:
    with pytest.raises(ReadRefused) as caught:
        read(content, limits)
    return caught.value.code


def test_an_array_of_objects_is_a_table_with_all_their_keys() -> None:
    headers, rows = read([{"Id ": " A1\u00a0", "x": None}, {"id": "A2", "Å": "ö"}, {}])
    assert headers == ("id", "x", "å")
    assert rows == [Row(1, ("A1", None, None)), Row(2, ("A2", None, "ö"))]


def test_an_envelope_states_its_sender_and_period() -> None:
    content = {"skapad": {"av": [1, {"x": 2}]}, "rader": [{"a": "1"}], "Period": "2026-03", "avsandare": 5560360793}
    with open_bytes(json.dumps(content).encode()) as table:
        assert table.statements == {"period": "2026-03", "avsandare": "5560360793"}
        assert [row.cells for row in table.rows] == [("1",)]
        assert table.detected == {"teckenkodning": "UTF-8"}


def test_numbers_become_plain_decimal_text_and_are_marked() -> None:
    numbers = b'[{"a": 8.0, "b": 0.1, "c": 1E3, "d": -0.0, "e": 198001011238, "f": "8.0", "g": 12345678901234567.25}]'
    _, (row,) = read(numbers)
    assert row.cells == ("8", "0.1", "1000", "0", "198001011238", "8.0", "12345678901234567.25")
    assert row.numeric == {0, 1, 2, 3, 4, 6}


@pytest.mark.parametrize("value", ["true", "false", "[]", "{}", '[1, {"b": [2]}]', "1e99", "1e-99", "1" * 50])
def test_what_is_neither_text_nor_number_is_a_row_fault(value: str) -> None:
    _, rows = read(f'[{{"a": 1}}, {{"x": 2, "a": {value}}}, {{"a": 3}}]'.encode())
    assert [(row.number, row.fault, row.fault_column) for row in rows] == [
        (1, None, None),
        (2, "fel_cellvarde", 0),
        (3, None, None),
    ]


def test_a_field_twice_in_a_row_is_a_row_fault() -> None:
    _, rows = read(b'[{"a": 1, "A ": 2}, {"a": 3}]')
    assert [(row.fault, row.fault_column) for row in rows] == [("dubblett_falt", 0), (None, None)]


@pytest.mark.parametrize("escape", ["\\u0000", "\\u202e", "\\u200b", "\\u001b"])
def test_escaped_characters_that_cannot_be_seen_are_a_row_fault(escape: str) -> None:
    _, rows = read(f'[{{"a": "x{escape}y"}}]'.encode())
    assert [(row.fault, row.fault_column) for row in rows] == [("otillatet_tecken", 0)]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read(b"\xef\xbb\xbf" + b'[{"a": "1"}]') == (("a",), [Row(1, ("1",))])


def test_no_rows_means_no_headers() -> None:
    assert read([]) == ((), [])
    assert read({"rader": []}) == ((), [])


@pytest.mark.parametrize(
    "content",
    [{}, {"a": 1}, [1], [[1]], "x", 7, None, {"rader": {}}, {"rader": [1]}, {"rader": [], "period": {}}],
)
def test_any_other_shape_is_refused(content: Any) -> None:
    assert refusal(content) == "fel_struktur"


@pytest.mark.parametrize(
    "content",
    [
        b" ",
        b"[",
        b'[{"a": 1}',
        b'[{"a": 1}] []',
        b'[{"a": 1,}]',
        b'[{"a": NaN}]',
        b'[{"a": ' + b"[" * 200_000,
        b'[{"a": ' + b"9" * 5000 + b"}]",
        b'[{"a": 1e99999999999999999999}]',
    ],
)
def test_what_is_not_json_is_refused(content: bytes) -> None:
    assert refusal(content) == "ej_lasbar"


def test_json_is_utf8_only() -> None:
    for encoding in ("cp1252", "utf-16", "utf-32"):
        assert refusal('[{"a": "å"}]'.encode(encoding)) == "fel_teckenkodning"


def test_limits_are_kept() -> None:
    limits = ReadLimits(json_bytes=20, columns=2)
    assert refusal(b'[{"a": 1, "b": 234567}]', limits) == "for_stor"
    assert refusal(b'[{"a":1,"b":2,"c":3}]', ReadLimits(columns=2)) == "for_manga_kolumner"


@pytest.mark.parametrize("content", [b'[{" ": 1}]', b'[{"a": 1, "": 6}]', b'[{"": "", "a": 1}]'])
def test_a_value_under_a_key_without_a_name_refuses_the_file(content: bytes) -> None:
    assert refusal(content) == "rubrik_saknas"


@pytest.mark.parametrize("value", ['"' + "x" * 3_000_000 + '"', "1." + "1" * 3_000_000, "[" + "1," * 1_500_000 + "1]"])
def test_a_row_without_end_is_refused_before_it_fills_the_memory(value: str) -> None:
    with pytest.raises(ReadRefused) as caught:
        read(f'[{{"a": 1}}, {{"a": {value}}}]'.encode())
    assert (caught.value.code, caught.value.row) == ("for_lang_rad", 2)


def test_memory_does_not_grow_with_the_file() -> None:
    row = b'{"insats_id": "INS-0000001", "datum": "2026-03-02", "planerade_timmar": 8.0},'

    def peak(rows: int) -> int:
        content = b"[" + row * rows + b"{}]"
        tracemalloc.start()
        try:
            with open_bytes(content) as table:
                assert sum(1 for _ in table.rows) == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(20_000) < peak(10_000) + 500_000


@pytest.mark.parametrize("place", [*range(8, 20), *range(65_520, 65_545)])
@pytest.mark.parametrize(
    ("escape", "is_whole"),
    [
        (r"\ud83d\ude00", True),
        (r"\\ud83d", True),
        (r"\\\\ud83d\u00e5", True),
        (r"\ud83d", False),
        (r"\\\ud83d\\", False),
        (r"\ude00\ud83d", False),
        (r"\ud83d\ud83d\ude00", False),
    ],
)
def test_half_a_character_is_told_wherever_in_the_file_it_stands(place: int, escape: str, is_whole: bool) -> None:
    start = '[{"a": "'
    content = f'{start}{"x" * (place - len(start))}{escape}"}}]'.encode()
    for backend in ("python", "yajl2_c"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ijson, "basic_parse", ijson.get_backend(backend).basic_parse)
            with open_bytes(content) as table:
                [row] = table.rows
        assert (row.fault is None) == is_whole, backend


def test_a_file_that_is_refused_on_the_way_leaves_no_parser_complaining() -> None:
    for content in (b'[{"a": "x"}, {"a": "\xff', b'[{"a": "x"}' + b" " * 200_000 + b"\x01"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ijson, "basic_parse", ijson.get_backend("python").basic_parse)
            with pytest.raises(ReadRefused, match="fel_teckenkodning"):
                open_bytes(content)
        gc.collect()  # pytest fails on what a generator says when it is thrown away
