"""Good files of every dataset with things wrong in them, as senders and their programs get them wrong.

Everything is drawn from a seeded ``Random``: the same seed gives the same file.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import xlsxwriter
from tests.intake.examples import GOOD, KOMMUN, PROVIDER, STRANGER, sender_of

from arshjul.catalogue.contracts import Contract, Field
from arshjul.intake.orgnr import parse_orgnr


def _told(words: str) -> list[str]:
    return words.split("|")


# What stands in cells, with bars between.
NUMBERS = _told("0|-0|-1|8,0|8.00|24|24,01|1e3|٣|+5|.5|5.|1 000|−5|NaN|3|6,0|12|5|007|1,5,2|0x10|½|²|1_000")
NUMBERS += ["1" * 13, "9" * 40, "1." + "1" * 21, "7." + "0" * 20]
DATES = _told(
    "infinity|today|2026-02-29|2024-02-29|20260229|20260303|2026-3-1|2026-03-03|2026-04-01|2026-0303|00000101"
)
DATES += _told("0001-01-01|99991231|2026-03-32|2026-03-03 00:00|2026-03|2026-03-01|2026-13|03/03/2026|２０２６-03-03")
DATES += _told("2026-03-03T00:00:00|-2026-03-03|2026–03–03|46084")
WORDS = _told("SJUK|sjuk|ſjuk|Jobbpeng_Grund|jobbpeng grund|arbete|İnget|JA|nej|ÖPPEN|klar|A1|A2|a1|A1 |=1+1|@a|'; --")
WORDS += _told(
    '\\N|\\.|tab\there|citat"tecken|rad\nbrytning|\u00a0A1|e\u0301|\u200b|nul\x00|\ufeffx|\ufffd|\u2028|\U0001f600'
)
WORDS += ["å" * 40, "x" * 40, "x" * 41, "x" * 201]
PERSONS = _told("900101-9802|19900101+9802|199001019803|20100601-9807|9001019802|199001019802|19900161-9802|900101T802")
PERSONS += _told("201501019811|190001019802|1990-01-01-9802|000000000000")
EMPTY = ["", " ", "\u00a0", "\t", "NULL", "-", "None"]
NASTY = [*NUMBERS, *DATES, *WORDS, *PERSONS, *EMPTY, KOMMUN, PROVIDER, STRANGER, "556036-0793", "5560360794"]

MONTH = "2026-03"


def rows_of(contract: Contract) -> list[dict[str, str]]:
    """Some good rows of a dataset; their parents are the same rows of the parents' datasets."""
    if contract.name == "kapacitet":
        return [dict(GOOD["kapacitet"])]
    rows = [dict(GOOD[contract.name], **_other_key(contract, number)) for number in range(4)]
    if contract.name == "insatser":
        rows.append(dict(rows[0], insats_id="OPPEN", slutdatum="", avslutsorsak=""))
    return rows


def _other_key(contract: Contract, number: int) -> dict[str, str]:
    good = GOOD[contract.name]
    changed = {}
    for name in contract.primary_key if number else ():
        one = contract.field(name)
        if contract.name == "anordnare":
            changed[name] = orgnr(number)
        elif one.is_text:
            changed[name] = f"{good[name]}{number}"
        elif one.format == "radnummer":
            changed[name] = str(number + 1)
    return changed


def orgnr(number: int) -> str:
    """A valid organisationsnummer of nobody's."""
    return next(text for digit in range(10) if parse_orgnr(text := f"{556_100_000 + number:09d}{digit}"))


@dataclass
class Draft:
    """A file being spoilt: its columns and rows are still cells."""

    contract: Contract
    dice: random.Random
    columns: list[str]
    rows: list[list[str]]
    stated: dict[str, Any] = field(default_factory=dict)

    def somewhere(self) -> tuple[list[str], int]:
        """A row and a column of it."""
        row = self.dice.choice(self.rows)
        return row, self.dice.randrange(len(row))

    def field_at(self, column: int) -> Field | None:
        """The contract's field in a column."""
        names = {one.name: one for one in self.contract.fields}
        return names.get(self.columns[column]) if column < len(self.columns) else None


