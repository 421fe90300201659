from __future__ import annotations

import io
import tracemalloc
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arshjul.intake.readers import ReadLimits, ReadRefused, Row, open_table
from arshjul.intake.text_encoding import BLOCK_BYTES, MOST_ROW_BYTES


def read(content: bytes, limits: ReadLimits | None = None) -> tuple[tuple[str, ...], list[Row], dict[str, str]]:
    with open_table(partial(io.BytesIO, content), "csv", limits or ReadLimits()) as table:
        return table.headers, list(table.rows), dict(table.detected)


def cells(content: bytes) -> list[tuple[str | None, ...]]:
    return [row.cells for row in read(content)[1]]


def refusal(content: bytes, limits: ReadLimits | None = None) -> str:
    with pytest.raises(ReadRefused) as caught:
        read(content, limits)
    return caught.value.code


TEXT = "Id;Förnamn\n1;Åsa Öberg\n"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "UTF-8 med BOM"),
        (TEXT.encode("cp1252"), "Windows-1252"),
    ],
)
def test_the_encoding_is_found_out_and_told(content: bytes, name: str) -> None:
    headers, rows, detected = read(content)
    assert headers == ("id", "förnamn")
    assert rows == [Row(1, ("1", "Åsa Öberg"))]
    assert detected == {"teckenkodning": name, "skiljetecken": "semikolon"}


