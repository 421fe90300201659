"""A document made again, in another process, another time zone and another order of sets, is the same file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
from hashlib import sha256
from arshjul.reports.html import render_html
from arshjul.reports.pdf import render_pdf
from arshjul.reports.workbook import render_workbook
from tests.reports.example import EXAMPLE
for render in (render_html, render_pdf, render_workbook):
    print(sha256(render(EXAMPLE)).hexdigest())
"""


def start(seed: str, zone: str) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(ROOT / "plugins"), str(ROOT)])
    environment = {"PATH": os.defpath, "PYTHONPATH": path, "PYTHONHASHSEED": seed, "TZ": zone}
    return subprocess.Popen(
        [sys.executable, "-B", "-c", PROGRAM], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )


def test_the_same_document_is_the_same_bytes_in_every_format() -> None:
    processes = [start("1", "UTC"), start("2", "Pacific/Auckland")]
    first, second = (process.communicate(timeout=60)[0].split() for process in processes)
    assert len(set(first)) == 3
    assert first == second