def _garbage(draft: Draft) -> None:
    for _ in range(draft.dice.randint(1, 3)):
        row, column = draft.somewhere()
        row[column] = draft.dice.choice(NASTY)


def _fitting_garbage(draft: Draft) -> None:
    """Something that could nearly stand in the field."""
    for _ in range(draft.dice.randint(1, 3)):
        row, column = draft.somewhere()
        one = draft.field_at(column)
        kind = "person" if one and one.format == "personnummer" else one.type if one else "string"
        lists = {"person": PERSONS, "date": DATES, "number": NUMBERS, "integer": NUMBERS, "yearmonth": DATES}
        row[column] = draft.dice.choice([*lists.get(kind, WORDS), *EMPTY])


def _swap_cells(draft: Draft) -> None:
    row, one = draft.somewhere()
    other = draft.dice.randrange(len(row))
    row[one], row[other] = row[other], row[one]


def _swap_headers(draft: Draft) -> None:
    one, other = (draft.dice.randrange(len(draft.columns)) for _ in range(2))
    draft.columns[one], draft.columns[other] = draft.columns[other], draft.columns[one]


def _other_order(draft: Draft) -> None:
    order = draft.dice.sample(range(len(draft.columns)), len(draft.columns))
    draft.columns = [draft.columns[place] for place in order]
    draft.rows = [[row[place] for place in order if place < len(row)] for row in draft.rows]


def _column_gone(draft: Draft) -> None:
    gone = draft.dice.randrange(len(draft.columns))
    draft.columns = draft.columns[:gone] + draft.columns[gone + 1 :]
    draft.rows = [row[:gone] + row[gone + 1 :] for row in draft.rows]


def _column_more(draft: Draft) -> None:
    more = draft.dice.choice(["extra", "", "  ", draft.columns[0], draft.columns[-1].upper(), "år", "x\u200b"])
    draft.columns = [*draft.columns, more]
    draft.rows = [[*row, draft.dice.choice(NASTY)] for row in draft.rows]


def _odd_headers(draft: Draft) -> None:
    odd = draft.dice.choice([str.upper, str.title, "  {} ".format, "\ufeff{}".format, "{}\u00a0".format, '"{}"'.format])
    draft.columns = [odd(name) for name in draft.columns]


def _no_header(draft: Draft) -> None:
    draft.columns = draft.rows[0]


def _again(draft: Draft) -> None:
    again = list(draft.dice.choice(draft.rows))
    if draft.dice.random() < 0.6:
        again[draft.dice.randrange(len(again))] = draft.dice.choice(NASTY)
    draft.rows.insert(draft.dice.randint(0, len(draft.rows)), again)


def _spelled_otherwise(draft: Draft) -> None:
    """The same row with the same meaning, and now and then another."""
    again = [text.upper() if draft.dice.random() < 0.3 else text for text in draft.dice.choice(draft.rows)]
    again = [f"{text},0" if text.isdigit() and draft.dice.random() < 0.5 else text for text in again]
    draft.rows.append([text.replace("-", "") if draft.dice.random() < 0.3 else text for text in again])


def _blank_row(draft: Draft) -> None:
    draft.rows.insert(draft.dice.randint(0, len(draft.rows)), [draft.dice.choice(["", " "])] * len(draft.columns))


def _ragged_row(draft: Draft) -> None:
    row = draft.dice.choice(draft.rows)
    draft.rows.insert(draft.dice.randint(0, len(draft.rows)), row[:-1] if draft.dice.random() < 0.5 else [*row, "x"])


def _other_month(draft: Draft) -> None:
    month = draft.dice.choice(["2026-02", "2026-04", "2025-03"])
    some = draft.dice.random() < 0.3
    draft.rows = [
        [cell if some and draft.dice.random() < 0.5 else cell.replace(MONTH, month) for cell in row]
        for row in draft.rows
    ]


