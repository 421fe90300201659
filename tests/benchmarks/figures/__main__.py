"""``make bench-figures``: how fast a year's figures are computed, beside DuckDB on the same rows as Parquet.

    python -m tests.benchmarks.figures --enrolments 1000000 --attendance 20000000

A made-up year of the whole nation is put into core by set-based statements with a fixed seed, attendance is rolled up by
the statement that loads it, and everything is exported to Parquet. Each run is a fresh process: a rebuild without kept
cells, the same from kept cells, DuckDB, and a computation after one provider's December has come again. No ratio is
printed before both have the same cells.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.database import Database

from arshjul.catalogue.codelists import load_codelists
from arshjul.intake.codes import sync_codes
from arshjul.settings import REPOSITORY, load_settings
from arshjul.warehouse.engine import open_engine
from arshjul.warehouse.migrations import migrate
from arshjul.warehouse.statements import Statements

_HERE = Path(__file__).parent
_YEAR = {"start": "2025-01-01", "end": "2025-12-31"}
_NATION, _MUNICIPALITY = "nation", "municipality"
_TABLES = {
    "person": "SELECT * FROM core.person",
    "code": "SELECT code_list, code, attributes ->> 'own' AS own, attributes ->> 'kolada' AS kolada,"
    " attributes ->> 'lenient' AS lenient, known_from, known_to FROM core.code",
    **{
        name: f"SELECT * FROM core.{name}"
        for name in ("insatser", "narvaro", "trappsteg", "uppfoljningar", "kapacitet")
    },
}
_TYPES = {
    "person_id": "UUID",
    "planerade_timmar": "DECIMAL(6,2)",
    "narvarande_timmar": "DECIMAL(6,2)",
    "coacher": "DECIMAL(8,2)",
    "sender": "VARCHAR",
    "insats_id": "VARCHAR",
    "known_from": "TIMESTAMPTZ",
    "known_to": "TIMESTAMPTZ",
}


class Bench:
    """A made-up nation on one server.

    Args:
        folder: Where everything is kept while it runs.
        database: The running server.
    """

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder
        self._database = database
        self.notes: list[str] = []
        self.runs: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def fill(self, name: str, enrolments: int, attendance: int, providers: int) -> None:
        """Make a database with a year in it, attendance rolled up as loading does."""
        self._database.create(name)
        settings = load_settings({"ARSHJUL_HOME": str(self._folder), "ARSHJUL_DATABASE_URL": self._database.url(name)})
        migrate(settings)
        statements = Statements(REPOSITORY / "include" / "sql")
        sizes = {"enrolments": enrolments, "days": attendance // enrolments, "providers": providers}
        with self._database.connect(name) as connection:
            connection.execute((_HERE / "made_up.sql").read_text(encoding="utf-8").format(**sizes).encode())
        engine = open_engine(settings)
        with engine.begin() as connection:
            sync_codes(connection, statements, load_codelists(REPOSITORY / "include"))
            slices = connection.exec_driver_sql(
                "SELECT sender, period FROM lineage.delivery WHERE dataset = 'narvaro' ORDER BY 1, 2"
            ).all()
            started = time.perf_counter()
            for number, (sender, period) in enumerate(slices):
                if number.bit_count() == 1:  # as the server does by itself where every load is a transaction of its own
                    connection.exec_driver_sql("ANALYZE core.narvaro_manad")
                about = {"sender": sender, "period": period, "known_at": "2025-01-01"}
                statements.execute(connection, "intake/roll_up_attendance.sql", **about)
            self._note(
                f"{name}: rolling {attendance:,} days up, as loading does: {time.perf_counter() - started:.1f} s"
            )
        engine.dispose()
        with self._database.connect(name) as connection:
            connection.execute("VACUUM (ANALYZE)")
            counts = [
                f"{table} {connection.execute(f'SELECT count(*) FROM core.{table}').fetchone()[0]:,}"  # type: ignore[index]
                for table in ("insatser", "narvaro", "narvaro_manad", "trappsteg", "uppfoljningar")
            ]
        self._note(f"{name}: {', '.join(counts)} rows from {providers} providers")

    def export(self, name: str) -> None:
        """Write core as Parquet."""
        import duckdb

        (self._folder / "parquet").mkdir()
        with self._database.connect(name) as connection:
            for table, select in _TABLES.items():
                csv = self._folder / f"{table}.csv"
                with (
                    csv.open("wb") as file,
                    connection.cursor() as cursor,
                    cursor.copy(f"COPY ({select}) TO STDOUT (FORMAT csv, HEADER)") as rows,
                ):
                    for block in rows:
                        file.write(block)
                with csv.open(encoding="utf-8") as lines:
                    header = lines.readline().strip().split(",")
                types = {column: kind for column, kind in _TYPES.items() if column in header}
                duckdb.connect().execute(
                    f"COPY (SELECT * FROM read_csv('{csv}', types = {types!r}))"
                    f" TO '{self._folder / 'parquet' / table}.parquet' (FORMAT parquet)"
                )
                csv.unlink()

    def run(self, what: str, job: dict[str, Any]) -> dict[str, Any]:
        """Do one job in a process of its own."""
        with self._database.connect("postgres") as connection:
            connection.execute("CHECKPOINT")
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.figures.jobs", json.dumps(job)],
            capture_output=True,
            text=True,
            cwd=REPOSITORY,
        )
        if done.returncode:
            raise RuntimeError(f"{what} failed:\n{done.stderr[-2000:]}")
        result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        self.runs[what].append(result)
        sys.stderr.write(f"{what}: {result['seconds']:.2f} s, {result['cells']} cells\n")
        return result

    def ours(self, what: str, name: str, period: str, as_of: str | None, *, forget: bool) -> dict[str, Any]:
        """Compute a period, with the cells that are kept or without any."""
        if forget:
            self.execute(name, b"TRUNCATE indicator.cell, indicator.cell_set")
        job = {"contender": "ours", "url": self._database.url(name), "period": period, "as_of": as_of}
        return self.run(what, job)

    def rival(self, as_of: str) -> dict[str, Any]:
        """Compute the year in DuckDB."""
        return self.run(
            "duckdb", {"contender": "rival", "folder": str(self._folder / "parquet"), **_YEAR, "as_of": as_of}
        )

    def execute(self, name: str, sql: bytes) -> None:
        """Run statements as the database's owner would."""
        with self._database.connect(name) as connection:
            connection.execute(sql)

    def deliver_again(self, name: str) -> None:
        """Let one provider's December come again, loaded and rolled up."""
        self.execute(name, (_HERE / "one_month.sql").read_bytes())
        settings = load_settings({"ARSHJUL_HOME": str(self._folder), "ARSHJUL_DATABASE_URL": self._database.url(name)})
        engine = open_engine(settings)
        with engine.begin() as connection:
            now = connection.exec_driver_sql(
                "SELECT max(known_from) FROM core.narvaro WHERE sender = '5500000001' AND period = '2025-12-01'"
            ).scalar_one()
            about = {"sender": "5500000001", "period": "2025-12-01", "known_at": now}
            statements = Statements(REPOSITORY / "include" / "sql")
            statements.execute(connection, "intake/roll_up_attendance.sql", **about)
        engine.dispose()

    def _note(self, text: str) -> None:
        self.notes.append(text)
        sys.stderr.write(f"{text}\n")


