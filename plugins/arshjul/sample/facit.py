"""The key (facit) to a sample: what was written, and what is wrong in it. It is returned, never written to a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from arshjul.sample.faults import Fault


@dataclass(frozen=True)
class FileFacit:
    """What one delivery holds, and what intake is to find.

    Attributes:
        path: Relative to the folder written to, with ``/``.
        dataset: Such as ``narvaro``.
        orgnr: The sender.
        month: Delivery month, ``YYYY-MM``.
        rows_in: Rows in the file, the header not counted.
        faults: Rows to be quarantined, by fault.
        is_refused: The whole delivery is to be refused (its sender is not in the register); nothing of it is loaded.
    """

    path: str
    dataset: str
    orgnr: str
    month: str
    rows_in: int
    faults: Mapping[Fault, int] = field(default_factory=dict)
    is_refused: bool = False

    @property
    def bad_rows(self) -> int:
        """Rows to be quarantined; 0 for a refused delivery."""
        return sum(self.faults.values())

    @property
    def good_rows(self) -> int:
        """Rows to be loaded or found unchanged; 0 for a refused delivery."""
        return 0 if self.is_refused else self.rows_in - self.bad_rows


@dataclass(frozen=True)
class SampleSummary:
    """What was written.

    Attributes:
        year: The delivered year.
        files: Every file, month by month; in a month the municipality's registers first, then provider by provider.
        providers: Organisationsnummer of the authorised providers, in register order.
        persons: Distinct persons over the year and the one before.
        enrolments: Enrolments open some day of the two years.
    """

    year: int
    files: tuple[FileFacit, ...]
    providers: tuple[str, ...]
    persons: int
    enrolments: int

    @property
    def rows_in(self) -> int:
        """Rows in all files."""
        return sum(file.rows_in for file in self.files)

    @property
    def faults(self) -> Mapping[Fault, int]:
        """Rows to be quarantined in all, by fault."""
        total: Counter[Fault] = Counter()
        for file in self.files:
            total.update(file.faults)
        return total

    @property
    def refused(self) -> tuple[FileFacit, ...]:
        """The deliveries to be refused."""
        return tuple(file for file in self.files if file.is_refused)

    def of_month(self, month: str) -> tuple[FileFacit, ...]:
        """Return the files of one delivery month (``YYYY-MM``)."""
        return tuple(file for file in self.files if file.month == month)


@dataclass(frozen=True)
class Correction:
    """A corrected file: the month's faults mended, and one exit's reason changed.

    Attributes:
        file: The corrected file.
        insats_id: The enrolment whose exit was reported wrong.
        reason_before: Exit reason in the first delivery.
        reason_after: Exit reason in the correction.
    """

    file: FileFacit
    insats_id: str
    reason_before: str
    reason_after: str
