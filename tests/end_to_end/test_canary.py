"""Canaries in every field of every dataset, in headers and in names of files, through the real scheduler, failures included.

Whoever finds one outside the archive and the tables that hold what senders have told has found a leak: a person's number
anywhere at all in clear, other texts in logs, XCom, Airflow's metadata, the server's log, the ledger, quarantine, receipts,
Data Docs, e-mails and temporary files.
"""

from __future__ import annotations

import asyncio
import base64
import csv
import hashlib
import html
import io
import json
import re
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from tests.end_to_end.conftest import Line

from arshjul.catalogue.contracts import Contract, Field, load_contracts
from arshjul.orchestration.airflow_api import Run
from arshjul.orchestration.demo import MONTHLY
from arshjul.sample.people import luhn_digit, with_wrong_check_digit
from arshjul.warehouse.engine import database_url
from arshjul.warehouse.server import server_url

SECONDS = 240
MONTH, EMPTY_MONTH = "2026-01", "2026-12"


def person(eleven: str) -> str:
    return f"{eleven}{luhn_digit(eleven[2:])}"


# In the field for it, right and wrong; and written by mistake in all other fields, which are texts like any other.
NUMBERS = (person("19330303983"), with_wrong_check_digit(person("19330303983")))
MISPLACED = (person("19350505985"), with_wrong_check_digit(person("19350505985")))
WORD, NAME = "kanariefagelqzx", "Gulfjäder Ögonstråle"
TEXTS = (WORD, NAME)
PRIVATE = "kanariehemlighetzvw om hälsa och familj"
OF_ONE_ENROLMENT = ("insatser", "narvaro")
# Every other DAG that does not call the outside world.
OTHER_DAGS = ("replay_quarantine", "watch_deliveries", "remind_senders")
OWN_TABLES = ("core.", "staging.", "vault.")


