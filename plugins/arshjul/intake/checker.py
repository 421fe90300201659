"""The sender's offline checker: what the line would say of a file, without a database.

The same readers, rules and sentences. What only the line knows is not judged: whether the sender is in the register and
authorised, and what has been delivered before; parents are those of the files given together.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.resources.abc import Traversable
from operator import itemgetter
from pathlib import Path
from typing import Protocol, TypeAlias

from arshjul.catalogue.codelists import CodeList, load_codelists
from arshjul.catalogue.contracts import SENDER, Contract, load_contracts
from arshjul.intake.delivery_rules import (
    NO_ROWS,
    Slice,
    check_municipality,
    check_statements,
    future_month,
    missing_enrolments,
    month_fields,
    person_warnings,
    wrong_month,
)
from arshjul.intake.file_names import Address, Landed, read_address
from arshjul.intake.headers import Header, match_headers
from arshjul.intake.judging import Judge, Key, Parent, Told, compare
from arshjul.intake.order import in_order
from arshjul.intake.parents import ENROLMENTS, ParentKey, parents_of
from arshjul.intake.readers import open_table
from arshjul.intake.receipts import Receipt, field_titles, sorted_reasons
from arshjul.intake.refusals import ReadLimits, ReadRefused
from arshjul.intake.rules import checks_of
from arshjul.intake.table import Table
from arshjul.intake.verdicts import Reason, Refused
from arshjul.periods import Month

REGISTER_NOTE = "Om avsändaren är auktoriserad prövas först när filen tas emot."
PARENTS_NOTE = "Raderna har inte prövats mot {title}. Kontrollera filen tillsammans med filen {file}."


class Rulebook(Protocol):
    """What the checker needs to know of a municipality; its settings, or what is packed beside the checker."""

    @property
    def include(self) -> Traversable:
        """Folder with contracts and code lists."""

    @property
    def kommun_orgnr(self) -> str:
        """The municipality's own number: sender of its registers."""


@dataclass(frozen=True)
class Checked:
    """What the checker says of one file.

    Attributes:
        receipt: As the line would give it, were everything new to it; never ``identisk``.
        notes: Sentences about what could not be judged here.
    """

    receipt: Receipt
    notes: tuple[str, ...]


@dataclass
class _Rows:
    """What became of one file's rows."""

    count: int = 0
    reasons: list[Reason] = field(default_factory=list)
    keys: dict[Key, list[tuple[int, Key]]] = field(default_factory=lambda: defaultdict(list))
    dates_read: int = 0
    dates_inside: int = 0
    good: dict[int, Told] = field(default_factory=dict)
    odd_persons: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def check_files(rulebook: Rulebook, files: Collection[Landed], limits: ReadLimits | None = None) -> list[Checked]:
    """Judge files as if they were delivered together.

    Args:
        rulebook: Names the catalogue and the municipality's own number.
        files: The files, in any order.
        limits: How much a file may hold, if not the usual.

    Returns:
        One verdict for each file, in the order they would be received.

    Raises:
        CatalogueError: A contract or a code list is wrong.
        OSError: A file cannot be read from where it lies.
    """
    checker = Checker(
        kommun_orgnr=rulebook.kommun_orgnr,
        contracts=load_contracts(rulebook.include),
        codelists=load_codelists(rulebook.include),
        limits=limits or ReadLimits(),
    )
    return [checker.check(landed) for landed in in_order(files, checker.contracts)]


_Loaded: TypeAlias = dict[int, Told]
"""Rows of one file that would be loaded, by number, if others may have their parent among them."""


