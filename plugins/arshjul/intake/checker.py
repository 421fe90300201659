"""The sender's offline checker: what the line would say of a file, without a database.

The same readers, rules and sentences. What only the line knows is not judged: whether the sender is in the register and
authorised, and what has been delivered before; enrolments are those of the files given together.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from arshjul.catalogue.codelists import CodeList, load_codelists
from arshjul.catalogue.contracts import Contract, load_contracts
from arshjul.intake.delivery_rules import (
    ENROLMENTS,
    NO_ROWS,
    Slice,
    check_municipality,
    check_statements,
    missing_enrolments,
    month_fields,
    wrong_month,
)
from arshjul.intake.file_names import Address, Landed, read_address
from arshjul.intake.headers import Header, match_headers
from arshjul.intake.judging import Judge, Key, Parent, Told, compare
from arshjul.intake.queue import in_order
from arshjul.intake.readers import open_table
from arshjul.intake.receipts import Receipt, field_titles, sorted_reasons
from arshjul.intake.refusals import ReadLimits, ReadRefused
from arshjul.intake.rules import checks_of
from arshjul.intake.table import Table
from arshjul.intake.verdicts import Reason, Refused
from arshjul.periods import Month
from arshjul.settings import Settings

REGISTER_NOTE = "Om avsändaren är auktoriserad prövas först när filen tas emot."
PARENTS_NOTE = "Om insatserna finns har inte prövats. Kontrollera filen tillsammans med filen insatser."


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
    parents: dict[int, tuple[Key, Parent]] = field(default_factory=dict)


def check_files(settings: Settings, files: Collection[Landed], limits: ReadLimits | None = None) -> list[Checked]:
    """Judge files as if they were delivered together.

    Args:
        settings: Names the catalogue and the municipality's own number.
        files: The files, in any order.
        limits: How much a file may hold, if not the usual.

    Returns:
        One verdict for each file, in the order they would be received.

    Raises:
        CatalogueError: A contract or a code list is wrong.
        OSError: A file cannot be read from where it lies.
    """
    checker = _Checker(
        kommun_orgnr=settings.kommun_orgnr,
        contracts=load_contracts(settings.include),
        codelists=load_codelists(settings.include),
        limits=limits or ReadLimits(),
    )
    return [checker.check(landed) for landed in in_order(files, checker.contracts)]


_Enrolments: TypeAlias = dict[Key, tuple[Parent, int]]
"""Enrolments of one file that would be loaded, by key, with their row numbers."""


@dataclass
class _Checker:
    """The files checked so far.

    Attributes:
        given: Senders of whom a file of enrolments was given, whatever became of it.
        enrolled: What each of them would have had loaded, by month.
    """

    kommun_orgnr: str
    contracts: Mapping[str, Contract]
    codelists: Mapping[str, CodeList]
    limits: ReadLimits
    given: set[str] = field(default_factory=set)
    enrolled: dict[str, dict[Month, _Enrolments]] = field(default_factory=lambda: defaultdict(dict))

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
        if about.contract.name == ENROLMENTS:
            self.given.add(about.sender)
        check_municipality(about, self.kommun_orgnr)
        return about

    def _notes(self, about: Slice) -> list[str]:
        notes = [REGISTER_NOTE] if about.contract.sender == "anordnare" else []
        return notes + ([PARENTS_NOTE] if about.contract.foreign_keys and about.sender not in self.given else [])

    def _judge(self, receipt: Receipt, about: Slice, table: Table) -> Receipt:
        header = match_headers(about.contract, table.headers)
        check_statements(table.statements, about)
        checks = checks_of(about.contract, self.codelists, self.contracts)
        judge = Judge(about.contract, checks, self.codelists, about.month, self._parents(about))
        rows = _judge_rows(judge, table, header)
        if rows.dates_read and not rows.dates_inside:
            raise wrong_month(about.month)
        rows.reasons += compare(rows.keys, checks)
        bad = {reason.row for reason in rows.reasons}
        warnings = [*header.warnings, *([NO_ROWS] if not rows.count else [])]
        if about.contract.name == ENROLMENTS:
            warnings += self._enrol(about, rows, bad)
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

    def _parents(self, about: Slice) -> dict[Key, Parent] | None:
        """The sender's enrolments as the month knows them; ``None`` when no such file was given."""
        if not about.contract.foreign_keys or about.sender not in self.given:
            return None
        by_month = self.enrolled[about.sender]
        months = sorted(month for month in by_month if month <= about.month)
        return {key: parent for month in months for key, (parent, _) in by_month[month].items()}

    def _enrol(self, about: Slice, rows: _Rows, bad: set[int]) -> list[str]:
        """Remember a file's enrolments, and warn of open ones that it no longer mentions."""
        by_month = self.enrolled[about.sender]
        by_month[about.month] = {
            key: (parent, number) for number, (key, parent) in rows.parents.items() if number not in bad
        }
        earlier = max((month for month in by_month if month < about.month), default=None)
        missing = (
            [
                number
                for key, (parent, number) in by_month.get(earlier, {}).items()
                if parent.end is None and key not in rows.keys
            ]
            if earlier
            else []
        )
        return [missing_enrolments(earlier, sorted(missing))] if earlier and missing else []


def _judge_rows(judge: Judge, table: Table, header: Header) -> _Rows:
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
        if key is not None and judge.contract.name == ENROLMENTS and not reasons:
            found.parents[row.number] = (key, _as_parent(told))
    return found


def _as_parent(told: Told) -> Parent:
    return Parent(told.meant["startdatum"], told.meant["slutdatum"])