def spellings(canary: str) -> set[bytes]:
    """A canary as it could turn up, lower-cased: in encodings, escapes, and hidden in hexadecimal or base 64."""
    plain = {canary, canary.upper(), quote(canary), html.escape(canary), json.dumps(canary)[1:-1]}
    told = {text.encode(codec) for text in plain for codec in ("utf-8", "cp1252", "utf-16-le")}
    told |= {repr(canary.encode())[2:-1].encode()}
    told |= {raw.hex().encode() for raw in set(told)}
    for raw in (canary.encode(), canary.encode("cp1252")):
        # What of its base 64 does not depend on what stands before and after it, at each of three places.
        for before in range(3):
            whole = base64.b64encode(b"\0" * before + raw)
            told.add(whole[4 if before else 0 : len(whole) // 4 * 4 - 4])
    return {one.lower() for one in told if len(one) >= 8}


def of_number(number: str) -> set[bytes]:
    """A personnummer in every way people write it, and its hashes, which anybody could turn back."""
    ways = {
        number,
        number[2:],
        f"{number[:8]}-{number[8:]}",
        f"{number[2:8]}-{number[8:]}",
        f"{number[2:8]}+{number[8:]}",
    }
    hashes = {
        hashed(way.encode()).hexdigest() for way in ways for hashed in (hashlib.sha256, hashlib.sha1, hashlib.md5)
    }
    return {spelling for way in ways for spelling in spellings(way)} | {one.encode() for one in hashes}


SECRETS = {spelling for number in NUMBERS for spelling in of_number(number)} | spellings(PRIVATE)
"""What stands in clear in no table at all."""


MASKED = {spelling for number in MISPLACED for spelling in of_number(number)}
SECRET_TEXTS = {spelling for one in TEXTS for spelling in spellings(one)} | MASKED


def found_in(content: bytes, wanted: set[bytes]) -> list[bytes]:
    low = content.lower()
    return [one for one in wanted if one in low]


@pytest.mark.parametrize("canary", [*NUMBERS, *MISPLACED, *TEXTS, PRIVATE])
def test_the_search_finds_what_it_looks_for(canary: str) -> None:
    everything = SECRETS | SECRET_TEXTS
    hidden = [
        f"<{canary}>".encode(),
        f"<{canary}>".encode("utf-16"),
        json.dumps({"x": canary}).encode(),
        f"x{canary}y".encode().hex().encode(),
        *(base64.b64encode(b"z" * shift + canary.encode() + b"tail") for shift in range(3)),
        repr(f"..{canary}..".encode()).encode(),
        quote(canary).encode(),
    ]
    assert all(found_in(content, everything) for content in hidden)
    assert not found_in(b"2026-03-02;8;7,5;jobbpeng_grund", everything)


@pytest.mark.scheduler
@pytest.mark.xdist_group("scheduler")
def test_no_canary_is_found_where_none_belongs(line: Line) -> None:
    began = time.time()
    line.team.wait_for_dags((MONTHLY, *OTHER_DAGS), SECONDS)
    land_canaries(line)
    a_month_in_which_the_database_refuses_one(line)
    with mail_down(line):
        run = line.team.wait_for_run(line.team.trigger(MONTHLY, EMPTY_MONTH), SECONDS)
        assert run.state == "failed"
        for dag_id in OTHER_DAGS:
            line.team.wait_for_run(started(line, dag_id), SECONDS)
    assert count(line, "lineage.delivery WHERE status = 'avvisad'") >= 6
    assert count(line, "quarantine.row") > 100
    assert count(line, f"core.insatser WHERE insats_id = '{WORD}'") == 1
    assert count(line, "vault.text") > 0
    assert list(line.settings.receipts.rglob("kvittens_*"))
    assert list((line.settings.home / "airflow" / "logs").rglob("*.log"))
    assert [*leaks_in_files(line, began), *leaks_in_databases(line)] == []


def land_canaries(line: Line) -> None:
    """January's files with canaries in every field, and files that must be refused, in every sender's folder."""
    contracts = load_contracts(line.settings.include)
    for facit in line.summary.of_month(MONTH):
        put(line, facit.orgnr, Path(facit.path).name, (line.tree / facit.path).read_bytes())
    provider = line.summary.providers[0]
    for contract in contracts.values():
        sender = line.settings.kommun_orgnr if contract.sender == "kommunen" else provider
        known = min((line.tree / sender).glob(f"{contract.name}_{sender}_*.*"), default=None)
        rows = rows_of(known) if known else []
        if contract.name in OF_ONE_ENROLMENT:  # the first row of both is of the same enrolment
            rows.sort(key=lambda row: row["insats_id"] != attended_by(line, provider))
        for old in (line.settings.landing / sender).glob(f"{contract.name}_*"):
            old.unlink()
        put(line, sender, f"{contract.name}_{sender}_{MONTH}.csv", with_canaries(contract, rows))
    row = [WORD, MISPLACED[0], NAME]
    hostile = {
        f"{WORD} {NAME} {MISPLACED[0]}.csv": b"x",
        f"{WORD}_{provider}_{MONTH}.csv": as_csv([row]),
        f"narvaro_{provider}_{MONTH}.json": json.dumps([{WORD: one} for one in row])[:-4].encode(),
        f"trappsteg_{provider}_{MONTH}.xlsx": workbook_that_runs(),
        f"kapacitet_{provider}_{MONTH}.json": json.dumps(
            {"avsandare": MISPLACED[0], "period": NAME, "rader": []}
        ).encode(),
        f"uppfoljningar_{provider}_2025-12.csv": as_csv([[*row, '"']]).replace(b'""', b'"'),
        f"insatser_{provider}_2025-12.csv": as_csv([[WORD, NAME, MISPLACED[0]], row]),
    }
    for name, content in hostile.items():
        put(line, provider, name, content)
    put(line, f"{NAME} {MISPLACED[0]}", f"insatser_{provider}_{MONTH}.csv", as_csv([row]))


def attended_by(line: Line, provider: str) -> str:
    """An enrolment with attendance in the month."""
    return rows_of(min((line.tree / provider).glob(f"narvaro_{provider}_{MONTH}.*")))[0]["insats_id"]


def canaries_for(field: Field) -> tuple[str, ...]:
    if field.sensitive:
        return PRIVATE, f"{PRIVATE} {NUMBERS[0]}"
    return (*TEXTS, *(NUMBERS if field.format == "personnummer" else MISPLACED))


def with_canaries(contract: Contract, rows: list[dict[str, str]]) -> bytes:
    """A file's rows, then for each field rows with a canary in it, and rows that are nothing else."""
    names = [field.name for field in contract.fields]
    base = rows[0] if rows else dict.fromkeys(names, "1")
    table = [[row.get(name, "") for name in names] + [""] for row in rows]
    if contract.name in OF_ONE_ENROLMENT:  # good rows of an enrolment with a canary's name
        table.append([WORD if name == "insats_id" else base.get(name, "") for name in names] + [""])
    for place, field in enumerate(contract.fields):
        for number, canary in enumerate(canaries_for(field)):
            row = [base.get(one, "") for one in names]
            row[0] = f"{row[0]}x{place}x{number}" if names[0].endswith(("_id", "orgnr")) else row[0]
            row[place] = canary
            table.append([*row, canary])
    table += [[WORD, NAME, *MISPLACED], [NAME] * (len(names) + 1)]
    return as_csv([[*names, f"{WORD} {NAME} {MISPLACED[0]}"], *table])


def rows_of(path: Path) -> list[dict[str, str]]:
    """A sample file's rows as the contract's fields."""
    from arshjul.intake.readers import ReadLimits, open_table

    with open_table(lambda: path.open("rb"), path.suffix[1:], ReadLimits()) as table:
        return [
            dict(zip(table.headers, [cell or "" for cell in row.cells], strict=True))
            for row in table.rows
            if not row.fault
        ]


def as_csv(table: list[list[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\n").writerows(table)
    return buffer.getvalue().encode()


def workbook_that_runs() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("[Content_Types].xml", f"<Types><!--{WORD}--></Types>")
        package.writestr(f"xl/{WORD}.xml", f"<x>{MISPLACED[0]}</x>")
        package.writestr("xl/vbaProject.bin", NAME)
    return made.getvalue()


def put(line: Line, folder: str, name: str, content: bytes) -> None:
    path = line.settings.landing / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def a_month_in_which_the_database_refuses_one(line: Line) -> None:
    """A constraint stands in the way of the loaded canary until the first try has failed; the next one gets through."""
    ask(line, f"ALTER TABLE core.narvaro ADD CONSTRAINT in_the_way CHECK (insats_id <> '{WORD}') NOT VALID")
    run = line.team.trigger(MONTHLY, MONTH)
    deadline = time.monotonic() + SECONDS
    while "up_for_retry" not in line.team.task_states(run).values():
        assert time.monotonic() < deadline, "the database was to refuse a row"
        assert line.team.run(run.dag_id, run.run_id).state in ("queued", "running"), "the row was to be refused"
        time.sleep(0.5)
    ask(line, "ALTER TABLE core.narvaro DROP CONSTRAINT in_the_way")
    states = line.team.task_states(line.team.wait_for_run(run, SECONDS))
    assert {state for (task, _), state in states.items() if task.startswith("ta_emot")} == {"success"}


@contextmanager
def mail_down(line: Line) -> Iterator[None]:
    """Nobody answers at the mail server's address."""
    loop, mail = line.mail._loop, line.mail
    asyncio.run_coroutine_threadsafe(mail._close(), loop).result(timeout=10)
    try:
        yield
    finally:
        mail._server = asyncio.run_coroutine_threadsafe(mail._listen(), loop).result(timeout=10)


def started(line: Line, dag_id: str) -> Run:
    answer = line.team._call("POST", f"/api/v2/dags/{dag_id}/dagRuns", {"logical_date": None, "conf": {}})
    return line.team.run(dag_id, answer["dag_run_id"])


def leaks_in_files(line: Line, began: float) -> Iterator[str]:
    home, everything = line.settings.home, SECRETS | SECRET_TEXTS
    for name in (
        "airflow",
        "mail",
        "receipts",
        "data-docs",
        "packages",
        "outbox",
        "fetched",
        "postgres/log",
        "archive",
    ):
        place = home / name
        for file in [place] if place.is_file() else sorted(place.rglob("*")):
            told = str(file.relative_to(home))
            content = told.encode() + (file.read_bytes() if file.is_file() else b"")
            if name == "receipts":  # a sender's own receipt names the file as its sender did, long numbers masked
                content = re.sub(
                    rb"Kvittens: [^\n]*",
                    lambda given: given[0] if found_in(given[0], SECRETS | MASKED) else b"",
                    content,
                )
            yield from (f"{told}: {one!r}" for one in found_in(content, everything))
    for content in recent(Path(tempfile.gettempdir()), began, but=home):
        yield from (f"a temporary file: {one!r}" for one in found_in(content, everything))


def recent(folder: Path, began: float, but: Path) -> Iterator[bytes]:
    """What stands in files that were written to the folder for temporary files meanwhile, not below anybody's own home."""
    for path in [*folder.glob("*"), *folder.glob("*/*")]:
        try:
            if path.is_file() and not path.is_relative_to(but) and path.stat().st_mtime >= began:
                yield str(path).encode() + path.read_bytes()
        except OSError:
            continue  # somebody else's, or gone


def leaks_in_databases(line: Line) -> Iterator[str]:
    for url in (server_url(line.settings.server_root, "airflow"), database_url(line.settings)):
        for table, content in dumped(url):
            wanted = SECRETS if table.startswith(OWN_TABLES) else SECRETS | SECRET_TEXTS
            yield from (f"{table}: {one!r}" for one in found_in(content, wanted))


def dumped(url: str) -> Iterator[tuple[str, bytes]]:
    """Every table of a database as text."""
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        tables = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname !~ '^(pg_|information)'"
        ).fetchall()
        for (table,) in tables:
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                yield table, b"".join(bytes(block) for block in copy)


def count(line: Line, what: str) -> int:
    return int(ask(line, f"SELECT count(*) FROM {what}")[0])


def ask(line: Line, question: str) -> tuple[Any, ...]:
    with psycopg.connect(database_url(line.settings).replace("postgresql+psycopg", "postgresql")) as connection:
        answer = connection.execute(question)
        return tuple(answer.fetchone() or ()) if answer.description else ()
