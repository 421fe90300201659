"""Hostile and broken files through the whole line. Every threat of facts/privacy.md §5 about files has its test:

| threat | test |
|---|---|
| formula in | here: a formula is quarantined; test_xlsx_reader: a calculated cell is its value, others a fault |
| formula out | here: what was let in is defused; reports/test_table_csv, reports/test_workbook |
| zip bomb, lying sizes | test_xlsx_reader: HOSTILE, lying directory, limits; here: nested ones |
| sparse-cell bomb | test_xlsx_reader: a cell in the last corner; here: its memory |
| XXE, billion laughs, also in UTF-16 | test_xlsx_reader: HOSTILE |
| macro, embedded, external link, encrypted | test_xlsx_reader: HOSTILE |
| limits of the parsing process, zombies | test_xlsx_reader: dies, out of time or memory; here: no zombies |
| path traversal, NUL, CON, RTL, long, NFD names | test_hostile_names, test_file_names |
| UTF-16, UTF-32, NUL, mojibake, escape sequences | test_readers: EVIL; test_csv_reader |
| UTF-7, homoglyphs, foreign digits, bidi, zero width | here |
| CSV ambiguity | test_csv_reader, test_fuzz_readers; here: one file, two readings |
| too large, slow, huge | here: sparse files and full disks; test_receive: kept though too large |
| duplicate resubmission, in parallel | test_concurrency: received twice at once |
| another provider's file | here; test_file_names, test_receive: the folder says who |
| wrong period | here: shifted by a tertial |
| swapped columns | here: every pair |
| silent partial file | here: cut at each tenth |
| tampered archive | here; lineage/test_archive: any change is found |
| personal data in what is told | test_privacy, end_to_end/test_canary |

What no rule can see: an older month's enrolments under a later month's name (older ones may come along), and a CSV file
that is cut exactly where a row ends.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import tracemalloc
import zipfile
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from arshjul.intake.checker import check_files
from arshjul.intake.delivery import replay
from arshjul.intake.readers import ReadLimits, ReadRefused, open_table
from arshjul.intake.receipts import Receipt
from arshjul.lineage.archive import ArchiveError
from arshjul.reports.table_csv import defused
from arshjul.sample import write_sample
from arshjul.settings import Settings

Desk = Any  # tests/intake/conftest.py

KOMMUN = "2120000001"


class Verdict(NamedTuple):
    """What the checker says of one file."""

    receipt: Receipt

    @property
    def rules(self) -> set[str]:
        refusal = self.receipt.refusal
        return {refusal.rule} if refusal else {reason.rule for reason in self.receipt.reasons}

    @property
    def is_accepted_whole(self) -> bool:
        return self.receipt.status == "mottagen" and not self.receipt.rows_quarantined


@pytest.fixture
def check(settings: Settings, senders: Any) -> Any:
    """Check one file's content by the sender's own checker: the rules of the line, without a database."""

    def checked(dataset: str, content: bytes, month: str = "2026-03", suffix: str = "csv") -> Verdict:
        file = senders.put(f"{dataset}_{senders.PROVIDER}_{month}.{suffix}", content)
        [one] = check_files(settings, [file])
        return Verdict(one.receipt)

    return checked


# --- formulas


@pytest.mark.parametrize(
    "cell", ["=1+1", "=HYPERLINK(1)", " =1", '"=1"', '"\t=1"', '"\r=1"', "\u00a0=1", "＝1", "=cmd|' /C calc'!A0"]
)
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_a_cell_that_begins_as_a_formula_is_quarantined(check: Any, senders: Any, cell: str, start: str) -> None:
    header = ";".join([*senders.COLUMNS["insatser"], "coach_id"])
    rows = [
        f"A1;{senders.person(1)};jobbpeng_grund;2026-03-02;;;{cell}",
        f"A2;{senders.person(2)};jobbpeng_grund;2026-03-02;;;C1",
    ]
    verdict = check("insatser", "\n".join([start + header, *rows, ""]).encode())
    assert {(reason.row, reason.field, reason.rule) for reason in verdict.receipt.reasons} == {
        (1, "coach_id", "rad_format")
    }
    assert verdict.receipt.rows_loaded == 1
    assert "likhetstecken" in verdict.receipt.reasons[0].text


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_a_formula_as_text_is_quarantined_in_every_kind_of_file(check: Any, senders: Any, kind: str) -> None:
    columns = [*senders.COLUMNS["insatser"], "coach_id"]
    row = [*senders.enrolment("A1"), "=1+1"]
    content = io.BytesIO()
    if kind == "xlsx":
        import xlsxwriter

        with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, columns)
            sheet.write_row(1, 0, row)
    else:
        import json

        content.write(json.dumps([dict(zip(columns, row, strict=True))]).encode())
    assert check("insatser", content.getvalue(), suffix=kind).rules == {"rad_format"}


@pytest.mark.parametrize("cell", ["+46", "-", "-x", "@anna", "+1+1", "@SUM(1)", "1=1"])
def test_other_signs_are_kept_as_they_stand_and_defused_where_they_leave(desk: Desk, cell: str) -> None:
    columns = [*desk.COLUMNS["insatser"], "coach_id"]
    assert desk.send("insatser", [[*desk.enrolment("A1"), cell]], columns=columns).rows_loaded == 1
    assert desk.current("insatser", "coach_id") == [(cell,)]
    assert defused(cell)[0] not in "=+-@"


# --- characters


@pytest.mark.parametrize(
    ("field", "cell", "rule"),
    [
        ("insatstyp", "jobbреng_grund", "kodlista"),
        ("insatstyp", "jobbpeng_grund\u200b", "rad_format"),
        ("insatstyp", "\u202ejobbpeng_grund", "rad_format"),
        ("insatstyp", "jobbpeng\u00ad_grund", "kodlista"),
        ("insatstyp", "ｊobbpeng_grund", "kodlista"),
        ("startdatum", "2026-03-０2", "format"),
        ("startdatum", "٢٠٢٦-٠٣-٠٢", "format"),
        ("startdatum", "2026‑03‑02", "format"),
        ("personnummer", "١٩٩٠٠١٠٢٢٣٨٣", "personnummer"),
        ("personnummer", "19900102-238\u2068", "rad_format"),
        ("insats_id", "A\u20662", "rad_format"),
        ("insats_id", "A\ufffd", "rad_format"),
    ],
)
def test_what_looks_like_a_code_a_date_or_a_number_and_is_not_is_quarantined(
    check: Any, senders: Any, field: str, cell: str, rule: str
) -> None:
    columns = senders.COLUMNS["insatser"]
    row = senders.enrolment("A1")
    row[columns.index(field)] = cell
    verdict = check("insatser", senders.csv("insatser", [row]))
    assert rule in verdict.rules
    assert verdict.receipt.rows_loaded == 0


def test_utf_7_is_the_text_that_stands_there_and_is_never_decoded() -> None:
    content = b"a;b\n+ADw-script+AD4-;+AD0-1\n"
    with open_table(partial(io.BytesIO, content), "csv", ReadLimits()) as table:
        assert [row.cells for row in table.rows] == [("+ADw-script+AD4-", "+AD0-1")]


def test_a_file_with_two_possible_delimiters_is_read_by_its_header_alone(check: Any, senders: Any) -> None:
    columns = senders.COLUMNS["insatser"]
    mixed = ";".join(columns) + "\n" + ",".join(senders.enrolment("A1")) + "\n"
    verdict = check("insatser", mixed.encode())
    assert (verdict.rules, verdict.receipt.rows_loaded) == ({"rad_format"}, 0)


# --- sizes


def test_a_workbook_in_a_workbook_is_not_opened() -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("bomb", bytes(50_000_000))
    import xlsxwriter

    outer = io.BytesIO()
    with xlsxwriter.Workbook(outer, {"in_memory": True}) as book:
        book.add_worksheet().write_row(0, 0, ["a"])
    with zipfile.ZipFile(outer, "a") as package:
        package.writestr("xl/media/inner.zip", inner.getvalue())
    with open_table(lambda: io.BytesIO(outer.getvalue()), "xlsx", ReadLimits()) as table:
        assert (table.headers, list(table.rows)) == (("a",), [])


def peak_of(read: Any) -> int:
    tracemalloc.start()
    try:
        read()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
def test_a_huge_sparse_file_is_refused_in_little_memory(tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"x.{kind}"
    with file.open("wb") as out:
        out.write(b"PK\x03\x04" if kind == "xlsx" else b"a;b\n" if kind == "csv" else b"[")
        out.truncate(10 << 30)

    def read() -> None:
        with pytest.raises(ReadRefused), open_table(lambda: file.open("rb"), kind, ReadLimits()) as table:
            list(table.rows)

    assert peak_of(read) < 12 << 20


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_a_file_without_end_is_read_to_its_limit_and_no_further(kind: str) -> None:
    class Endless(io.BytesIO):
        """Good rows for ever."""

        taken = 0

        def read(self, size: int | None = -1, /) -> bytes:
            row = b"1;2\n" if kind == "csv" else b'{"a":1},'
            start = b"" if self.taken else b"[" if kind == "json" else b"a;b\n"
            Endless.taken = self.taken = self.taken + (size or 0)
            return start + row * max(1, (size or 0) // len(row) - 1)

    with (
        pytest.raises(ReadRefused) as caught,
        open_table(Endless, kind, ReadLimits(csv_bytes=9 << 20, json_bytes=9 << 20)),
    ):
        pass
    assert caught.value.code == "for_stor"
    assert Endless.taken < 14 << 20


def test_a_disk_without_room_takes_nothing_and_the_file_stays_where_it_is(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = desk.put(desk.name("insatser"), desk.csv("insatser", [desk.enrolment("A1")]))
    archive = desk.office.settings.archive
    before = sorted(archive.rglob("*"))
    usage = shutil.disk_usage(archive)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=128 << 20))
    from arshjul.intake.delivery import receive

    with pytest.raises(ArchiveError) as caught:
        receive(desk.office, file, desk.run_id)
    assert caught.value.code == "fullt"
    assert (file.path.is_file(), sorted(archive.rglob("*"))) == (True, before)
    monkeypatch.undo()
    assert receive(desk.office, file, desk.run_id).status == "mottagen"


# --- the parsing process


def children() -> set[str]:
    """Processes of ours, living or dead and not waited for."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_workbooks_leave_no_process_behind_however_they_end(senders: Any) -> None:
    import xlsxwriter

    before = children()
    whole = io.BytesIO()
    with xlsxwriter.Workbook(whole, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(5000):
            sheet.write_row(row, 0, ["a", "b"] if row == 0 else [row, "x"])
    for content in (whole.getvalue(), whole.getvalue()[:-100], b"PK\x03\x04", b""):
        for most in (0, 1, 10**6):
            try:
                with open_table(partial(io.BytesIO, content), "xlsx", ReadLimits()) as table:
                    for _, _ in zip(range(most), table.rows, strict=False):
                        pass
            except ReadRefused:
                continue
    assert children() == before


# --- whose, and when


def test_another_providers_file_in_ones_own_folder_is_refused_whatever_it_is_called(desk: Desk) -> None:
    content = desk.csv("insatser", [desk.enrolment("A1")])
    theirs = desk.give(desk.name("insatser", sender=desk.OTHER), content, desk.PROVIDER)
    assert theirs.refusal is not None
    assert theirs.refusal.rule == "avsandare_stammer_inte"
    renamed = desk.give(desk.name("insatser"), content, desk.PROVIDER)
    assert renamed.status == "mottagen"
    assert desk.query("SELECT DISTINCT sender FROM core.insatser") == [(desk.PROVIDER,)]


@pytest.mark.parametrize("shift", [-4, 4])
def test_a_file_of_another_tertial_is_refused_where_its_rows_tell_their_month(
    check: Any, senders: Any, tmp_path: Path, shift: int
) -> None:
    summary = write_sample(tmp_path, 2026, scale=0.05, kommun_orgnr=KOMMUN, months=(6,))
    own = summary.providers[0]
    outcome: dict[str, Verdict] = {}
    for facit in (one for one in summary.files if one.orgnr == own and one.rows_in):
        path = tmp_path / facit.path
        outcome[facit.dataset] = check(facit.dataset, path.read_bytes(), f"2026-{6 + shift:02d}", path.suffix[1:])
    for dataset in ("narvaro", "kapacitet"):
        assert outcome[dataset].rules == {"manad_stammer_inte"}
    if shift < 0:  # nothing may have started or ended after the month
        assert outcome["insatser"].rules & {"ej_efter_manaden"}
    else:  # older enrolments may come along, so this is only seen by the month before: they are missing from it
        assert outcome["insatser"].is_accepted_whole


# --- columns and rows


@pytest.mark.parametrize("dataset", ["insatser", "narvaro", "kapacitet"])
def test_any_two_swapped_columns_are_seen(check: Any, tmp_path: Path, dataset: str) -> None:
    summary = write_sample(tmp_path, 2026, scale=0.3, kommun_orgnr=KOMMUN, months=(3,))
    [facit] = [one for one in summary.files if (one.orgnr, one.dataset) == (summary.providers[0], dataset)]
    honest = (tmp_path / facit.path).read_bytes()
    header, *rows = csv.reader(io.StringIO(honest.decode("utf-8-sig"), newline=""), delimiter=";")
    assert check(dataset, honest).is_accepted_whole
    for one, other in combinations(range(len(header)), 2):
        swapped = list(header)
        swapped[one], swapped[other] = header[other], header[one]
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=";").writerows([swapped, *rows])
        assert not check(dataset, buffer.getvalue().encode()).is_accepted_whole, (header[one], header[other])


