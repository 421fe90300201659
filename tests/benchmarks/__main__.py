"""``make bench``: how fast a file is received, beside bare COPY, pandas and dlt on the same server.

    python -m tests.benchmarks --rows 1000000 --rounds 5

Every contender runs in a fresh process on a fresh copy of the same database, one after the other in each round, so that
whatever else the machine does meets all of them. No ratio is printed before all have the same good rows.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.benchmarks.attendance import Files, write_files
from tests.benchmarks.contenders import CONTENDERS, Contender
from tests.benchmarks.database import Database
from tests.benchmarks.report import Measured, Report

_HERE = Path(__file__).parent
_COSTS = ("unencrypted", "unarchived", "without_history")
_READY = (
    "COPY (SELECT insats_id, datum, planerade_timmar, narvarande_timmar, franvaroorsak, delivery_id, row_no "
    "FROM core.narvaro WHERE known_to = 'infinity' ORDER BY row_no) TO STDOUT WITH (FORMAT binary)"
)


class Bench:
    """One size, on one server, in one folder.

    Args:
        folder: Where everything is kept while it runs.
        database: The running server.
        rows: Rows of the attendance file.
    """

    def __init__(self, folder: Path, database: Database, rows: int) -> None:
        self._folder = folder
        self._database = database
        self._files: Files = write_files(folder, rows)
        self._homes = {name: folder / f"home-{name}" for name in ("base", "loaded", "few")}

    def prepare(self) -> None:
        """Make the databases that contenders start from: with enrolments, with the file loaded, with few enrolments."""
        from tests.benchmarks import ours

        database = self._database
        for name, enrolments in (("base", self._files.enrolments), ("few", self._files.few)):
            database.create(name)
            ours.prepare(self._homes[name], database.url(name), [self._files.register, enrolments])
            with database.connect(name) as connection:
                connection.execute((_HERE / "tables.sql").read_text(encoding="utf-8"))
        shutil.copytree(self._homes["base"], self._homes["loaded"])
        database.create("loaded", "base")
        ours.run(self._files.first, database.url("loaded"), self._homes["loaded"])
        ours.pass_gate(self._homes["loaded"], database.url("loaded"))
        # A corrected file comes days after the first one: the server has looked after its tables in between.
        with database.connect("loaded") as connection:
            connection.execute("VACUUM (ANALYZE)")
        ready = self._files.first.with_suffix(".ready")
        with (
            database.connect("loaded") as connection,
            ready.open("wb") as file,
            connection.cursor() as cursor,
            cursor.copy(_READY) as rows,
        ):
            for block in rows:
                file.write(block)

    def run(self, name: str) -> Measured:
        """Let one contender load its file, and look at what it loaded."""
        contender = CONTENDERS[name]
        work = self._folder / "run"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        shutil.copytree(self._homes[contender.base], work / "home")
        self._database.create("run", contender.base)
        job = {
            "contender": name,
            "file": str(getattr(self._files, contender.file)),
            "url": self._database.url("run"),
            "home": str(work / "home"),
            "folder": str(work),
        }
        with self._database.watched() as memory:
            done = subprocess.run(
                [sys.executable, "-m", "tests.benchmarks.contenders", json.dumps(job)],
                capture_output=True,
                text=True,
                cwd=_HERE.parents[1],
            )
        if done.returncode:
            raise RuntimeError(f"{name} failed:\n{done.stderr[-2000:]}")
        result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        measured = Measured(**result, server_mb=memory.megabytes, checksum=self._checksum(contender))
        self._database.drop("run")
        return measured

    def _checksum(self, contender: Contender) -> str:
        """Number of good rows, sum of their hashes, number of bad rows; empty for who does not judge."""
        if not contender.table:
            return ""
        with self._database.connect("run") as connection:
            sql = (_HERE / "checksum.sql").read_text(encoding="utf-8")
            number = "row_no" if contender.keeps_numbers else "NULL"
            found = [connection.execute(sql.format(table=contender.table, number=number)).fetchone()]
            if contender.bad:
                found.append(connection.execute(contender.bad).fetchone())
        return " ".join(str(value) for row in found if row for value in row)


def _chosen(only: str, rounds: int) -> list[str]:
    names = [name for name in CONTENDERS if name not in _COSTS] if not only else only.split(",")
    if unknown := set(names) - CONTENDERS.keys():
        raise SystemExit(f"no contender is called {', '.join(sorted(unknown))}; there are: {', '.join(CONTENDERS)}")
    if find_spec("dlt") is None:
        names = [name for name in names if not name.startswith("dlt")]
    return names if rounds else []


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark and print its report; returns 1 when contenders do not agree on the good rows."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the attendance file")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, each contender once in each")
    parser.add_argument("--slow-rounds", type=int, default=1, help="rounds of to_sql and dlt's default")
    parser.add_argument("--only", default="", help="names of contenders, with commas between")
    parser.add_argument("--costs", action="store_true", help="also run without archive, encryption and history")
    parser.add_argument("--out", type=Path, help="also write the report here: .md, and .json beside it")
    options = parser.parse_args(arguments)
    names = _chosen(options.only, options.rounds) + (list(_COSTS) if options.costs else [])
    report = Report(rows=options.rows)
    with tempfile.TemporaryDirectory(prefix="arshjul-bench-") as place, Database(Path(place) / "server") as database:
        bench = Bench(Path(place), database, options.rows)
        bench.prepare()
        for number in range(options.rounds):
            for name in names:
                if CONTENDERS[name].is_slow and number >= options.slow_rounds:
                    continue
                measured = bench.run(name)
                report.add(number, name, measured)
                sys.stderr.write(f"round {number + 1}: {name} {measured.seconds:.3f} s\n")
    text = report.text()
    sys.stdout.write(text)
    if options.out:
        options.out.with_suffix(".md").write_text(text, encoding="utf-8")
        options.out.with_suffix(".json").write_text(report.json(), encoding="utf-8")
    return 0 if report.agrees else 1


if __name__ == "__main__":
    raise SystemExit(main())
