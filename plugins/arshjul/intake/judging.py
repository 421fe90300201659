"""Rows judged in Python, for the offline checker: the same checks and verdicts as the database's, one row at a time.

The database's side is ``include/sql/intake/conditions.sql.j2``. A test runs both over mutated files and compares.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from arshjul.catalogue.codelists import Code, CodeList
from arshjul.catalogue.contracts import Contract, Rule
from arshjul.intake.headers import Header
from arshjul.intake.personnummer import PersonId, PersonnummerError, parse_personnummer
from arshjul.intake.rules import SAID_BY_CODE, Check
from arshjul.intake.spellings import read_code, reader_of
from arshjul.intake.table import Row
from arshjul.intake.verdicts import Reason
from arshjul.periods import Month

Key: TypeAlias = tuple[Hashable, ...]


@dataclass(frozen=True)
class Parent:
    """What a rule may ask of a row's parent: of an enrolment its first day, and its last unless it runs."""

    start: date | None = None
    end: date | None = None


@dataclass
class Told:
    """What one row says.

    Attributes:
        number: Row number.
        given: Text of each field, ``None`` where it is empty.
        meant: What the text means, ``None`` where it is empty or cannot be read.
        codes: The code that was meant, with its dates.
        person: Whom a personnummer is about.
        error: Code of what is wrong with a personnummer.
    """

    number: int
    given: dict[str, str | None] = field(default_factory=dict, repr=False)
    meant: dict[str, Any] = field(default_factory=dict, repr=False)
    codes: dict[str, Code | None] = field(default_factory=dict, repr=False)
    person: PersonId | None = None
    error: str | None = None


@dataclass(frozen=True)
class Judge:
    """Judges the rows of one file.

    Attributes:
        contract: What the file is held to.
        checks: The contract's checks.
        codelists: Every code list, by name.
        month: Delivery month.
        parents: For each of the contract's foreign keys, the rows that may be its other end, by key, as this month knows
            them; ``None`` when they are not at hand, and rules about that parent are not judged.
    """

    contract: Contract
    checks: tuple[Check, ...]
    codelists: Mapping[str, CodeList]
    month: Month
    parents: Sequence[Mapping[Key, Parent] | None]

    def read(self, row: Row, header: Header) -> Told:
        """Read what a row without a fault says."""
        told = Told(row.number)
        cells = {one.name: (row.cells[place], place) for place, one in enumerate(header.fields) if one}
        for one in self.contract.fields:
            text, place = cells.get(one.name, (None, -1))
            told.given[one.name] = text
            if one.format == "personnummer":
                self._read_person(told, one.name, place in row.numeric)
            elif text is None:
                told.meant[one.name] = row.number if one.format == "radnummer" else None
            elif one.code_list:
                told.codes[one.name] = code = read_code(text, self.codelists[one.code_list])
                told.meant[one.name] = code.code if code else None
            else:
                told.meant[one.name] = reader_of(one)(text)
        return told

    def _read_person(self, told: Told, name: str, is_number: bool) -> None:
        text = told.given[name]
        if text is None:
            return
        try:
            told.person = parse_personnummer(text, self.month.end, from_number=is_number)
        except PersonnummerError as error:
            told.error = error.code

    def broken(self, told: Told) -> Iterator[Check]:
        """List the checks a row breaks by itself."""
        for check in self.checks:
            if check.parent is not None and self.parents[check.parent] is None:
                continue
            condition = _CONDITIONS.get(check.rule)
            if condition is not None and condition(self, check, told):
                yield check

    def key(self, told: Told) -> Key | None:
        """The row's key; ``None`` when a part of it that may not be empty is, or cannot be read."""
        optional = self.contract.optional_key
        if any(told.meant[name] is None for name in self.contract.primary_key if name not in optional):
            return None
        return tuple(told.meant[name] for name in self.contract.primary_key)

    def content(self, told: Told) -> Key:
        """All that the row says: each field as it was read, or as it was written where it could not be."""
        return tuple(
            (told.person.canonical if told.person else told.given[one.name])
            if one.format == "personnummer"
            else (told.given[one.name] if told.meant[one.name] is None else told.meant[one.name])
            for one in self.contract.fields
        )

    def parent(self, check: Check, told: Told) -> Parent | None:
        """The row's parent that a check is about, if it is known."""
        place = check.parent or 0
        key = tuple(told.meant[name] for name in self.contract.foreign_keys[place].fields)
        return (self.parents[place] or {}).get(key)

    def rows(self, rows: Iterable[Row], header: Header) -> Iterator[tuple[Row, Told | None, list[Reason]]]:
        """Judge every row by itself; what rows say of each other is judged by :func:`compare`."""
        for row in rows:
            if row.fault:
                text = SAID_BY_CODE["rad_format"][row.fault]
                yield row, None, [Reason(row.number, header.field_name(row.fault_column), "rad_format", text)]
                continue
            told = self.read(row, header)
            yield row, told, [_reason(check, told) for check in self.broken(told)]


def compare(keys: Mapping[Key, list[tuple[int, Key]]], checks: Iterable[Check]) -> Iterator[Reason]:
    """Tell which rows repeat an earlier one and which contradict each other.

    Args:
        keys: For each key, the rows that have it: row number and content.
        checks: The contract's checks.
    """
    said = {check.rule: check for check in checks}
    for rows in keys.values():
        if len(rows) > 1:
            is_contradicted = len({content for _, content in rows}) > 1
            check = said["motsagelse" if is_contradicted else "dubblett"]
            numbers = sorted(number for number, _ in rows)
            for number in numbers if is_contradicted else numbers[1:]:
                yield Reason(number, check.field, check.rule, check.text)


