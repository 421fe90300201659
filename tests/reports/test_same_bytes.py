"""A document made again, in another process, another time zone and another order of sets, is the same file."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

from tests.reports.example import EXAMPLE

from arshjul.reports.html import render_html
from arshjul.reports.pdf import render_pdf
from arshjul.reports.workbook import render_workbook

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "from tests.reports.test_same_bytes import digests; print(*digests())"


def digests() -> list[str]:
    return [sha256(render(EXAMPLE)).hexdigest() for render in (render_html, render_pdf, render_workbook)]


def test_the_same_document_is_the_same_bytes_in_every_format() -> None:
    path = os.pathsep.join([str(ROOT / "plugins"), str(ROOT)])
    environment = {"PATH": os.defpath, "PYTHONPATH": path, "PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland"}
    other = subprocess.run(
        [sys.executable, "-B", "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, check=True, text=True
    )
    assert len(set(digests())) == 3
    assert other.stdout.split() == digests()
