"""Open data is plain CSV, and no text in it becomes a formula."""

from __future__ import annotations

import csv
import io

import pytest

from arshjul.reports.table_csv import defused, write_csv

HOSTILE = [
    "=1+1",
    "+46 70",
    "-A1",
    "@SUM(1)",
    " =1",
    "\tx",
    "\rx",
    "\nx",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    '=HYPERLINK("x")',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "-5.25", "0", "12.5", "..", "–", "−5", "Åsa Öberg", "a=b", "1-2", ""])
def test_numbers_and_other_texts_stay_as_they_are(text: str) -> None:
    assert defused(text) == text


def test_the_file_is_utf_8_without_byte_order_mark_with_commas_and_line_feeds() -> None:
    written = write_csv(["insats", "utfall"], [["Språk, grund", "-5"], ['Åsa "Ö"', ".."]])
    assert written == 'insats,utfall\n"Språk, grund",-5\n"Åsa ""Ö""",..\n'.encode()


def test_every_cell_is_read_back_with_no_row_parted() -> None:
    rows = [[text, "x"] for text in HOSTILE]
    written = write_csv(["=kolumn", "x"], rows).decode("utf-8")
    read = list(csv.reader(io.StringIO(written, newline=""), strict=True))
    texts = [text.replace("\r", "\n") for text in HOSTILE]
    assert read == [["'=kolumn", "x"], *([f"'{text}", "x"] for text in texts)]


@pytest.mark.parametrize("text", ["a\rb", "a\r\nb", "a\nb"])
def test_every_line_end_within_a_text_is_a_quoted_line_feed(text: str) -> None:
    assert write_csv(["x"], [[text]]) == b'x\n"a\nb"\n'


def test_a_table_without_rows_has_its_header() -> None:
    assert write_csv(["a", "b"], []) == b"a,b\n"


@pytest.mark.parametrize("row", [["1"], ["1", "2", "3"], []])
def test_a_row_that_is_not_as_long_as_the_header_is_an_error(row: list[str]) -> None:
    with pytest.raises(ValueError, match="row 2"):
        write_csv(["a", "b"], [["1", "2"], row])
