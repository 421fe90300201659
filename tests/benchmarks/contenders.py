"""One contender in a process of its own: ``python -m tests.benchmarks.contenders '<job as JSON>'``, result as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.database import most_memory

_OURS = "core.narvaro WHERE known_to = 'infinity'"
_OUR_BAD = (
    "SELECT count(DISTINCT q.row_no) FROM quarantine.row AS q JOIN lineage.delivery AS d USING (delivery_id) "
    "WHERE d.is_current AND d.dataset = 'narvaro' AND d.period = '2026-03-01'"
)
_THEIRS = "bench.narvaro"
_THEIR_BAD = "SELECT count(*) FROM bench.quarantine"


@dataclass(frozen=True)
class Contender:
    """One way of loading a file.

    Attributes:
        title: What it is called in the report.
        function: Its name in :mod:`tests.benchmarks.rivals`; empty for Årshjul itself.
        variant: The part that is taken away from Årshjul, if any.
        file: Which of the files it loads.
        base: The database it starts from.
        table: Where its good rows are; empty when it does not judge rows.
        bad: Counts the rows it did not load.
        keeps_numbers: Whether its rows have the numbers of this very file; else they are compared without.
        is_slow: Minutes at a million rows: run in fewer rounds.
    """

    title: str
    function: str = ""
    variant: str = ""
    file: str = "first"
    base: str = "base"
    table: str = _THEIRS
    bad: str = _THEIR_BAD
    keeps_numbers: bool = True
    is_slow: bool = False


CONTENDERS = {
    "copy": Contender("bare COPY with row number", "bare_copy", table=""),
    "keyed": Contender("COPY of ready rows, keyed table", "keyed_copy", bad=""),
    "ours": Contender("Årshjul, everything on", table=_OURS, bad=_OUR_BAD),
    "pandas": Contender("pandas + COPY", "pandas_copy"),
    "to_sql": Contender("pandas.to_sql (multi)", "pandas_to_sql", is_slow=True),
    "dlt": Contender(
        "dlt, default",
        "dlt_default",
        table="dlt_bench.narvaro",
        bad="SELECT count(*) FROM dlt_bench.quarantine",
        is_slow=True,
    ),
    "dlt_arrow": Contender(
        "dlt, arrow", "dlt_arrow", table="dlt_bench.narvaro", bad="SELECT count(*) FROM dlt_bench.quarantine"
    ),
    "identical": Contender("Årshjul, the identical file again", base="loaded", table=_OURS, bad=_OUR_BAD),
    "corrected": Contender(
        "Årshjul, a corrected file", file="corrected", base="loaded", table=_OURS, bad=_OUR_BAD, keeps_numbers=False
    ),
    "corrected_pandas": Contender(
        "pandas + COPY, the corrected file alone", "pandas_copy", file="corrected", keeps_numbers=False
    ),
    "small_copy": Contender("1 000 rows: bare COPY", "bare_copy", file="small", base="few", table=""),
    "small_ours": Contender("1 000 rows: Årshjul", file="small", base="few", table=_OURS, bad=_OUR_BAD),
    "small_pandas": Contender("1 000 rows: pandas + COPY", "pandas_copy", file="small", base="few"),
    "unencrypted": Contender("Årshjul, archive not encrypted", variant="unencrypted", table=_OURS, bad=_OUR_BAD),
    "unarchived": Contender("Årshjul, no archive", variant="unarchived", table=_OURS, bad=_OUR_BAD),
    "without_history": Contender("Årshjul, no history", variant="without_history", bad=_OUR_BAD),
}


def main(job: dict[str, str]) -> dict[str, Any]:
    """Do one job.

    Args:
        job: ``contender``, ``file``, ``url``, ``home`` and ``folder``.
    """
    contender = CONTENDERS[job["contender"]]
    if contender.function:
        from tests.benchmarks import rivals

        run: Callable[[Path, str, Path], float] = getattr(rivals, contender.function)
        result: dict[str, Any] = {"seconds": run(Path(job["file"]), job["url"], Path(job["folder"]))}
    else:
        from tests.benchmarks import ours

        result = ours.run(Path(job["file"]), job["url"], Path(job["home"]), contender.variant)
    return {**result, "client_mb": most_memory()}


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(main(json.loads(sys.argv[1]))) + "\n")
