"""Thirty evil names: a file's name decides nothing but what it is meant to, and is kept nowhere it could do harm.

Source: facts/privacy.md §5, "Path traversal, NUL, CON, RTL override, long/NFD names". The threats that are about a file's
content stand in test_hostile_files.py.
"""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from arshjul.intake.delivery import receive
from arshjul.intake.file_names import read_address
from arshjul.sources.folder import find_landed

Desk = Any  # tests/intake/conftest.py

GOOD = "insatser_5560360793_2026-03.csv"
PERSON = "19900101-2385"

EVIL_NAMES = [
    "..",
    "../../../etc/cron.d/x_5560360793_2026-03.csv",
    "/etc/passwd",
    "..\\..\\windows\\system32\\x_5560360793_2026-03.csv",
    "C:\\insatser_5560360793_2026-03.csv",
    "\\\\server\\share\\insatser_5560360793_2026-03.csv",
    "insatser_5560360793_2026-03.csv\x00.exe",
    "\x00",
    "insatser_5560360793_2026-03.csv\n",
    "insatser_5560360793_2026-03.csv\r\nSet-Cookie: x",
    "\x1b]0;x\x07insatser_5560360793_2026-03.csv",
    "CON",
    "aux.csv",
    "NUL_5560360793_2026-03.csv",
    "insatser_5560360793_2026-03.csv:hidden",
    "insatser_5560360793_2026-03.csv ",
    "insatser_5560360793_2026-03.csv.",
    "\u202evsc.30-6202_3970630655_resitasni",
    "insatser_5560360793_2026-03\u200b.csv",
    "insa\u200dtser_5560360793_2026-03.csv",
    "іnsatser_5560360793_2026-03.csv",
    "insatser_５５６０３６０７９３_2026-03.csv",
    "insatser_5560360793_2026-03.ｃｓｖ",
    unicodedata.normalize("NFD", "åtgärder_5560360793_2026-03.csv"),
    "a" * 255,
    "insatser_5560360793_2026-03" + ".csv" * 60,
    "$(touch x)_5560360793_2026-03.csv",
    "'; DROP TABLE core.insatser; --_5560360793_2026-03.csv",
    "=cmd|' /C calc'!A0_5560360793_2026-03.csv",
    f"<script>alert(1)</script> Anna Andersson {PERSON}.csv",
    "{{ 7*7 }}_5560360793_2026-03.csv",
    "%s%n_5560360793_2026-03.csv",
    "-rf_5560360793_2026-03.csv",
]


class Named:
    """A landed file of which only the name matters: some of the names no disk can hold."""

    def __init__(self, name: str) -> None:
        self.path: Any = type("Named", (), {"name": name})()
        self.sender = None
        self.channel = "kommandorad"


def can_lie_on_disk(name: str) -> bool:
    return "/" not in name and "\x00" not in name and len(name.encode()) <= 255 and name not in ("", ".", "..")


def test_there_are_thirty() -> None:
    assert len(set(EVIL_NAMES)) >= 30


@pytest.mark.parametrize("name", EVIL_NAMES)
def test_an_evil_name_is_refused_and_its_signs_go_no_further(name: str) -> None:
    address = read_address(Named(name), ("insatser", "atgarder"))
    assert address.refusal is not None
    assert address.refusal.rule in ("filnamn", "okand_datamangd")
    assert address.dataset is None
    assert re.fullmatch(r"okant-filnamn(\.csv)?", address.file_name)
    assert address.given_name.isprintable()
    assert not set("/\\\x00\n\r\x1b\u202e\u200b<>{}$'\"`") & set(address.given_name)
    assert len(address.given_name) <= 120
    assert PERSON[:8] not in address.given_name


def test_whatever_files_are_called_the_archive_and_the_receipts_keep_to_names_of_their_own(
    desk: Desk, tmp_path: Path
) -> None:
    names = [name for name in EVIL_NAMES if can_lie_on_disk(name)]
    assert len(names) >= 25
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    landed = [desk.put(name, f"innehåll {place}".encode(), desk.PROVIDER) for place, name in enumerate(names)]
    receipts = [receive(desk.office, file, desk.run_id) for file in landed]
    assert {receipt.status for receipt in receipts} == {"avvisad"}
    home = desk.office.settings.home
    written = {path for root in (home, tmp_path) for path in root.rglob("*") if path.is_file()}
    ours = written - before - {file.path for file in landed}
    names_of_ours = {path.relative_to(home).as_posix() for path in ours if home in path.parents}
    archived = {name for name in names_of_ours if name.startswith("archive/")}
    assert all(re.fullmatch(r"archive/(?:[0-9a-f]{2}/[0-9a-f]{64}|keys/[0-9a-f.]+)", name) for name in archived)
    assert len(archived) >= 2 * len(names)
    assert all(re.fullmatch(r"[\w./-]+", name, re.ASCII) for name in names_of_ours)
    told = json.dumps([receipt.as_json() for receipt in receipts]) + "".join(receipt.as_text() for receipt in receipts)
    assert PERSON not in told
    assert "\x1b" not in told
    ledger = {name for (name,) in desk.query("SELECT file_name FROM lineage.delivery WHERE status = 'avvisad'")}
    assert ledger == {"okant-filnamn", "okant-filnamn.csv"}


def test_a_name_is_never_followed_out_of_the_landing(tmp_path: Path) -> None:
    secret = tmp_path / "hemlig"
    secret.write_text("insats_id\nHEMLIGT\n")
    link = tmp_path / "landing" / GOOD.split("_")[1] / GOOD
    link.parent.mkdir(parents=True)
    link.symlink_to(secret)
    assert find_landed(tmp_path / "landing") == []
