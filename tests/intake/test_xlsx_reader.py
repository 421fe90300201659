"""Workbooks are made here: honest ones with xlsxwriter, hostile ones part by part with zipfile."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from arshjul.intake import xlsx_child, xlsx_guard, xlsx_reader
from arshjul.intake.readers import REFUSALS, ReadLimits, ReadRefused, Row, Table, open_table
from arshjul.intake.xlsx_guard import guard_workbook

# The workbooks made by hand lack what openpyxl would like to see; the parsing process keeps that to itself.
pytestmark = pytest.mark.filterwarnings("ignore:Workbook contains no:UserWarning")

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/></Types>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets>'
        "</workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs count="1"><xf numFmtId="0"/></cellXfs></styleSheet>',
}


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADER = f'<row r="1">{text_cell("A1", "a")}{text_cell("B1", "b")}</row>'


def sheet(rows: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def packed(parts: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def workbook(rows: str = HEADER, **more: str | bytes) -> bytes:
    return packed(PARTS | {"xl/worksheets/sheet1.xml": sheet(rows)} | more)


def written(rows: list[list[Any]], *, hidden_first: bool = False) -> bytes:
    """A workbook as a sender's program writes it."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "default_date_format": "yyyy-mm-dd hh:mm"}
    book = xlsxwriter.Workbook(file, options)
    if hidden_first:
        book.add_worksheet("Listor").hide()
    page = book.add_worksheet("Personal")
    page.activate()
    page.set_first_sheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return file.getvalue()


def open_bytes(content: bytes, limits: ReadLimits | None = None) -> Table:
    return open_table(partial(io.BytesIO, content), "xlsx", limits or ReadLimits())


def lines(content: bytes, rows: int = 1000, columns: int = 200) -> list[Any]:
    """What the parsing process says, without the process."""
    return list(xlsx_child.sheet_lines(content, rows, columns))


def refusal(content: bytes, **limits: int) -> str:
    with pytest.raises(ReadRefused) as caught:
        lines(content, **limits)
    return caught.value.code


def refusal_from_process(content: bytes, limits: ReadLimits | None = None) -> str:
    with pytest.raises(ReadRefused) as caught, open_bytes(content, limits) as table:
        list(table.rows)
    return caught.value.code


def test_a_sheet_becomes_rows_of_text() -> None:
    content = written(
        [
            ["Personnummer ", "DATUM", "timmar", "text", None],
            ["191212121212", datetime.fromisoformat("2026-03-02"), 8.0, " =1+1"],
            [191212121212, datetime.fromisoformat("2026-03-02T13:30"), 7.6000000000000005, None],
            [None, None, None, None],
            [1212121212, "20260302", 0.1 + 0.2, "-x"],
            ["1", None, None, None, "bredvid"],
        ]
    )
    with open_bytes(content) as table:
        assert table.headers == ("personnummer", "datum", "timmar", "text")
        assert table.detected == {"blad": "1 av 1"}
        assert list(table.rows) == [
            Row(1, ("191212121212", "2026-03-02", "8", "=1+1"), "formel", 3, frozenset({2})),
            Row(2, ("191212121212", "2026-03-02T13:30:00", "7.6", None), None, None, frozenset({0, 2})),
            Row(4, ("1212121212", "20260302", "0.3", "-x"), None, None, frozenset({0, 2})),
            Row(5, ("1", None, None, None, "bredvid"), "fel_antal_kolumner"),
        ]


def test_the_first_sheet_that_can_be_seen_is_read_and_its_name_is_not_told() -> None:
    first, *rows, last = lines(written([["a"], ["1"]], hidden_first=True))
    assert first == {"blad": "2 av 2", "rubriker": ["a"]}
    assert rows == [[1, ["1"], [], None, None]]
    assert last == {"slut": True}


def test_times_and_lengths_of_time_are_not_mistaken_for_dates() -> None:
    rows = lines(written([["a", "b", "c"], [time(8, 30), timedelta(hours=30), date(2026, 3, 2)]]))
    assert rows[1][1][2] == "2026-03-02"
    assert not {"2026", "1900-01-0"} & {text[:4] for text in rows[1][1][:2]}


