"""What holds for every kind of file: evil names, evil contents, and that a reader refuses and never breaks."""

from __future__ import annotations

import io
import traceback
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arshjul.intake.readers import REFUSALS, ROW_FAULTS, ReadLimits, ReadRefused, detect_kind, open_table

CANARY = "kanariefagel"
WIDE = ";".join(f"k{number}" for number in range(201)).encode()


@pytest.mark.parametrize(
    ("name", "kind"),
    [("insatser_5560360793_2026-03.csv", "csv"), ("X.XLSX", "xlsx"), ("a.b.Json", "json"), (".csv", "csv")],
)
def test_the_kind_is_the_extension_in_any_case(name: str, kind: str) -> None:
    assert detect_kind(name) == kind


@pytest.mark.parametrize(
    "name",
    [
        "",
        "csv",
        "a.xls",
        "a.xlsm",
        "a.csv.exe",
        "a.csv ",
        "a.csv\n",
        "a.ｃｓｖ",
        "../../etc/passwd",
        "a.csv\x00",
        "CON",
    ],
)
def test_any_other_name_is_refused_without_repeating_it(name: str) -> None:
    with pytest.raises(ReadRefused) as caught:
        detect_kind(name)
    assert caught.value.args == ("fel_filtyp",)


EVIL = {
    "empty": ("csv", b"", "tom_fil"),
    "only a byte order mark": ("csv", b"\xef\xbb\xbf", "tom_fil"),
    "only line ends": ("csv", b"\n\r\n\n", "rubrik_saknas"),
    "only delimiters": ("csv", b";;;\n;;;\n", "rubrik_saknas"),
    "a blank first line": ("csv", b"\na;b\n1;2\n", "rubrik_saknas"),
    "a gap in the header": ("csv", b"a;;b\n1;2;3\n", "rubrik_saknas"),
    "the same header twice": ("csv", b"a;b;a\n1;2;3\n", "dubblett_kolumn"),
    "the same header in other letters": ("csv", "Ä;b;\u00a0ä \n1;2;3\n".encode(), "dubblett_kolumn"),
    "the same header with something hidden": ("csv", "a;a\u200b\n1;2\n".encode(), "dubblett_kolumn"),
    "too many columns": ("csv", WIDE + b"\n", "for_manga_kolumner"),
    "utf-16 with a mark": ("csv", "a;b\n1;å\n".encode("utf-16"), "fel_teckenkodning"),
    "utf-16 without a mark": ("csv", "a;b\n1;å\n".encode("utf-16-be"), "fel_teckenkodning"),
    "utf-32": ("csv", "a;b\n".encode("utf-32"), "fel_teckenkodning"),
    "nul in a cell": ("csv", b"a;b\n1;\x00\n", "fel_teckenkodning"),
    "escape sequence": ("csv", b"a;b\n1;\x1b[31m\n", "fel_teckenkodning"),
    "end of file mark of old": ("csv", b"a;b\n1;2\n\x1a", "fel_teckenkodning"),
    "delete": ("csv", b"a;b\n1;\x7f\n", "fel_teckenkodning"),
    "neither utf-8 nor windows": ("csv", b"a;b\n1;\x81\xff\n", "fel_teckenkodning"),
    "marked utf-8 that is not": ("csv", b"\xef\xbb\xbfa;b\n1;\xe5\n", "fel_teckenkodning"),
    "cut in the middle of a letter": ("csv", "a;b\n1;å\n2;å".encode()[:-1], "fel_teckenkodning"),
    "twice converted": ("csv", "a;b\n1;Ã…sa\n".encode(), "fel_teckenkodning"),
    "a workbook by another name": ("csv", b"PK\x03\x04" + bytes(50), "fel_filtyp"),
    "an old workbook by another name": ("csv", b"\xd0\xcf\x11\xe0" + bytes(50), "fel_filtyp"),
    "a pdf by another name": ("csv", b"%PDF-1.7\n", "fel_filtyp"),
    "a packed file": ("json", b"\x1f\x8b\x08" + bytes(50), "fel_filtyp"),
    "a quote that never ends": ("csv", b'a;b\n1;"2\n3;4\n', "fel_citattecken"),
    "a header quote that never ends": ("csv", b'"a;b\n1;2\n', "fel_citattecken"),
    "a cell that never ends": ("csv", b'a;b\n1;"' + b"x" * 200_000, "fel_citattecken"),
    "a row that never ends": ("csv", b"a;b\n1;" + b"2;" * 2_000_000, "for_lang_rad"),
    "empty json": ("json", b"", "tom_fil"),
    "json in utf-16": ("json", "[]".encode("utf-16"), "fel_teckenkodning"),
    "json in windows letters": ("json", '[{"a": "å"}]'.encode("cp1252"), "fel_teckenkodning"),
    "json lines": ("json", b'{"a": 1}\n{"a": 2}\n', "fel_struktur"),
    "deep json": ("json", b"[" * 300_000, "fel_struktur"),
    "csv called json": ("json", b"a;b\n1;2\n", "ej_lasbar"),
    "csv called xlsx": ("xlsx", b"a;b\n1;2\n", "fel_filtyp"),
    "html called xlsx": ("xlsx", b"<html><table><tr><td>a</td></tr></table></html>", "fel_filtyp"),
}