@pytest.mark.parametrize("kind", ["xlsx", "json"])
@pytest.mark.parametrize("tenth", range(1, 10))
def test_a_workbook_or_json_file_cut_anywhere_is_refused(check: Any, senders: Any, kind: str, tenth: int) -> None:
    whole = whole_file(senders, kind)
    verdict = check("narvaro", whole[: len(whole) * tenth // 10], suffix=kind)
    assert verdict.receipt.status == "avvisad"


def whole_file(senders: Any, kind: str) -> bytes:
    columns = senders.COLUMNS["narvaro"]
    rows = [["A1", f"2026-03-{day:02d}", "8", "8", ""] for day in range(1, 31)]
    content = io.BytesIO()
    if kind == "csv":
        return bytes(senders.csv("narvaro", rows))
    if kind == "json":
        import json

        return json.dumps([dict(zip(columns, row, strict=True)) for row in rows]).encode()
    import xlsxwriter

    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([columns, *rows]):
            sheet.write_row(number, 0, row)
    return content.getvalue()


# --- the archive


def test_a_tampered_archive_is_found_when_a_file_is_read_again_and_nothing_changes(desk: Desk) -> None:
    receipt = desk.send("insatser", [desk.enrolment("A1"), desk.enrolment("")])
    known = desk.current("insatser", "insats_id, known_from")
    path = desk.office.settings.archive / receipt.sha256[:2] / receipt.sha256
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(content)
    with pytest.raises(ArchiveError) as caught:
        replay(desk.office, receipt.delivery_id)
    assert caught.value.code == "skadad"
    assert desk.current("insatser", "insats_id, known_from") == known
    assert desk.query("SELECT count(*) FROM quarantine.row") == [(1,)]
