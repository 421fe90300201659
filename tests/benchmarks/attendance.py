"""Attendance files made from a fixed seed: the same rows on every machine, about 1 % of them bad.

One provider, one month, enrolments with one row a day, in the order a case system writes them. The kinds of bad rows are
those that were measured before the line was built (unknown enrolment, dates, hours, absence codes, rows said twice); a
corrected file changes one row in a hundred and withdraws one in a thousand.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

MUNICIPALITY = "2120000001"
PROVIDER = "5560360793"
MONTH = "2026-03"
COLUMNS = ("insats_id", "datum", "planerade_timmar", "narvarande_timmar", "franvaroorsak")

_ENROLMENT_COLUMNS = ("insats_id", "personnummer", "insatstyp", "startdatum")
_FEW_ROWS = 1000
_SEED = 20261122
_DAYS = [f"{MONTH}-{day:02}" for day in range(1, 32)]
_HOURS = ("8", "7,5", "6", "4", "6,25", "3,5")
_FEWER = {"8": "5,5", "7,5": "0", "6": "2", "4": "1,25", "6,25": "3", "3,5": "0"}
_CODES = ("sjuk", "vab", "ledig", "ogiltig", "avbrott")
_BAD_SHARE = 0.01
_CHANGED_SHARE = 0.01
_WITHDRAWN_SHARE = 0.001

Cells = tuple[str, str, str, str, str]

_SPOILT: tuple[Callable[[Cells], Cells], ...] = (
    lambda row: (f"X{row[0]}", *row[1:]),
    lambda row: ("", *row[1:]),
    lambda row: (row[0], f"{MONTH}-32", *row[2:]),
    lambda row: (row[0], "tredje mars", *row[2:]),
    lambda row: (row[0], row[1].replace("-03-", "-04-"), *row[2:]),
    lambda row: (row[0], "", *row[2:]),
    lambda row: (*row[:2], "åtta", *row[3:]),
    lambda row: (*row[:2], "25", *row[3:]),
    lambda row: (*row[:2], row[2], "24", row[4]),
    lambda row: (*row[:3], "-1", "sjuk"),
    lambda row: (*row[:3], _FEWER[row[2]], "semester"),
    lambda row: (*row[:3], _FEWER[row[2]], ""),
    lambda row: (*row[:3], row[2], "sjuk"),
)


@dataclass(frozen=True)
class Files:
    """What one size of the benchmark works with.

    Attributes:
        register: The municipality's register, where the provider stands.
        enrolments: The provider's enrolments, the parents of all days.
        first: The attendance file.
        corrected: The same month with changed and withdrawn rows.
        few: The enrolments of a provider of the usual size.
        small: Its month, a thousand rows.
    """

    register: Path
    enrolments: Path
    first: Path
    corrected: Path
    few: Path
    small: Path


def write_files(folder: Path, rows: int) -> Files:
    """Write the files of one size.

    Args:
        folder: An empty folder.
        rows: Rows of the attendance file, before some are said twice.
    """
    name = f"narvaro_{PROVIDER}_{MONTH}.csv"
    files = Files(
        register=folder / f"anordnare_{MUNICIPALITY}_2026-01.csv",
        enrolments=folder / f"insatser_{PROVIDER}_{MONTH}.csv",
        first=folder / "first" / name,
        corrected=folder / "corrected" / name,
        few=folder / "small" / f"insatser_{PROVIDER}_{MONTH}.csv",
        small=folder / "small" / name,
    )
    files.register.write_text(
        "orgnr;namn;typ;auktoriserad_fran;kvalitetssystem;epost\n"
        f"{PROVIDER};Anordnaren AB;extern;2020-01-01;inget;info@anordnaren.example\n",
        encoding="utf-8",
    )
    _write(files.enrolments, _ENROLMENT_COLUMNS, _enrolments(rows))
    _write(files.first, COLUMNS, attendance(rows))
    _write(files.corrected, COLUMNS, _corrected(rows))
    _write(files.few, _ENROLMENT_COLUMNS, _enrolments(_FEW_ROWS))
    _write(files.small, COLUMNS, attendance(_FEW_ROWS))
    return files


def attendance(rows: int) -> Iterator[Cells]:
    """Make the rows of an attendance file, bad ones among them."""
    dice = random.Random(_SEED)
    for number in range(rows):
        row = _good(number, dice)
        if dice.random() >= _BAD_SHARE:
            yield row
            continue
        kind = dice.randrange(len(_SPOILT) + 2)
        if kind < len(_SPOILT):
            yield _SPOILT[kind](row)
        else:
            yield row
            yield row if kind == len(_SPOILT) else (*row[:2], "2", "2", "")


def _good(number: int, dice: random.Random) -> Cells:
    enrolment, day = divmod(number, len(_DAYS))
    hours = _HOURS[dice.randrange(len(_HOURS))]
    if dice.random() < 0.85:
        return f"E{enrolment:06}", _DAYS[day], hours, hours, ""
    return f"E{enrolment:06}", _DAYS[day], hours, _FEWER[hours], _CODES[dice.randrange(len(_CODES))]


def _corrected(rows: int) -> Iterator[Cells]:
    dice = random.Random(_SEED + 1)
    for row in attendance(rows):
        luck = dice.random()
        if luck < _WITHDRAWN_SHARE:
            continue
        is_changed = luck < _WITHDRAWN_SHARE + _CHANGED_SHARE
        yield (*row[:2], "5", "4,5", "ledig") if is_changed else row


def _enrolments(rows: int) -> Iterator[tuple[str, ...]]:
    for number in range(-(-rows // len(_DAYS))):
        yield f"E{number:06}", _person(number), "jobbpeng_grund", "2026-01-15"


def _person(number: int) -> str:
    """The personnummer of a made-up person: nobody is given such a serial number."""
    day = date(1950, 1, 1) + timedelta(days=number // 20)
    nine = f"{day:%y%m%d}{980 + number % 20}"
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(nine))
    return f"{day.year // 100}{nine}{-total % 10}"


def _write(path: Path, columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(";".join(columns) + "\n")
        file.writelines(";".join(row) + "\n" for row in rows)