def _reason(check: Check, told: Told) -> Reason:
    text = SAID_BY_CODE.get(check.rule, {}).get(told.error or "", check.text)
    return Reason(told.number, check.field, check.rule, text)


def _rule(check: Check) -> Rule:
    if check.definition is None:
        raise ValueError(f"{check.rule} is not a rule over more than one field")
    return check.definition


def _both(check: Check, told: Told) -> tuple[Any, Any] | None:
    """The values of a rule's two fields, ``None`` when one of them is not there: such a rule holds."""
    rule = _rule(check)
    values = told.meant[rule.field], told.meant[rule.other or ""]
    return None if None in values else values


def _is_missing(_: Judge, check: Check, told: Told) -> bool:
    return told.given[check.field] is None


def _is_unreadable(_: Judge, check: Check, told: Told) -> bool:
    return told.given[check.field] is not None and told.meant[check.field] is None


def _is_no_person(_: Judge, __: Check, told: Told) -> bool:
    return told.error is not None


def _is_no_code(judge: Judge, check: Check, told: Told) -> bool:
    if told.given[check.field] is None:
        return False
    code = told.codes[check.field]
    decides = judge.contract.field(check.field).code_date
    day = told.meant[decides] if decides else judge.month.end
    return code is None or (day is not None and not code.is_valid_on(day))


def _is_long(judge: Judge, check: Check, told: Told) -> bool:
    most = judge.contract.field(check.field).constraints.max_length
    text = told.meant[check.field]
    return text is not None and most is not None and len(text) > most


def _is_outside(judge: Judge, check: Check, told: Told) -> bool:
    value, bounds = told.meant[check.field], judge.contract.field(check.field).constraints
    if value is None:
        return False
    if bounds.enum is not None:
        return value not in bounds.enum
    return (
        (bounds.minimum is not None and value < bounds.minimum)
        or (bounds.exclusive_minimum is not None and value <= bounds.exclusive_minimum)
        or (bounds.maximum is not None and value > bounds.maximum)
    )


def _is_above(_: Judge, check: Check, told: Told) -> bool:
    both = _both(check, told)
    return both is not None and both[0] > both[1]


def _is_below(_: Judge, check: Check, told: Told) -> bool:
    both = _both(check, told)
    return both is not None and both[0] < both[1]


def _is_after_month(judge: Judge, check: Check, told: Told) -> bool:
    day = told.meant[check.field]
    return day is not None and day > judge.month.end


def _is_outside_month(judge: Judge, check: Check, told: Told) -> bool:
    day = told.meant[check.field]
    return day is not None and not judge.month.start <= day <= judge.month.end


def _is_other_month(judge: Judge, check: Check, told: Told) -> bool:
    return told.meant[check.field] not in (None, judge.month.start)


def _is_too_young(_: Judge, check: Check, told: Told) -> bool:
    day, born = told.meant[check.field], told.person.birth_date if told.person else None
    if day is None or born is None:
        return False
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return bool(age < (_rule(check).years or 0))


def _is_given_wrongly(_: Judge, check: Check, told: Told) -> bool:
    rule, is_given = _rule(check), told.given[check.field] is not None
    is_asked_for = _is_asked_for(rule, told)
    return is_asked_for is not None and is_asked_for != is_given


def _is_not_given(_: Judge, check: Check, told: Told) -> bool:
    return bool(_is_asked_for(_rule(check), told)) and told.given[check.field] is None


def _is_asked_for(rule: Rule, told: Told) -> bool | None:
    """Whether a rule asks for its field; ``None`` when what decides it cannot be read."""
    if rule.less:
        small, large = (told.meant[name] for name in rule.less)
        return None if None in (small, large) else bool(small < large)
    given = rule.given or ""
    if rule.value is not None:
        return None if told.meant[given] is None else bool(told.meant[given] == rule.value)
    if told.given[given] is None:
        return False
    return None if told.meant[given] is None else True


def _is_orphan(judge: Judge, check: Check, told: Told) -> bool:
    key = judge.contract.foreign_keys[check.parent or 0]
    return all(told.meant[name] is not None for name in key.fields) and judge.parent(check, told) is None


def _is_outside_parent(judge: Judge, check: Check, told: Told) -> bool:
    day, parent = told.meant[check.field], judge.parent(check, told)
    if day is None or parent is None or parent.start is None:
        return False
    return bool(day < parent.start or (parent.end is not None and day > parent.end))


def _is_before_end(judge: Judge, check: Check, told: Told) -> bool:
    parent = judge.parent(check, told)
    return parent is not None and parent.end is None


def _is_not_of_dataset(_: Judge, check: Check, told: Told) -> bool:
    both, forms = _both(check, told), dict(_rule(check).forms)
    return both is not None and both[1] in forms and not re.fullmatch(forms[both[1]], both[0])


_CONDITIONS: Mapping[str, Callable[[Judge, Check, Told], bool]] = {
    "obligatorisk": _is_missing,
    "format": _is_unreadable,
    "personnummer": _is_no_person,
    "kodlista": _is_no_code,
    "langd": _is_long,
    "intervall": _is_outside,
    "foralder_saknas": _is_orphan,
    "ej_efter_falt": _is_above,
    "hogst_falt": _is_above,
    "ej_fore_falt": _is_below,
    "ej_efter_manaden": _is_after_month,
    "i_manaden": _is_outside_month,
    "leveransmanaden": _is_other_month,
    "minst_alder": _is_too_young,
    "anges_precis_nar": _is_given_wrongly,
    "anges_nar": _is_not_given,
    "inom_insatsen": _is_outside_parent,
    "insatsen_avslutad": _is_before_end,
    "datamangdens_nyckel": _is_not_of_dataset,
    "datamangdens_falt": _is_not_of_dataset,
}