def report(bench: Bench) -> str:
    """Say what was measured; no ratio when cells differ."""
    runs = bench.runs
    same = {run["sha256"] for what in ("rebuild", "from cells", "duckdb") for run in runs[what]}
    after = {run["sha256"] for what in ("last month delivered again", "and rebuilt") for run in runs[what][-1:]}
    lines = [
        "# Figures",
        "",
        f"{platform.python_version()}, {platform.machine()}",
        "",
        *(f"- {n}" for n in bench.notes),
        "",
    ]
    if len(same) != 1 or len(after) != 1:
        return "\n".join([*lines, "Contenders do not have the same cells; their times say nothing."]) + "\n"
    lines += ["| what | runs | s | cells | client MB |", "|---|---|---|---|---|"]
    seconds = {what: median(run["seconds"] for run in found) for what, found in runs.items()}
    lines += [
        f"| {what} | {len(found)} | {seconds[what]:.2f} | {found[-1]['cells']} | {max(r['client_mb'] for r in found):.0f} |"
        for what, found in runs.items()
    ]
    goals = (
        ("a full rebuild is at most 9 times DuckDB", "rebuild", "duckdb", 9.0),
        ("one month's delta is at most 0,1 of the rebuild", "last month delivered again", "rebuild", 0.1),
        ("all margins from kept cells are at most 1 time DuckDB from Parquet", "from cells", "duckdb", 1.0),
    )
    told = []
    for text, above, below, most in goals:
        ratio = median(a["seconds"] / b["seconds"] for a, b in zip(runs[above], runs[below], strict=True))
        told.append(f"- {text}: {ratio:.3f} ({'met' if ratio <= most else 'NOT met'})")
    return "\n".join([*lines, "", *told]) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark and print its report; returns 1 when contenders do not agree on the cells."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.figures", description=__doc__)
    parser.add_argument("--enrolments", type=int, default=50_000, help="enrolments of the year")
    parser.add_argument("--attendance", type=int, default=1_000_000, help="attendance days of the year")
    parser.add_argument("--providers", type=int, default=96, help="providers in the nation")
    parser.add_argument(
        "--municipality", type=int, default=30_000, help="enrolments of a municipality; 0 leaves it out"
    )
    parser.add_argument("--rounds", type=int, default=3, help="rounds, everything once in each")
    parser.add_argument("--out", type=Path, help="also write the report here")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="arshjul-bench-") as place, Database(Path(place) / "server") as database:
        bench = Bench(Path(place), database)
        bench.fill(_NATION, options.enrolments, options.attendance, options.providers)
        bench.export(_NATION)
        with database.connect(_NATION) as connection:
            as_of = connection.execute("SELECT clock_timestamp()::text").fetchone()[0]  # type: ignore[index]
        for _ in range(options.rounds):
            bench.ours("rebuild", _NATION, "2025", as_of, forget=True)
            bench.rival(as_of)
            bench.ours("from cells", _NATION, "2025", as_of, forget=False)
            bench.deliver_again(_NATION)
            late = bench.ours("last month delivered again", _NATION, "2025", None, forget=False)
        bench.ours("and rebuilt", _NATION, "2025", late["as_of"], forget=True)
        if options.municipality:
            bench.fill(_MUNICIPALITY, options.municipality, options.municipality * 33, 12)
            for _ in range(options.rounds):
                bench.ours("a municipality's tertial", _MUNICIPALITY, "2025-T2", None, forget=True)
    text = report(bench)
    sys.stdout.write(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    return 1 if "do not have the same cells" in text else 0


if __name__ == "__main__":
    raise SystemExit(main())