@pytest.mark.parametrize(("kind", "content", "code"), EVIL.values(), ids=EVIL.keys())
def test_an_evil_file_is_refused_with_its_code(kind: str, content: bytes, code: str) -> None:
    with pytest.raises(ReadRefused) as caught, open_table(partial(io.BytesIO, content), kind, ReadLimits()) as table:
        list(table.rows)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("csv", f'{CANARY};b\n{CANARY};"{CANARY}'.encode()),
        ("csv", f"{CANARY};{CANARY}\n".encode()),
        ("csv", f"{CANARY};b\n{CANARY}\x81".encode("latin-1")),
        ("json", f'[{{"{CANARY}": "{CANARY}'.encode()),
        ("json", f'[{{"{CANARY}": "{CANARY}", }}]'.encode()),
    ],
)
def test_a_refusal_holds_nothing_from_the_file(kind: str, content: bytes) -> None:
    with pytest.raises(ReadRefused) as caught, open_table(partial(io.BytesIO, content), kind, ReadLimits()) as table:
        list(table.rows)
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + caught.value.sentence
    # The lines of this test that stand in the traceback spell the name and not the text.
    assert CANARY not in told


def test_every_code_has_its_sentence() -> None:
    assert {code for _, _, code in EVIL.values()} <= set(REFUSALS)
    for sentence in (*REFUSALS.values(), *ROW_FAULTS.values()):
        assert sentence[0].isupper()
        assert sentence.endswith(".")


def read_or_refuse(content: bytes, kind: str) -> None:
    code = "tom_fil"
    try:
        with open_table(partial(io.BytesIO, content), kind, ReadLimits()) as table:
            for row in table.rows:
                assert row.fault is None or row.fault in ROW_FAULTS
                assert row.fault == "fel_antal_kolumner" or len(row.cells) == len(table.headers)
                assert all(cell is None or (cell and cell == cell.strip()) for cell in row.cells)
    except ReadRefused as refused:
        code = refused.code
    assert code in REFUSALS


pieces = st.sampled_from(
    [b"a", b";", b",", b"\t", b"\n", b"\r", b'"', b'""', b" ", "å".encode(), b"\xe5", b"\x00", b"\xef\xbb\xbf", b"=1"]
)
json_pieces = st.sampled_from(
    [
        b"[",
        b"]",
        b"{",
        b"}",
        b'"a"',
        b'"rader"',
        b":",
        b",",
        b"1",
        b"-1.5e3",
        b"true",
        b"null",
        b'"\\ud83d"',
        b" ",
        b"\xff",
    ]
)


@given(st.lists(pieces, max_size=40).map(b"".join) | st.binary(max_size=60))
def test_any_bytes_called_csv_are_read_or_refused(content: bytes) -> None:
    read_or_refuse(content, "csv")


@given(st.lists(json_pieces, max_size=30).map(b"".join) | st.binary(max_size=60))
def test_any_bytes_called_json_are_read_or_refused(content: bytes) -> None:
    read_or_refuse(content, "json")


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.sampled_from(["a", "A", "b ", "å"]), json_values, max_size=4), max_size=4))
def test_any_json_objects_are_read_row_by_row(rows: list[dict[str, object]]) -> None:
    import json

    read_or_refuse(json.dumps(rows).encode(), "json")
    read_or_refuse(json.dumps({"rader": rows, "period": "2026-03"}).encode(), "json")
