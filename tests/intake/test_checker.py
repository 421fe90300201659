"""The offline checker gives the line's own verdict: same status, same reasons, same sentences."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arshjul.intake.checker import PARENTS_NOTE, REGISTER_NOTE, check_files
from arshjul.intake.orgnr import parse_orgnr
from arshjul.intake.queue import receive_all
from arshjul.settings import Settings

Desk = Senders = Any  # tests/intake/conftest.py

CHILDREN = ("narvaro", "trappsteg", "uppfoljningar", "kapacitet")
MUTATED_FILES = 150

NASTY = [
    *[
        "",
        " ",
        "\u00a0",
        "0",
        "-0",
        "-1",
        "8,0",
        "8.00",
        "24",
        "24,01",
        "1e3",
        "٣",
        "+5",
        ".5",
        "5.",
        "1 000",
        "−5",
        "NaN",
    ],
    *["infinity", "today", "2026-02-29", "2024-02-29", "20260229", "20260303", "2026-3-1", "2026-03-03", "2026-04-01"],
    *["2026-0303", "00000101", "0001-01-01", "99991231", "2026-03-32", "2026-03-03 00:00", "2026-03", "2026-03-01"],
    *["SJUK", "sjuk", "ſjuk", "Jobbpeng_Grund", "jobbpeng grund", "arbete", "İnget", "3", "6,0", "12", "5", "1" * 13],
    *[
        "1." + "1" * 21,
        "7." + "0" * 20,
        "x" * 40,
        "x" * 41,
        "å" * 40,
        "\\N",
        "\\.",
        "tab\there",
        'citat"tecken',
        "'; --",
    ],
    *["A1", "A2", "a1", "=1+1", "900101-2384", "19900101+2384", "20100601-9807", "\u200b", "e\u0301", "nul\x00"],
]


def orgnr(number: int) -> str:
    """The hundreds of valid numbers that the mutated files are sent by."""
    return next(text for digit in range(10) if parse_orgnr(text := f"{556_100_000 + number:09d}{digit}"))


def verdict(receipt: Any) -> dict[str, Any]:
    """What must be the same whoever judges."""
    return {
        **receipt.as_json(),
        "reasons": receipt.reasons,
        "refusal": receipt.refusal and (receipt.refusal.rule, receipt.refusal.text),
        "detected": dict(receipt.detected),
    }


def base_rows(senders: Senders, dataset: str) -> list[list[str]]:
    ids = ["A1", "A2", "A3"]
    return {
        "insatser": [
            senders.enrolment("A1", 1),
            senders.enrolment("A2", 2, end="2026-03-20"),
            senders.enrolment("A3", 3, start="2026-01-07"),
        ],
        "narvaro": [[one, f"2026-03-{day:02d}", "8", "8", ""] for one in ids for day in (3, 4)],
        "trappsteg": [[one, "2026-03-03", "2", "anvisning", "v1"] for one in ids],
        "uppfoljningar": [[one, "3", "2026-03-30", "ej_nadd"] for one in ids],
        "kapacitet": [["2026-03", "2,5", "40"]],
    }[dataset]


def mutated(dice: random.Random, rows: list[list[str]], columns: list[str]) -> tuple[list[list[str]], list[str]]:
    """Rows and header with a few things wrong, repeated or missing."""
    for _ in range(dice.randrange(5)):
        dice.choice(rows)[dice.randrange(len(columns))] = dice.choice(NASTY)
    if dice.random() < 0.5:
        again = list(dice.choice(rows))
        if dice.random() < 0.6:
            again[dice.randrange(len(columns))] = dice.choice(NASTY)
        rows.insert(dice.randrange(len(rows) + 1), again)
    change = dice.random()
    if change < 0.1:
        rows.insert(dice.randrange(len(rows) + 1), dice.choice(rows)[:-1])
    elif change < 0.15:
        rows.insert(dice.randrange(len(rows) + 1), [""] * len(columns))
    elif change < 0.2:
        gone = dice.randrange(len(columns))
        return [row[:gone] + row[gone + 1 :] for row in rows], columns[:gone] + columns[gone + 1 :]
    elif change < 0.25:
        return [[*row, dice.choice(NASTY)] for row in rows], [*columns, "extra"]
    elif change < 0.28:
        return [], columns
    return rows, columns


def as_json(dice: random.Random, rows: list[list[str]], columns: list[str]) -> bytes:
    """Rows as JSON, some numbers as numbers."""

    def value(text: str) -> str | float | None:
        return (
            float(text) if text.replace(".", "").isdigit() and text.isascii() and dice.random() < 0.5 else text or None
        )

    objects = [{name: value(text) for name, text in zip(columns, row, strict=False)} for row in rows]
    stated = {"period": dice.choice(["2026-03", "2026-02"])} if dice.random() < 0.1 else {}
    return json.dumps({**stated, "rader": objects}).encode()


def mutated_file(dice: random.Random, senders: Senders, dataset: str, sender: str) -> Any:
    rows, columns = mutated(dice, base_rows(senders, dataset), list(senders.COLUMNS[dataset]))
    name = senders.name(dataset, sender=sender)
    if dice.random() < 0.3:
        return senders.put(name.replace(".csv", ".json"), as_json(dice, rows, columns))
    return senders.put(name, senders.csv(dataset, rows, columns))


def test_mutated_files_get_the_same_verdict_with_and_without_a_database(empty_desk: Desk) -> None:
    desk = empty_desk
    numbers = [orgnr(number) for number in range(MUTATED_FILES)]
    desk.send("anordnare", [desk.provider(number) for number in numbers])
    seen: set[str] = set()
    for seed, sender in enumerate(numbers):
        dice = random.Random(seed)
        files = [mutated_file(dice, desk, dataset, sender) for dataset in ("insatser", CHILDREN[seed % len(CHILDREN)])]
        received = [verdict(receipt) for receipt in receive_all(desk.office, files, desk.run_id)]
        checked = [verdict(one.receipt) for one in check_files(desk.office.settings, files)]
        assert checked == received, f"seed {seed}"
        seen |= {told["regel"] for one in received for told in one["skal"]}
    # The mutations are only worth something while they reach the rules.
    assert {"obligatorisk", "format", "kodlista", "personnummer", "dubblett", "motsagelse", "foralder_saknas"} <= seen
    assert {"rad_format", "intervall", "langd", "anges_precis_nar", "inom_insatsen", "insatsen_avslutad"} <= seen


@pytest.mark.parametrize("kind", ["xlsx", "json"])
def test_workbooks_and_json_get_the_same_verdict_too(desk: Desk, kind: str, tmp_path: Path) -> None:
    file = desk.put(desk.name("insatser").replace("csv", kind), _typed_cells(kind, tmp_path))
    [received] = receive_all(desk.office, [file], desk.run_id)
    [checked] = check_files(desk.office.settings, [file])
    assert verdict(checked.receipt) == verdict(received)
    assert desk.counts(received) == (3, 1, 0, 2)


def _typed_cells(kind: str, folder: Path) -> bytes:
    """One good row, one with a personnummer that lost its century as a number, one young person."""
    columns = ["insats_id", "personnummer", "insatstyp", "startdatum"]
    rows: list[list[Any]] = [
        [1, "189001019802", "jobbpeng_grund", "2026-03-02"],
        [2, 9001019802, "jobbpeng_grund", "2026-03-02"],
        [3, "201503019815", "jobbpeng_grund", "2026-03-02"],
    ]
    if kind == "json":
        return json.dumps([dict(zip(columns, row, strict=True)) for row in rows]).encode()
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(columns)
    for row in rows:
        book.active.append(row)
    book.save(folder / "bok.xlsx")
    return (folder / "bok.xlsx").read_bytes()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    dataset=st.sampled_from(["insatser", *CHILDREN]),
    cells=st.lists(st.lists(st.text(max_size=30) | st.sampled_from(NASTY), min_size=6, max_size=6), max_size=4),
)
def test_no_text_in_any_cell_ever_raises(desk: Desk, dataset: str, cells: Sequence[Sequence[str]]) -> None:
    columns = desk.COLUMNS[dataset]
    rows = [[text.encode("utf-8", "replace").decode() for text in row[: len(columns)]] for row in cells]
    receipt = desk.send(dataset, rows)
    assert receipt.rows_in == receipt.rows_loaded + receipt.rows_unchanged + receipt.rows_quarantined


def test_parents_are_those_of_the_files_given_together(senders: Senders, tmp_path: Path) -> None:
    home = _settings(tmp_path)
    day = senders.put(senders.name("narvaro"), senders.csv("narvaro", [["A9", "2026-03-03", "8", "8", ""]]))
    [alone] = check_files(home, [day])
    assert (alone.receipt.reasons, alone.notes) == ((), (REGISTER_NOTE, PARENTS_NOTE))
    enrolments = senders.put(senders.name("insatser"), senders.csv("insatser", [senders.enrolment("A1")]))
    _, together = check_files(home, [day, enrolments])
    assert [reason.rule for reason in together.receipt.reasons] == ["foralder_saknas"]
    assert together.notes == (REGISTER_NOTE,)


def test_an_enrolment_missing_from_the_next_month_is_told_by_the_checker_too(senders: Senders, tmp_path: Path) -> None:
    march = senders.put(senders.name("insatser"), senders.csv("insatser", [senders.enrolment("A1")]))
    april = senders.put(senders.name("insatser", "2026-04"), senders.csv("insatser", [senders.enrolment("A2", 2)]))
    _, second = check_files(_settings(tmp_path), [april, march])
    [warning] = second.receipt.warnings
    assert warning == (
        "1 pågående insats i er leverans för mars 2026 saknas i den här (rad 1 där). "
        "Den räknas som pågående tills ni anger slutdatum."
    )


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("anordnare_5560360793_2026-03.csv", "ej_kommunen"),
        ("okand_5560360793_2026-03.csv", "okand_datamangd"),
        ("insatser.csv", "filnamn"),
    ],
)
def test_refusals_that_need_no_register_are_told_by_the_checker(
    senders: Senders, tmp_path: Path, name: str, rule: str
) -> None:
    [checked] = check_files(_settings(tmp_path), [senders.put(name, b"a;b\n")])
    assert checked.receipt.refusal is not None
    assert (checked.receipt.status, checked.receipt.refusal.rule) == ("avvisad", rule)


def _settings(folder: Path) -> Settings:
    from arshjul.settings import load_settings

    return load_settings({"ARSHJUL_HOME": str(folder)})
