"""Other ways of loading the same rows by the same rules: bare COPY, pandas and dlt, one careful version of each."""

from __future__ import annotations

import csv
import io
import os
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
from tests.benchmarks.attendance import COLUMNS, MONTH
from tests.benchmarks.database import plain_url

_BLOCK = 1 << 20
_TARGET = ", ".join(COLUMNS)
_FIRST_DAY, _LAST_DAY = date(2026, 3, 1), date(2026, 3, 31)
_PARENTS = "SELECT insats_id, startdatum FROM core.insatser WHERE known_to = 'infinity'"
_KNOWN_CODES = "SELECT code FROM core.code WHERE code_list = 'franvaroorsaker' AND known_to = 'infinity'"
_LOOK_AT_TABLES = "SELECT FROM bench.delivered, bench.narvaro LIMIT 0"
_TO_SQL_ROWS = 5000

Run = Callable[[Path, str, Path], float]
"""Load a file into the database of a URL, with a folder to work in; gives the seconds it took."""


def bare_copy(file: Path, url: str, folder: Path) -> float:
    """COPY the file as it stands, as text, with a row number: what no loading can be faster than."""
    sql = f"COPY bench.delivered ({_TARGET}) FROM STDIN WITH (FORMAT text, DELIMITER ';', NULL '', HEADER)"
    return _copy_file(file, url, sql)


def keyed_copy(file: Path, url: str, folder: Path) -> float:
    """COPY rows that are already typed and good, in PostgreSQL's own format, into a table with its key."""
    return _copy_file(file.with_suffix(".ready"), url, "COPY bench.narvaro FROM STDIN WITH (FORMAT binary)")


def _copy_file(file: Path, url: str, sql: str) -> float:
    with psycopg.connect(plain_url(url)) as connection:
        connection.execute(_LOOK_AT_TABLES)  # what a connection does once is not timed, as in ours.py
        start = time.perf_counter()
        with file.open("rb") as source, connection.cursor() as cursor, cursor.copy(sql) as copy:
            while block := source.read(_BLOCK):
                copy.write(block)
        connection.commit()
        return time.perf_counter() - start


def pandas_copy(file: Path, url: str, folder: Path) -> float:
    """Read, type and judge with pandas, and COPY the good rows."""
    import pandas as pd  # noqa: F401 - what a process imports once is not timed

    with psycopg.connect(plain_url(url)) as connection:
        start = time.perf_counter()
        good, bad = _judge_frame(file, connection)
        sink = io.StringIO()
        good.to_csv(sink, sep="\t", header=False, index=False, na_rep="")
        sink.seek(0)
        with connection.cursor() as cursor:
            with cursor.copy(f"COPY bench.narvaro ({_TARGET}, row_no, file_id) FROM STDIN WITH (NULL '')") as copy:
                while block := sink.read(_BLOCK):
                    copy.write(block)
            with cursor.copy("COPY bench.quarantine FROM STDIN") as copy:
                copy.write("".join(f"{number}\n" for number in bad))
        connection.commit()
        return time.perf_counter() - start


def pandas_to_sql(file: Path, url: str, folder: Path) -> float:
    """Read, type and judge with pandas, and insert with ``to_sql``."""
    import pandas as pd
    from sqlalchemy import create_engine

    engine = create_engine(url)
    with psycopg.connect(plain_url(url)) as connection, engine.begin() as target:
        start = time.perf_counter()
        good, bad = _judge_frame(file, connection)
        how: dict[str, Any] = {"schema": "bench", "if_exists": "append", "index": False, "method": "multi"}
        good.to_sql("narvaro", target, chunksize=_TO_SQL_ROWS, **how)
        pd.DataFrame({"row_no": bad}).to_sql("quarantine", target, chunksize=_TO_SQL_ROWS, **how)
        target.commit()
        seconds = time.perf_counter() - start
    engine.dispose()
    return seconds


def _judge_frame(file: Path, connection: psycopg.Connection[Any]) -> tuple[Any, list[int]]:
    """The good rows as a frame, and the numbers of the others."""
    import pandas as pd

    frame = pd.read_csv(file, sep=";", dtype=str, na_filter=False, engine="c")
    frame["row_no"] = range(1, len(frame) + 1)
    day = pd.to_datetime(frame["datum"], format="%Y-%m-%d", errors="coerce")
    planned, attended = (
        pd.to_numeric(frame[name].str.replace(",", ".", regex=False), errors="coerce")
        for name in ("planerade_timmar", "narvarande_timmar")
    )
    parents = dict(connection.execute(_PARENTS).fetchall())
    start = pd.to_datetime(frame["insats_id"].map(parents))
    codes = {code for (code,) in connection.execute(_KNOWN_CODES)}
    reason = frame["franvaroorsak"].str.lower()
    is_given = reason != ""
    month = pd.Period(MONTH)
    is_bad = (
        start.isna()
        | ~day.between(month.start_time, month.end_time)
        | (day < start)
        | ~planned.between(0, 24)
        | ~(attended >= 0)
        | (attended > planned)
        | (is_given & ~reason.isin(codes))
        | ((attended < planned) != is_given)
    )
    typed = pd.DataFrame(
        {
            "insats_id": frame["insats_id"],
            "datum": day.dt.date,
            "planerade_timmar": planned,
            "narvarande_timmar": attended,
            "franvaroorsak": reason.where(is_given, None),
            "row_no": frame["row_no"],
            "file_id": 1,
        }
    )
    is_bad |= _said_twice(typed, day.notna() & (frame["insats_id"] != ""))
    return typed[~is_bad], frame.loc[is_bad, "row_no"].tolist()


