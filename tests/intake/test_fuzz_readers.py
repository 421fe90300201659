"""Honest files spoilt at random: readers and the whole check path refuse, put rows in quarantine, or read; nothing else.

The same examples every time (``derandomize``), in bounded time and memory. Coverage-guided fuzzing (atheris) was run by hand
on the readers, the guard and the sheet parser; what it found stands as a case in the reader's own tests.
"""

from __future__ import annotations

import io
import signal
import tracemalloc
import warnings
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arshjul.intake import xlsx_child
from arshjul.intake.checker import check_files
from arshjul.intake.readers import REFUSALS, ROW_FAULTS, ReadLimits, ReadRefused, open_table
from arshjul.sample import write_sample
from arshjul.settings import Settings, load_settings
from arshjul.sources.folder import find_named

KOMMUN = "2120000001"
KINDS = ("csv", "json", "xlsx")
HANGS_AFTER_SECONDS = 120
MOST_BYTES = 40 << 20
often = settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
seldom = settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))

# What breaks parsers: signs of structure, marks of encodings, numbers nobody means, text that runs somewhere else.
PIECES = [
    *(b'"', b"'", b";", b",", b"\t", b"\n", b"\r", b"\r\n", b"\x00", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1a", b"\\"),
    *(b"{", b"}", b"[", b"]", b":", b'"rader":[', b"null", b"1e400", b"-0", b"9" * 400, b"NaN", b"\\ud800", b"\\u0000"),
    *(b"<!DOCTYPE x>", b"<c r='XFD1048576'><v>1</v></c>", b"&a;", b"]]>", b"<row r='0'/>", b"t='e'", b"PK\x03\x04"),
    *(b"=1+1", b"@", b"2026-02-30", b"19900101-2385", "å".encode(), b"\xe5", "\u202e".encode(), b" " * 500, b";" * 300),
]

spoilings = st.lists(
    st.tuples(
        st.sampled_from(["insert", "replace", "cut out", "repeat", "cut off", "flip"]),
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(PIECES) | st.binary(min_size=1, max_size=12),
        st.integers(1, 400),
    ),
    min_size=1,
    max_size=6,
)


def spoilt(content: bytes, how: list[tuple[str, float, bytes, int]]) -> bytes:
    for what, place, piece, length in how:
        at = int(place * len(content))
        before, after = content[:at], content[at:]
        if what == "insert":
            content = before + piece + after
        elif what == "replace":
            content = before + piece + after[len(piece) :]
        elif what == "cut out":
            content = before + after[length:]
        elif what == "repeat":
            content = before + after[:length] * 3 + after
        elif what == "cut off":
            content = before
        elif after:
            content = before + bytes([after[0] ^ (1 << length % 8)]) + after[1:]
    return content


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[tuple[str, bytes]]]:
    """Some files of every kind, by kind: name and content."""
    folder = tmp_path_factory.mktemp("honest")
    summary = write_sample(folder, 2026, scale=0.05, providers=8, kommun_orgnr=KOMMUN, months=(5,))
    found: dict[str, list[tuple[str, bytes]]] = {kind: [] for kind in KINDS}
    for facit in summary.files:
        path = folder / facit.path
        if facit.rows_in and path.stat().st_size < 60_000:
            found[path.suffix[1:]].append((path.name, path.read_bytes()))
    assert all(len(files) >= 5 for files in found.values())
    return found


def hung(*_: object) -> NoReturn:
    raise TimeoutError("a reader hangs")


def within_bounds(read: Any) -> None:
    """Run something in bounded memory, and not for ever."""
    before = signal.signal(signal.SIGALRM, hung)
    signal.alarm(HANGS_AFTER_SECONDS)
    tracemalloc.start()
    try:
        read()
        assert tracemalloc.get_traced_memory()[1] < MOST_BYTES
    finally:
        tracemalloc.stop()
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def read_or_refuse(content: bytes, kind: str) -> None:
    code = "tom_fil"
    try:
        with open_table(partial(io.BytesIO, content), kind, ReadLimits()) as table:
            for row in table.rows:
                assert row.fault is None or row.fault in ROW_FAULTS
                assert row.fault == "fel_antal_kolumner" or len(row.cells) == len(table.headers)
    except ReadRefused as refused:
        code = refused.code
    assert code in REFUSALS


@pytest.mark.parametrize("kind", ["csv", "json"])
@often
@given(which=st.integers(0, 10**6), how=spoilings)
def test_a_spoilt_text_file_is_read_or_refused(honest: Any, kind: str, which: int, how: Any) -> None:
    _, content = honest[kind][which % len(honest[kind])]
    within_bounds(partial(read_or_refuse, spoilt(content, how), kind))


@seldom
@given(which=st.integers(0, 10**6), how=spoilings)
def test_a_spoilt_workbook_is_read_or_refused_by_the_process_that_reads_it(honest: Any, which: int, how: Any) -> None:
    _, content = honest["xlsx"][which % len(honest["xlsx"])]
    within_bounds(partial(read_or_refuse, spoilt(content, how), "xlsx"))


def workbook_with(content: bytes, part: str, how: Any) -> bytes:
    """A workbook of which one part has been spoilt inside its package, where the guard sees a sound one."""
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, spoilt(source.read(name), how) if name == part else source.read(name))
    return made.getvalue()


@often
@given(
    which=st.integers(0, 10**6),
    part=st.sampled_from(
        ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
    ),
    how=spoilings,
)
def test_a_workbook_spoilt_inside_its_package_ends_in_an_answer(honest: Any, which: int, part: str, how: Any) -> None:
    _, content = honest["xlsx"][which % len(honest["xlsx"])]
    made = workbook_with(content, part, how)

    def parse() -> None:
        # Whatever the parser raises, its process answers with "ej_lasbar": that it ends, in little memory, is the point.
        with suppress(Exception):
            for _ in xlsx_child.sheet_lines(made, 200_000, 200):
                pass

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        within_bounds(parse)


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Path]:
    home = tmp_path_factory.mktemp("offline")
    return load_settings({"ARSHJUL_HOME": str(home), "ARSHJUL_KOMMUN_ORGNR": KOMMUN}), home / "in"


@pytest.mark.parametrize(("kind", "examples"), [("csv", 40), ("json", 40), ("xlsx", 12)])
def test_the_whole_check_of_a_spoilt_file_ends_in_a_receipt(
    honest: Any, offline: tuple[Settings, Path], kind: str, examples: int
) -> None:
    known, folder = offline
    folder.mkdir(exist_ok=True)

    @settings(max_examples=examples, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    @given(which=st.integers(0, 10**6), how=spoilings)
    def check(which: int, how: Any) -> None:
        name, content = honest[kind][which % len(honest[kind])]
        file = folder / name
        file.write_bytes(spoilt(content, how))
        try:
            [one] = check_files(known, find_named([file]))
        finally:
            file.unlink()
        receipt = one.receipt
        assert receipt.status == ("avvisad" if receipt.refusal else "mottagen")
        assert receipt.rows_in == receipt.rows_loaded + receipt.rows_quarantined
        assert receipt.rows_quarantined == len({reason.row for reason in receipt.reasons})

    check()