@dataclass
class Checker:
    """The files checked so far.

    Attributes:
        given: Datasets and senders of the files given, whatever became of them.
        loaded: What would have been loaded of each dataset that is a parent, by sender and month.
    """

    kommun_orgnr: str
    contracts: Mapping[str, Contract]
    codelists: Mapping[str, CodeList]
    limits: ReadLimits
    given: set[tuple[str, str]] = field(default_factory=set)
    loaded: dict[str, dict[tuple[Month, str], _Loaded]] = field(default_factory=lambda: defaultdict(dict))

    def check(self, landed: Landed) -> Checked:
        """Judge one file, after those it may depend on."""
        address = read_address(landed, self.contracts)
        with landed.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        receipt = Receipt(
            address.given_name, address.dataset, address.sender, address.month, status="avvisad", sha256=digest
        )
        notes: list[str] = []
        try:
            about = self._about(address)
            notes += self._notes(about)
            with open_table(lambda: landed.path.open("rb"), address.kind or "", self.limits) as table:
                receipt = self._judge(receipt, about, table)
        except (Refused, ReadRefused) as error:
            refused = error if isinstance(error, Refused) else Refused.of_reading(error)
            receipt = replace(receipt, refusal=refused.refusal)
        return Checked(receipt, tuple(notes))

    def _about(self, address: Address) -> Slice:
        if address.refusal:
            raise Refused(*address.refusal)
        if address.dataset is None or address.sender is None or address.month is None:
            raise AssertionError("an address without refusal is complete")
        about = Slice(self.contracts[address.dataset], address.sender, address.month)
        self.given.add((about.contract.name, about.sender))
        check_municipality(about, self.kommun_orgnr)
        return about

    def _notes(self, about: Slice) -> list[str]:
        missing = {
            key.contract.name: key.contract for key in self._keys(about) if not self._is_given(key, about.sender)
        }
        notes = [REGISTER_NOTE] if about.contract.sender == "anordnare" else []
        return notes + [PARENTS_NOTE.format(title=one.title.lower(), file=one.name) for one in missing.values()]

    def _keys(self, about: Slice) -> tuple[ParentKey, ...]:
        return parents_of(about.contract, self.contracts)

    def _is_given(self, key: ParentKey, sender: str) -> bool:
        return any(key.contract.name == name and (not key.is_own or sender == whose) for name, whose in self.given)

    def _judge(self, receipt: Receipt, about: Slice, table: Table) -> Receipt:
        header = match_headers(about.contract, table.headers)
        check_statements(table.statements, about)
        checks = checks_of(about.contract, self.codelists, self.contracts)
        judge = Judge(about.contract, checks, self.codelists, about.month, self._parents(about))
        rows = _judge_rows(judge, table, header, keep=self._is_parent(about.contract.name))
        if rows.dates_read and not rows.dates_inside:
            raise wrong_month(about.month)
        rows.reasons += compare(rows.keys, checks)
        bad = {reason.row for reason in rows.reasons}
        warnings = [*header.warnings, *([NO_ROWS] if not rows.count else []), *self._warnings(about, rows)]
        good = {number: told for number, told in rows.good.items() if number not in bad}
        self.loaded[about.contract.name][about.month, about.sender] = good
        return replace(
            receipt,
            status="mottagen",
            rows_in=rows.count,
            rows_loaded=rows.count - len(bad),
            rows_quarantined=len(bad),
            reasons=sorted_reasons(rows.reasons),
            warnings=tuple(warnings),
            detected={"format": Path(receipt.file).suffix[1:].upper(), **table.detected},
            titles=field_titles(about.contract),
        )

    def _parents(self, about: Slice) -> list[Mapping[Key, Parent] | None]:
        """For each foreign key, what the month knows of its other end; ``None`` when no such file was given."""
        found: list[Mapping[Key, Parent] | None] = []
        for key in self._keys(about):
            known: dict[Key, Parent] = {}
            for (month, sender), rows in sorted(self.loaded[key.contract.name].items(), key=itemgetter(0)):
                if month <= about.month and (not key.is_own or sender == about.sender):
                    known |= {_reference(key, told, sender): _as_parent(told) for told in rows.values()}
            found.append(known if self._is_given(key, about.sender) else None)
        return found

    def _is_parent(self, dataset: str) -> bool:
        return any(key.reference.resource == dataset for one in self.contracts.values() for key in one.foreign_keys)

    def _warnings(self, about: Slice, rows: _Rows) -> list[str]:
        told = future_month(about.month, date.today())  # noqa: DTZ011 - the day where the checker runs
        told += person_warnings({code: (len(numbers), numbers) for code, numbers in rows.odd_persons.items()})
        return told + (self._missing_enrolments(about, rows) if about.contract.name == ENROLMENTS else [])

    def _missing_enrolments(self, about: Slice, rows: _Rows) -> list[str]:
        """Warn of open enrolments that the sender's last month had and this one does not mention."""
        months = [month for month, sender in self.loaded[ENROLMENTS] if sender == about.sender and month < about.month]
        if not months:
            return []
        missing = [
            number
            for number, told in self.loaded[ENROLMENTS][max(months), about.sender].items()
            if told.meant["slutdatum"] is None and (told.meant["insats_id"],) not in rows.keys
        ]
        return [missing_enrolments(max(months), sorted(missing))] if missing else []


def _judge_rows(judge: Judge, table: Table, header: Header, *, keep: bool) -> _Rows:
    """Judge every row; those good in themselves are kept when other files' rows may have their parent among them."""
    found, says_month = _Rows(), month_fields(judge.contract)
    for row, told, reasons in judge.rows(table.rows, header):
        found.count += 1
        found.reasons += reasons
        if told is None:
            continue
        if (key := judge.key(told)) is not None:
            found.keys[key].append((row.number, judge.content(told)))
        days = [day for name in says_month if (day := told.meant[name]) is not None]
        found.dates_read += len(days)
        found.dates_inside += sum(judge.month.start <= day <= judge.month.end for day in days)
        for code in told.person.warnings if told.person else ():
            found.odd_persons[code].append(row.number)
        if keep and not reasons:
            found.good[row.number] = told
    return found


def _reference(key: ParentKey, told: Told, sender: str) -> Key:
    return tuple(sender if name == SENDER else told.meant[name] for name in key.reference)


def _as_parent(told: Told) -> Parent:
    return Parent(told.meant.get("startdatum"), told.meant.get("slutdatum"))