@pytest.mark.parametrize(
    ("value", "text"),
    [("8", "8"), ("8.0", "8"), ("1E3", "1000"), ("-0", "0"), ("0.30000000000000004", "0.3"), ("1.5e-3", "0.0015")],
)
def test_numbers_are_written_as_excel_shows_them(value: str, text: str) -> None:
    rows = lines(workbook(HEADER + f'<row r="2"><c r="A2"><v>{value}</v></c></row>'))
    assert rows[1] == [1, [text], [0], None, None]


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ('<c r="B2"><f>A1+1</f></c>', "formel_utan_varde"),
        ('<c r="B2" t="str"><f>A1</f></c>', "formel_utan_varde"),
        ('<c r="B2" t="b"><v>1</v></c>', "fel_cellvarde"),
        ('<c r="B2" t="e"><v>#N/A</v></c>', "fel_cellvarde"),
        ('<c r="B2"><v>1E999</v></c>', "fel_cellvarde"),
        ('<c r="B2"><v>1E99</v></c>', "fel_cellvarde"),
        (f'<c r="B2"><v>{"9" * 50}</v></c>', "fel_cellvarde"),
    ],
)
def test_a_cell_without_a_usable_value_is_a_row_fault(cell: str, fault: str) -> None:
    rows = lines(
        workbook(HEADER + f'<row r="2">{text_cell("A2", "1")}{cell}</row><row r="3">{text_cell("A3", "2")}</row>')
    )
    assert [row[3:] for row in rows[1:-1]] == [[fault, 1], [None, None]]


@pytest.mark.parametrize(
    "cell", ['<c r="B2"><f>1+1</f><v>2</v></c>', '<c r="B2" t="str"><f>T("")</f><v></v></c>', '<c r="B2" s="0"/>']
)
def test_a_calculated_or_blank_cell_is_no_fault(cell: str) -> None:
    rows = lines(workbook(HEADER + f'<row r="2">{text_cell("A2", "1")}{cell}</row>'))
    assert rows[1][3] is None


def test_faults_and_hidden_characters_reach_the_rows() -> None:
    rows = (
        f'<row r="2">{text_cell("A2", "1")}<c r="B2"><f>1+1</f></c></row>'
        f'<row r="3">{text_cell("A3", "x&#x200B;y")}</row>'
        '<row r="4"><c r="B4" t="b"><v>1</v></c></row>'
    )
    with open_bytes(workbook(HEADER + rows)) as table:
        assert [(row.number, row.fault, row.fault_column) for row in table.rows] == [
            (1, "formel_utan_varde", 1),
            (2, "otillatet_tecken", 0),
            (3, "fel_cellvarde", 1),
        ]


def test_a_cell_in_the_last_corner_is_refused_and_an_empty_one_there_is_not() -> None:
    corner = '<row r="1048576"><c r="XFD1048576">{}</c></row>'
    assert refusal(workbook(HEADER + corner.format("<v>1</v>"))) == "for_stort_blad"
    assert lines(workbook(HEADER + corner.format("")))[-1] == {"slut": True}


def test_rows_and_columns_have_their_limits() -> None:
    rows = HEADER + "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(2, 5))
    assert len(lines(workbook(rows), rows=3)) == 5
    assert refusal(workbook(rows), rows=2) == "for_stort_blad"
    assert refusal(workbook(rows), columns=1) == "for_stort_blad"


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="2">{text_cell("A2", "a")}</row>',
        "",
        '<row r="1"><c r="A1" s="0"/></row>' + f'<row r="3">{text_cell("A3", "a")}</row>',
    ],
)
def test_the_header_stands_in_row_one(rows: str) -> None:
    assert refusal(workbook(rows)) == "rubrik_saknas"


def test_rows_and_cells_that_overwrite_each_other_are_refused() -> None:
    twice = f'<row r="2">{text_cell("A2", "1")}</row>'
    assert refusal(workbook(HEADER + twice + twice)) == "ej_lasbar"
    assert refusal(workbook(HEADER + f'<row r="2">{text_cell("A2", "1")}{text_cell("A2", "2")}</row>')) == "ej_lasbar"


def relation(kind: str) -> str:
    return (
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{RELATIONS}/{kind}" '
        'Target="https://example.invalid/x" TargetMode="External"/></Relationships>'
    )


def encrypted_part() -> bytes:
    content = bytearray(workbook())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        content[place + at] |= 1
    return bytes(content)


def two_parts_of_one_name() -> bytes:
    file = io.BytesIO(workbook())
    with zipfile.ZipFile(file, "a") as package:
        package.writestr("XL/worksheets/sheet1.xml", sheet(HEADER))
    return file.getvalue()


LOL = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
XXE = '<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/hostname">'
SHEET = "xl/worksheets/sheet1.xml"