def _blanks_around(draft: Draft) -> None:
    draft.rows = [[f"{draft.dice.choice(['', ' ', chr(160), '  '])}{cell} " for cell in row] for row in draft.rows]


def _capitals(draft: Draft) -> None:
    draft.rows = [[cell.upper() for cell in row] for row in draft.rows]


def _arabic_digits(draft: Draft) -> None:
    digits = str.maketrans("0123456789", draft.dice.choice(["٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９"]))
    row, column = draft.somewhere()
    row[column] = row[column].translate(digits)


def _no_rows(draft: Draft) -> None:
    draft.rows = []


def _parent_gone(draft: Draft) -> None:
    names = {name for key in draft.contract.foreign_keys for name in key.fields}
    for column, name in enumerate(draft.columns):
        if name in names:
            draft.dice.choice(draft.rows)[column] = draft.dice.choice(["FINNS_INTE", STRANGER, "", "a1", "A1 "])


def _stated(draft: Draft) -> None:
    draft.stated = {"period": draft.dice.choice([MONTH, "2026-02", "mars", 202603, None])}
    if draft.dice.random() < 0.5:
        draft.stated["avsandare"] = draft.dice.choice([sender_of(draft.contract), "5560360793", "x", {"a": 1}])


_COMMON: Sequence[Callable[[Draft], None]] = (_garbage, _fitting_garbage, _again, _swap_cells)
_RARE: Sequence[Callable[[Draft], None]] = (
    *(
        _swap_headers,
        _other_order,
        _column_gone,
        _column_more,
        _odd_headers,
        _no_header,
        _spelled_otherwise,
        _blank_row,
    ),
    *(_ragged_row, _other_month, _blanks_around, _capitals, _arabic_digits, _no_rows, _parent_gone, _stated),
)


def mutated(contract: Contract, seed: int) -> tuple[str, bytes]:
    """Make one file with something wrong in it; a few have nothing.

    Returns:
        Its name and what it holds.
    """
    dice = random.Random(f"{contract.name} {seed}")
    rows = rows_of(contract)
    draft = Draft(contract, dice, list(rows[0]), [list(row.values()) for row in rows])
    for _ in range(dice.randint(0, 3)):
        change = dice.choice(_COMMON if dice.random() < 0.6 else _RARE)
        if draft.rows and all(draft.rows) and draft.columns:
            change(draft)
    kind = dice.choices(["csv", "json", "xlsx"], [5, 3, 2])[0]
    return _name(draft, kind), {"csv": _as_csv, "json": _as_json, "xlsx": _as_xlsx}[kind](draft)


def _name(draft: Draft, kind: str) -> str:
    name = f"{draft.contract.name}_{sender_of(draft.contract)}_{MONTH}.{kind}"
    if draft.dice.random() > 0.04:
        return name
    odd: list[tuple[str, str]] = [
        (MONTH, "2026-13"),
        (draft.contract.name, "okand"),
        (f".{kind}", ".txt"),
        ("_2", "-2"),
    ]
    odd += [(f".{kind}", f".{kind.upper()}"), (f".{kind}", ".json"), (sender_of(draft.contract), "5560360794")]
    return name.replace(*draft.dice.choice(odd))


def _as_csv(draft: Draft) -> bytes:
    dice, buffer = draft.dice, io.StringIO()
    quoting = dice.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    ends = dice.choice(["\n", "\r\n", "\n", "\r"])
    table = [draft.columns, *draft.rows]
    csv.writer(buffer, delimiter=dice.choice(";;;,\t|"), lineterminator=ends, quoting=quoting).writerows(table)
    encoding = dice.choices(["utf-8", "utf-8-sig", "cp1252", "utf-16"], [6, 3, 3, 1])[0]
    content = buffer.getvalue().encode(encoding, "ignore")
    return _spoilt_bytes(dice, content, [b'"', b"\x81", b"\x00", b'";"', b"\xc3", b"\xff\xfe", b"\n\n", b";"])


