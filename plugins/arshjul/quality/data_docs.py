"""Data Docs: Great Expectations' readable pages of a check run, made to be opened anywhere, by anybody, for years.

As they come, the pages fetch styles, icons and scripts from some ten addresses on the internet: whoever reads them would
tell those who reads what, and run their code. They are told not to, and given the few styles they cannot do without.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

SITE = "kvalitet"

_HEAD = """<head>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { font-family: sans-serif; margin: 1.5rem; }
table { border-collapse: collapse; margin: .5rem 0; }
td, th { border: 1px solid #767676; padding: .25rem .5rem; text-align: left; vertical-align: top; }
.fa-check-circle::before { content: "\\2713"; color: #00662b; }
.fa-times::before { content: "\\2717"; color: #b00020; }
.fa-exclamation-triangle::before { content: "!"; color: #b00020; }
.fas { font-style: normal; font-weight: bold; }
img, button, input, footer, .modal, .cooltip { display: none; }
</style>"""


def add_site(context: Any, docs: Path) -> None:
    """Tell Great Expectations where the Data Docs go.

    Args:
        context: Its data context.
        docs: The folder to make.
    """
    docs.mkdir(parents=True)
    context.add_data_docs_site(
        site_name=SITE,
        site_config={
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs)},
        },
    )


def make_self_contained(docs: Path) -> None:
    """Forbid the pages of a folder to fetch or run anything, and give them styles of their own."""
    shutil.rmtree(docs / "static")  # megabytes of logotypes and fonts, the same in every run
    for page in docs.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        page.write_text(html.replace("<head>", _HEAD, 1), encoding="utf-8")