HOSTILE = {
    "nothing": (b"", "tom_fil"),
    "text": (b"a;b\n1;2\n", "fel_filtyp"),
    "zip of something else": (packed({"a.txt": "x"}), "fel_filtyp"),
    "word document": (packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"}), "fel_filtyp"),
    "cut in the middle": (workbook()[:-40], "ej_lasbar"),
    "only the start": (b"PK\x03\x04", "ej_lasbar"),
    "encrypted workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "krypterad_arbetsbok"),
    "encrypted part": (encrypted_part(), "krypterad_arbetsbok"),
    "macro": (workbook(**{"xl/vbaProject.bin": b"x"}), "makro_arbetsbok"),
    "macro in other letters": (workbook(**{"xl/VBAPROJECT.BIN": b"x"}), "makro_arbetsbok"),
    "macro content type": (
        workbook(**{"[Content_Types].xml": '<Types><Default ContentType="x.macroEnabled.main+xml"/></Types>'}),
        "makro_arbetsbok",
    ),
    "embedded file": (workbook(**{"xl/embeddings/oleObject1.bin": b"x"}), "makro_arbetsbok"),
    "control": (workbook(**{"xl/activeX/activeX1.xml": "<x/>"}), "makro_arbetsbok"),
    "link to a workbook": (workbook(**{"xl/externalLinks/externalLink1.xml": "<x/>"}), "extern_lank"),
    "linked picture": (workbook(**{"xl/drawings/_rels/drawing1.xml.rels": relation("image")}), "extern_lank"),
    "zip bomb": (workbook(**{"xl/media/image1.png": bytes(2_000_000)}), "zipbomb"),
    "too many parts": (workbook(**{f"xl/media/{number}.png": "" for number in range(500)}), "zipbomb"),
    "two parts of one name": (two_parts_of_one_name(), "ej_lasbar"),
    "entities": (workbook(**{SHEET: LOL + sheet(HEADER)}), "dtd"),
    "external entity": (workbook(**{SHEET: XXE + sheet(HEADER)}), "dtd"),
    "entities in utf-16": (workbook(**{SHEET: (LOL + sheet(HEADER)).encode("utf-16")}), "dtd"),
    "entities in relations": (workbook(**{"xl/worksheets/_rels/sheet1.xml.rels": LOL + "<x/>"}), "dtd"),
    "late entities": (workbook(**{SHEET: f"<!--{'x' * 200_000}-->{LOL[21:]}{sheet(HEADER)}"}), "dtd"),
    "broken xml": (workbook(**{SHEET: "<worksheet><sheetData>"}), "ej_lasbar"),
}


@pytest.mark.parametrize(("content", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_workbook_that_must_not_be_parsed_is_refused_before_it_is(content: bytes, code: str) -> None:
    with pytest.raises(ReadRefused) as caught:
        guard_workbook(io.BytesIO(content))
    assert caught.value.code == code


def test_a_mail_link_on_a_cell_is_no_external_link() -> None:
    content = workbook(**{"xl/worksheets/_rels/sheet1.xml.rels": relation("hyperlink")})
    assert lines(content)[-1] == {"slut": True}


def test_sizes_that_the_directory_lies_about_are_counted_for_real() -> None:
    content = workbook(**{"xl/media/image1.png": bytes(2_000_000)})
    true_size = (2_000_000).to_bytes(4, "little")
    assert content.count(true_size) == 2
    lying = content.replace(true_size, (1000).to_bytes(4, "little"))
    with pytest.raises(ReadRefused) as caught:
        guard_workbook(io.BytesIO(lying))
    assert caught.value.code in {"zipbomb", "ej_lasbar"}


@pytest.mark.parametrize("limit", ["_MOST_PART_BYTES", "_MOST_TOTAL_BYTES"])
def test_unpacked_parts_and_their_sum_have_their_limits(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = workbook(**{"xl/media/image1.png": random.Random(1).randbytes(10_000)})
    monkeypatch.setattr(xlsx_guard, limit, 11_000)
    if limit == "_MOST_PART_BYTES":
        guard_workbook(io.BytesIO(content))
        monkeypatch.setattr(xlsx_guard, limit, 9_000)
    with pytest.raises(ReadRefused) as caught:
        guard_workbook(io.BytesIO(content))
    assert caught.value.code == "zipbomb"


@given(st.binary(max_size=300), st.binary(max_size=4), st.floats(0, 1))
def test_the_guard_only_ever_refuses(noise: bytes, patch: bytes, place: float) -> None:
    honest = workbook()
    at = int(place * len(honest))
    for content in (b"PK\x03\x04" + noise, honest[:at] + patch + honest[at + len(patch) :], honest[:at] + noise):
        code = ""
        try:
            guard_workbook(io.BytesIO(content))
        except ReadRefused as refused:
            code = refused.code
        assert code in REFUSALS or not code


def test_what_the_guard_lets_through_broken_is_refused_by_the_process() -> None:
    shared = '<row r="2"><c r="A2" t="s"><v>7</v></c></row>'
    assert refusal_from_process(workbook(HEADER + shared)) == "ej_lasbar"
    assert refusal_from_process(workbook(HEADER + '<row r="2"><c r="A2"><v>x</v></c></row>')) == "ej_lasbar"
    assert refusal_from_process(workbook(**{"[Content_Types].xml": "<Types/>"})) == "ej_lasbar"


def test_refusals_of_the_guard_come_through_the_process() -> None:
    assert refusal_from_process(HOSTILE["external entity"][0]) == "dtd"
    assert refusal_from_process(workbook(), ReadLimits(xlsx_bytes=100)) == "for_stor"
    assert refusal_from_process(workbook(f'<row r="1">{text_cell("A1", "a")}{text_cell("B1", "A ")}</row>')) == (
        "dubblett_kolumn"
    )


def fake_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    path = tmp_path / "child.py"
    path.write_text("import os, sys\n" + script)
    monkeypatch.setattr(xlsx_reader, "_CHILD", (str(path),))


LOAD_CHILD = f"""
import importlib.util
spec = importlib.util.spec_from_file_location("xlsx_child", {xlsx_child.__file__!r})
child = importlib.util.module_from_spec(spec)
spec.loader.exec_module(child)
"""
START = "print('{\"redo\": true}', flush=True); sys.stdin.buffer.read()\n"
FIRST = 'print(\'{"blad": "1 av 1", "rubriker": ["a"]}\', flush=True)\n'


@pytest.mark.parametrize(
    "script",
    [
        START + "os.kill(os.getpid(), 9)",
        START + FIRST + "print('[1, [\"x\"], [], null, null]', flush=True); os.kill(os.getpid(), 9)",
        START + FIRST + "sys.stdout.write('[1, [\"x'); sys.stdout.flush(); os.kill(os.getpid(), 9)",
        START + FIRST + 'print(\'{"avvisad": "191212121212"}\')',
        "print('{\"redo\": true}', flush=True)",
    ],
)
def test_a_process_that_dies_over_a_workbook_refuses_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    fake_child(tmp_path, monkeypatch, script)
    assert refusal_from_process(workbook() + bytes(2_000_000)) == "ej_lasbar"


def test_a_process_that_runs_out_of_time_or_memory_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_child(tmp_path, monkeypatch, START + FIRST + "import signal; os.kill(os.getpid(), signal.SIGXCPU)")
    assert refusal_from_process(workbook()) == "for_tung"
    fake_child(tmp_path, monkeypatch, LOAD_CHILD + "child.sheet_lines = lambda *_: bytes(2 << 30)\nchild.main()")
    assert refusal_from_process(workbook()) == "for_tung"


def test_where_the_system_bounds_nothing_the_time_is_bounded_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "sys.modules['resource'] = None\n" + LOAD_CHILD + "import threading\nchild.CPU_SECONDS = 0.2\n"
    fake_child(tmp_path, monkeypatch, script + "child.sheet_lines = lambda *_: threading.Event().wait()\nchild.main()")
    assert refusal_from_process(workbook()) == "for_tung"
    fake_child(tmp_path, monkeypatch, script + "child.CPU_SECONDS = 30\nchild.main()")
    with open_bytes(workbook()) as table:
        assert table.headers == ("a", "b")


def test_a_process_that_cannot_start_is_not_the_senders_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_child(tmp_path, monkeypatch, "sys.exit(1)")
    with pytest.raises(RuntimeError, match="does not start"):
        open_bytes(workbook())


def test_the_process_has_little_memory_and_writes_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = f"""{LOAD_CHILD}
import json, resource
child.limit_process()
told = [str(resource.getrlimit(resource.RLIMIT_CPU)[0])]
try:
    bytes(2 << 30)
except MemoryError:
    told.append("memory")
try:
    with open({str(tmp_path / "written")!r}, "wb") as file:
        file.write(b"x")
except OSError:
    told.append("disk")
print(json.dumps({{"redo": True}}), flush=True)
sys.stdin.buffer.read()
print(json.dumps({{"blad": " ".join(told), "rubriker": ["a"]}}))
print(json.dumps({{"slut": True}}))
"""
    fake_child(tmp_path, monkeypatch, script)
    with open_bytes(workbook()) as table:
        assert table.detected == {"blad": "30 memory disk"}
        assert list(table.rows) == []


def test_a_table_can_be_left_in_the_middle() -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(2, 20_000))
    with open_bytes(workbook(HEADER + rows)) as table:
        first: Iterator[Row] = iter(table.rows)
        assert next(first).number == 1