def test_the_whole_file_decides_the_encoding() -> None:
    content = b"a;b\n" + b"1;2\n" * (BLOCK_BYTES // 4) + "3;å\n".encode("cp1252")
    _, rows, detected = read(content)
    assert detected["teckenkodning"] == "Windows-1252"
    assert rows[-1].cells == ("3", "å")


@pytest.mark.parametrize("shift", range(4))
def test_a_letter_split_between_two_blocks_is_read_whole(shift: int) -> None:
    filler = b"x;y\n" * (BLOCK_BYTES // 4 - 2)
    start = b"a;b\n" + filler + b"z" * (4 - shift)
    assert len(start) == BLOCK_BYTES - shift
    rows = read(start + "😀;å\n".encode())[1]
    assert rows[-1].cells == ("z" * (4 - shift) + "😀", "å")


@pytest.mark.parametrize(("delimiter", "name"), [(";", "semikolon"), (",", "komma"), ("\t", "tabb")])
def test_the_delimiter_is_found_in_the_header(delimiter: str, name: str) -> None:
    header, row = delimiter.join(["a", '"b;,\tc"', "d"]), delimiter.join(["1", '"2;,\t3"', ""])
    headers, rows, detected = read(f"{header}\n{row}\n".encode())
    assert headers == ("a", "b;,\tc", "d")
    assert rows == [Row(1, ("1", "2;,\t3", None))]
    assert detected["skiljetecken"] == name


def test_decimals_dates_and_signs_are_left_as_they_stand() -> None:
    row = ["7,5", "7.50", "20260301", "1=1", "-3", "@x", "+46", "0012"]
    assert read(f"a;b;c;d;e;f;g;h\n{';'.join(row)}\n".encode())[1] == [Row(1, tuple(row))]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("stated", ["sep=;", "SEP=;", "\ufeffsep=;"])
def test_a_first_line_that_tells_excel_the_delimiter_is_no_header(stated: str, end: str) -> None:
    content = end.join([stated, "a,b;c", "1,5;2", ""]).encode()
    headers, rows, detected = read(content)
    assert (headers, [(row.number, row.cells) for row in rows]) == (("a,b", "c"), [(1, ("1,5", "2"))])
    assert detected["skiljetecken"] == "semikolon"


@pytest.mark.parametrize("content", [b"sep=;", b"sep=;\n", b"sep=;\r\n\r\n"])
def test_a_file_of_nothing_but_that_line_has_no_header(content: bytes) -> None:
    assert refusal(content) in ("tom_fil", "rubrik_saknas")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do_and_a_quoted_one_belongs_to_the_cell(end: str) -> None:
    assert cells(f'a;b{end}1;"x{end}y"{end}2;z'.encode()) == [("1", f"x{end}y"), ("2", "z")]


def test_blanks_around_text_go_and_blank_cells_are_none() -> None:
    content = "\u00a0A ; B\u00a0;c\n \u00a01 ;\u00a0;  x y\u00a0z \n".encode()
    headers, rows, _ = read(content)
    assert headers == ("a", "b", "c")
    assert rows == [Row(1, ("1", None, "x y\u00a0z"))]


def test_text_becomes_composed_unicode_and_never_a_delimiter() -> None:
    decomposed = "a;b\nA\u030asa;x\n".encode()
    assert cells(decomposed) == [("Åsa", "x")]
    greek_question_mark = "a;b\n1\u037e2;x\n".encode()
    assert cells(greek_question_mark) == [("1;2", "x")]


def test_ragged_rows_are_faults_and_the_rest_is_read() -> None:
    _, rows, _ = read(b"a;b\n1;2\n3\n4;5;6\n7;8;\n9;10\n")
    assert [(row.number, row.cells, row.fault) for row in rows] == [
        (1, ("1", "2"), None),
        (2, ("3",), "fel_antal_kolumner"),
        (3, ("4", "5", "6"), "fel_antal_kolumner"),
        (4, ("7", "8"), None),
        (5, ("9", "10"), None),
    ]


def test_blank_rows_are_no_rows_but_keep_their_numbers() -> None:
    _, rows, _ = read(b"a;b\n1;2\n\n;\n  ; \n3;4\n;;;\n\n\n")
    assert [(row.number, row.cells) for row in rows] == [(1, ("1", "2")), (5, ("3", "4"))]


def test_blank_columns_at_the_end_of_the_header_are_no_columns() -> None:
    headers, rows, _ = read(b"a;b;;\n1;2;;\n3;4;;x\n")
    assert headers == ("a", "b")
    assert [row.fault for row in rows] == [None, "fel_antal_kolumner"]


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\ufeff", "\u0085", "\ufffd", "\u2066"])
def test_a_row_with_characters_that_cannot_be_seen_is_a_fault(hidden: str) -> None:
    _, rows, _ = read(f"a;b\n1;2\n3;x{hidden}y\n4;{hidden}\n".encode())
    assert [(row.number, row.fault, row.fault_column) for row in rows][:2] == [
        (1, None, None),
        (2, "otillatet_tecken", 1),
    ]


def test_a_header_is_compared_without_what_cannot_be_seen() -> None:
    assert read("\ufeffPERSON\u200bNUMMER ;b\n".encode())[0] == ("personnummer", "b")


def test_a_file_with_only_a_header_has_no_rows() -> None:
    assert read(b"a;b")[:2] == (("a", "b"), [])
    assert read(b"a;b\n\n\n")[:2] == (("a", "b"), [])


@pytest.mark.parametrize("content", [b'a;b\n1;2\n3;"x\n4;5\n', b'a;b\n1;2\n3;"x"y\n4;5\n'])
def test_a_lost_quote_refuses_the_file_and_names_the_row(content: bytes) -> None:
    with pytest.raises(ReadRefused) as caught:
        read(content)
    assert (caught.value.code, caught.value.row) == ("fel_citattecken", 2)
    assert caught.value.sentence.endswith("Läsningen stannade vid rad 2.")


def test_text_that_an_earlier_conversion_spoilt_is_refused() -> None:
    spoilt = "a;b\n1;Åsa\n".encode().decode("cp1252").encode()
    assert refusal(spoilt) == "fel_teckenkodning"
    mixed = "a;b\n1;Åsa\n".encode() + "2;Öberg\n".encode("cp1252")
    assert refusal(mixed) == "fel_teckenkodning"


def test_limits_are_kept() -> None:
    limits = ReadLimits(csv_bytes=12, columns=2)
    assert len(read(b"a;b\n1;2\n3;4\n", limits)[1]) == 2
    assert refusal(b"a;b\n1;2\n3;45\n", limits) == "for_stor"
    assert refusal(b"a;b;c\n", limits) == "for_manga_kolumner"


@pytest.mark.parametrize(
    "content",
    [
        b"a;b\n1;" + b"x" * (2 * MOST_ROW_BYTES),
        b"a;b\n1;" + b";" * (2 * MOST_ROW_BYTES) + b"\n",
        b"a;b\n1;2\n" + b'"\n";' * MOST_ROW_BYTES,
    ],
)
def test_a_row_without_end_is_refused_before_it_fills_the_memory(content: bytes) -> None:
    assert refusal(content) in {"for_lang_rad", "fel_citattecken"}


def test_memory_does_not_grow_with_the_file() -> None:
    line = b"INS-0000001;2026-03-02;8,0;7,5;sjuk\n"

    def peak(lines: int) -> int:
        content = b"a;b;c;d;e\n" + line * lines
        tracemalloc.start()
        try:
            with open_table(partial(io.BytesIO, content), "csv", ReadLimits()) as table:
                assert sum(1 for _ in table.rows) == lines
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(150_000) < peak(75_000) + 4 * BLOCK_BYTES


# Ã begins what a damaged ö looks like, and a file with that is refused.
letters = st.characters(codec="utf-8", exclude_categories=("C", "Z", "M"), exclude_characters="Ã")
plain_cells = st.text(letters, min_size=1, max_size=8)


@given(
    st.integers(1, 4).flatmap(lambda width: st.lists(st.tuples(*[plain_cells] * width), max_size=6)),
    st.sampled_from(";,\t"),
)
def test_what_csv_writes_is_read_back(rows: list[tuple[str, ...]], delimiter: str) -> None:
    import csv
    import unicodedata

    file = io.StringIO(newline="")
    width = len(rows[0]) if rows else 2
    writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([[f"k{column}" for column in range(width)], *rows])
    expected = [tuple(unicodedata.normalize("NFC", cell) for cell in row) for row in rows]
    # Headers in quotes name one delimiter only when there are two of them.
    if width > 1:
        assert cells(file.getvalue().encode()) == expected