def _said_twice(typed: Any, has_key: Any) -> Any:
    """Rows that repeat an earlier one, and rows of one key that say different things."""
    key, content = list(COLUMNS[:2]), list(COLUMNS)
    shared = has_key & typed.duplicated(key, keep=False)
    among = typed[shared]
    kinds = among.drop_duplicates(content).groupby(key, sort=False).size()
    contradicted = among.set_index(key).index.map(kinds).to_numpy() > 1
    found = shared.copy()
    found[shared] = contradicted | among.duplicated(content).to_numpy()
    return found


def dlt_default(file: Path, url: str, folder: Path) -> float:
    """Judge row by row, and give dlt the rows as it likes them by default: dictionaries, merged by their key."""
    import dlt

    def resources(connection: psycopg.Connection[Any]) -> list[Any]:
        good, bad = _judge_rows(file, connection)
        return [
            dlt.resource(iter(good), name="narvaro", write_disposition="merge", primary_key=list(COLUMNS[:2])),
            dlt.resource(({"row_no": number} for number in bad), name="quarantine", write_disposition="append"),
        ]

    return _run_dlt(url, folder, resources)


def dlt_arrow(file: Path, url: str, folder: Path) -> float:
    """Judge with pandas, and give dlt the rows as Arrow tables."""
    import dlt
    import pandas as pd  # noqa: F401
    import pyarrow as pa

    def resources(connection: psycopg.Connection[Any]) -> list[Any]:
        good, bad = _judge_frame(file, connection)
        rows = pa.Table.from_pandas(good, preserve_index=False)
        numbers = pa.table({"row_no": bad})
        return [
            dlt.resource(rows, name="narvaro", write_disposition="merge", primary_key=list(COLUMNS[:2])),
            dlt.resource(numbers, name="quarantine", write_disposition="append"),
        ]

    return _run_dlt(url, folder, resources)


def _run_dlt(url: str, folder: Path, resources: Callable[[psycopg.Connection[Any]], list[Any]]) -> float:
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"
    os.environ["DLT_DATA_DIR"] = str(folder / "dlt")
    import dlt

    with psycopg.connect(plain_url(url)) as connection:
        start = time.perf_counter()
        pipeline = dlt.pipeline(
            "bench",
            pipelines_dir=str(folder / "pipelines"),
            # dlt asks for a password, though the server trusts who reaches its socket.
            destination=dlt.destinations.postgres(plain_url(url).replace("@", ":none@", 1)),
            dataset_name="dlt_bench",
        )
        pipeline.run(resources(connection)).raise_on_failed_jobs()
        return time.perf_counter() - start


def _judge_rows(file: Path, connection: psycopg.Connection[Any]) -> tuple[list[dict[str, Any]], list[int]]:
    """The good rows one by one, and the numbers of the others."""
    parents = dict(connection.execute(_PARENTS).fetchall())
    codes = {code for (code,) in connection.execute(_KNOWN_CODES)}
    first: dict[tuple[Any, ...], tuple[int, tuple[Any, ...], bool]] = {}
    contradicted: set[tuple[Any, ...]] = set()
    bad: list[int] = []
    for number, row in _numbered(file):
        typed = _typed(row)
        is_good = _is_good(typed, parents, codes)
        key = typed[:2]
        if key[0] and key[1] is not None:
            if key in first:
                bad.append(number)
                if first[key][1] != typed:
                    contradicted.add(key)
                continue
            first[key] = (number, typed, is_good)
        if not is_good:
            bad.append(number)
    bad += [first[key][0] for key in contradicted if first[key][2]]
    good = [
        dict(zip(COLUMNS, typed, strict=True), row_no=number, file_id=1)
        for key, (number, typed, is_good) in first.items()
        if is_good and key not in contradicted
    ]
    return good, bad


def _numbered(file: Path) -> Iterator[tuple[int, list[str]]]:
    with file.open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source, delimiter=";")
        next(rows)
        yield from enumerate(rows, start=1)


def _typed(row: list[str]) -> tuple[Any, ...]:
    return row[0], _day(row[1]), _hours(row[2]), _hours(row[3]), row[4].lower() or None


def _is_good(typed: tuple[Any, ...], parents: dict[str, date], codes: set[str]) -> bool:
    insats_id, day, planned, attended, reason = typed
    if day is None or planned is None or attended is None or insats_id not in parents:
        return False
    return (
        _FIRST_DAY <= day <= _LAST_DAY
        and day >= parents[insats_id]
        and 0 <= planned <= 24
        and 0 <= attended <= planned
        and (attended < planned) == (reason is not None)
        and (reason is None or reason in codes)
    )


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _hours(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
