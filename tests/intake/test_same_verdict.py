"""The sender's checker and the line give the same verdict, for the same reasons, in the same words: on 2,000 wrong files.

For each dataset the rows it belongs to are delivered first. Then every mutated file is received and taken back again,
so that each meets the same warehouse; and it is judged by the checker, with the parser that the one file handed out has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import ijson
import pytest
from sqlalchemy import Connection
from tests.intake.examples import KOMMUN, sender_of
from tests.intake.mutations import MONTH, mutated, rows_of

from arshjul.catalogue.contracts import Contract, load_contracts
from arshjul.intake import readers, xlsx_child, xlsx_reader
from arshjul.intake.checker import Checker
from arshjul.intake.delivery import receive
from arshjul.intake.refusals import ReadLimits, ReadRefused
from arshjul.intake.table import OpenStream, Table, normalise_headers
from arshjul.settings import REPOSITORY

Desk = Any  # tests/intake/conftest.py

CONTRACTS = load_contracts(REPOSITORY / "include")
FILES = 2_000
EACH = -(-FILES // len(CONTRACTS))


class OneTransaction:
    """An engine whose transactions are parts of one that is never committed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        with self.connection.begin_nested():
            yield self.connection


def open_xlsx_here(open_stream: OpenStream, limits: ReadLimits) -> Table:
    """What :mod:`xlsx_reader` does, without a process for each of hundreds of workbooks."""
    with open_stream() as stream:
        content = stream.read()

    def lines() -> Iterator[Any]:
        try:
            yield from xlsx_child.sheet_lines(content, limits.xlsx_rows, limits.columns)
        except ReadRefused as refused:
            yield {"avvisad": refused.code}
        except Exception:
            yield {"avvisad": "ej_lasbar"}

    told = lines()
    first = xlsx_reader._next_line(told)
    headers = normalise_headers(first["rubriker"], limits.columns)
    return Table(headers, xlsx_reader._rows(told, len(headers)), {"blad": first["blad"]})


@pytest.fixture
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(readers._OPENERS, "xlsx", open_xlsx_here)


def verdict(receipt: Any) -> dict[str, Any]:
    """What must be the same whoever judges."""
    return {
        **receipt.as_json(),
        "reasons": receipt.reasons,
        "refusal": receipt.refusal and (receipt.refusal.rule, receipt.refusal.text),
        "detected": dict(receipt.detected),
    }


def needed_by(dataset: str) -> list[str]:
    """The datasets that hold a dataset's parents and theirs, and the register of providers, parents first."""
    needed = {"anordnare"} if CONTRACTS[dataset].sender == "anordnare" else set()
    for key in CONTRACTS[dataset].foreign_keys:
        needed |= {key.reference.resource, *needed_by(key.reference.resource)}
    return sorted(needed, key=lambda name: CONTRACTS[name].rank)


def good_file(desk: Desk, contract: Contract, month: str = MONTH, rows: list[dict[str, str]] | None = None) -> Any:
    rows = rows_of(contract) if rows is None else rows
    content = desk.csv("", [list(row.values()) for row in rows], list(rows[0]))
    return desk.put(f"{contract.name}_{sender_of(contract)}_{month}.csv", content)


def earlier_files(desk: Desk, dataset: str) -> list[Any]:
    """What has come before the mutated file."""
    files = [good_file(desk, CONTRACTS[name]) for name in needed_by(dataset)]
    if dataset == "insatser":
        begun = {
            "startdatum": "2026-02-02",
            "anvisad_datum": "",
            "slutdatum": "",
            "avslutsorsak": "",
            "kartlaggning_datum": "",
        }
        rows = [{**row, **begun} for row in rows_of(CONTRACTS[dataset])]
        files.append(good_file(desk, CONTRACTS[dataset], "2026-02", rows))
    return files


def checked(checker: Checker, file: Any) -> Any:
    """The verdict of a checker that knows the earlier files and keeps nothing of this one."""
    known = replace(checker, given=set(checker.given), loaded=checker.loaded.copy())
    known.loaded.update({name: dict(rows) for name, rows in checker.loaded.items()})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ijson, "basic_parse", ijson.get_backend("python").basic_parse)
        return verdict(known.check(file).receipt)


@pytest.mark.usefixtures("_in_this_process")
@pytest.mark.parametrize("dataset", sorted(CONTRACTS))
def test_mutated_files_get_the_same_verdict_with_and_without_a_database(empty_desk: Desk, dataset: str) -> None:
    desk, contract = empty_desk, CONTRACTS[dataset]
    office = desk.office
    checker = Checker(KOMMUN, office.contracts, office.codelists, ReadLimits())
    for file in earlier_files(desk, dataset):
        receipt = receive(office, file, desk.run_id)
        assert receipt.rows_loaded == receipt.rows_in == checker.check(file).receipt.rows_loaded, receipt.reasons
    seen: Counter[str] = Counter()
    differing: set[tuple[int, str, str, str]] = set()
    with office.engine.connect() as connection:
        passing = replace(office, engine=OneTransaction(connection))
        for seed in range(EACH):
            name, content = mutated(contract, seed)
            file = desk.put(name, content)
            with connection.begin() as transaction:
                received = verdict(receive(passing, file, desk.run_id))
                transaction.rollback()
            differing |= {
                (seed, key, str(value), str(received[key]))
                for key, value in checked(checker, file).items()
                if value != received[key]
            }
            seen.update({told["regel"] for told in received["skal"]} or {received["status"]})
    assert not differing
    # The mutations are worth something only while they reach the rules, and leave some files good.
    assert len(seen) > 6
    assert seen["mottagen"]