def _spoilt_bytes(dice: random.Random, content: bytes, more: Sequence[bytes]) -> bytes:
    change = dice.random()
    place = dice.randint(0, len(content))
    if change < 0.08:
        return content[:place] + dice.choice(more) + content[place:]
    if change < 0.11:
        return content[:place]
    return content


def _as_json(draft: Draft) -> bytes:
    dice = draft.dice
    objects = [
        {name: _json_value(dice, text) for name, text in zip(draft.columns, row, strict=False) if dice.random() > 0.01}
        for row in draft.rows
    ]
    whole: Any = {**draft.stated, "rader": objects} if draft.stated or dice.random() < 0.5 else objects
    if dice.random() < 0.04:
        whole = dice.choice(
            [{}, {"Rader": objects}, {"rader": {}}, [objects], None, 7, {"rader": objects, "a": [{}]}, []]
        )
    text = json.dumps(whole, ensure_ascii=dice.random() < 0.5)
    if objects and dice.random() < 0.03:
        text = text.replace('{"', '{"' + dice.choice(list(objects[0]) or ["a"]).replace('"', "") + '": "x", "', 1)
    content = text.encode("utf-8", "surrogatepass")
    return _spoilt_bytes(
        dice, content, [b"}", b"\xff", b",", b"\xef\xbb\xbf", b"\\ud800", b"[" * 40, b"NaN", b"1e9999", b" ]"]
    )


def _json_value(dice: random.Random, text: str) -> Any:
    if dice.random() < 0.02:
        return dice.choice([True, False, {}, [], {"a": 1}, [1, "x"], float("nan"), 1e300, 10**30, "\ud800", "a\u0000b"])
    if text.isdigit() and text.isascii() and len(text) < 30 and dice.random() < 0.6:
        return int(text)
    if text.replace(",", "", 1).isdigit() and text.isascii() and dice.random() < 0.5:
        return float(text.replace(",", "."))
    return text or dice.choice([None, ""])


def _as_xlsx(draft: Draft) -> bytes:
    dice, written = draft.dice, io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(written, options) as book:
        if dice.random() < 0.05:
            book.add_worksheet("dold").hide()
            book.add_worksheet("synlig").activate()
        else:
            book.add_worksheet()
        sheet = book.worksheets()[-1]
        for row, cells in enumerate([draft.columns, *draft.rows]):
            for column, text in enumerate(cells):
                _write(sheet, dice, row, column, text)
        if dice.random() < 0.1:
            book.add_worksheet("Övrigt").write(0, 0, "x")
    return _spoilt_bytes(dice, written.getvalue(), [b"x"]) if dice.random() < 0.2 else written.getvalue()


def _write(sheet: Any, dice: random.Random, row: int, column: int, text: str) -> None:
    place = row, column
    if row and dice.random() < 0.015:
        odd: Mapping[int, Callable[[], Any]] = {
            0: lambda: sheet.write_boolean(*place, dice.random() < 0.5),
            1: lambda: sheet.write_formula(*place, "=1+1", None, dice.choice([2, "", "text"])),
            2: lambda: sheet.write_formula(*place, "=1/0", None, "#DIV/0!"),
            3: lambda: sheet.write_datetime(*place, datetime.fromisoformat("2026-03-03T14:30")),
            4: lambda: sheet.write_number(*place, dice.choice([7.6000000000000005, 1e15, 1e-7, -0.0, 46084, 3.0])),
            5: lambda: sheet.write_datetime(*place, timedelta(hours=7, minutes=30)),
        }
        odd[dice.randrange(len(odd))]()
    elif row and dice.random() < 0.5 and (day := _day(text)):
        sheet.write_datetime(*place, day)
    elif row and dice.random() < 0.5 and text.isascii() and text.replace(",", "", 1).isdigit() and len(text) < 15:
        sheet.write_number(*place, float(text.replace(",", ".")))
    elif text:
        sheet.write_string(
            *place, "".join(character for character in text if character.isprintable() or character in "\t\n")
        )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 and text >= "1900-03-01" else None
    except ValueError:
        return None
