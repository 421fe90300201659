"""One published figure, back to where it came from: package, computation, runs, checks, approvals, receipts, files.

No identities: a source row is a row number in a file with a hash. What stands in the row can be read by whoever may
open the archive.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from arshjul.lineage.ledger import CheckRun, deciding_check_runs
from arshjul.lineage.releases import (
    Approval,
    Package,
    Publication,
    Receipt,
    approvals,
    find_package,
    find_publication,
    receipts,
)
from arshjul.lineage.standing import Standing, find_standing
from arshjul.lineage.statements import LEDGER


class FigureNotFound(LookupError):
    """No publication has the figure; the message is a Swedish sentence."""


@dataclass(frozen=True)
class TracedFigure:
    """A figure as a reader sees it, a protected one without numbers; or one that is computed and not published yet."""

    figure_id: str
    indicator_id: str
    cell: Mapping[str, str]
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    observations: int | None
    is_protected: bool
    publication_id: int | None = None


@dataclass(frozen=True)
class Computation:
    """What the figure was computed by: only what was known at ``as_of`` is in it."""

    computation_id: int
    run_id: int
    period: str
    as_of: datetime
    catalogue_sha256: str
    computed_at: datetime


@dataclass(frozen=True)
class Run:
    """One run of the line, in Airflow or at the keyboard."""

    run_id: int
    dag_id: str
    dag_run_id: str
    period: str | None
    code_version: str
    started_at: datetime


@dataclass(frozen=True)
class SourceFile:
    """One delivered file and the rows of it that a figure rests on.

    Attributes:
        rows: Ranges of row numbers, both ends included; 1 is the first row below the header.
        corrected: Rows that the municipality had corrected, each with the correction's id.
        disposed_on: Day of the board's decision by which the file was destroyed (gallring); None while it is kept.
        disposed_by: Paragraph or registry number of that decision.
    """

    delivery_id: int
    dataset: str | None
    sender: str | None
    period: date | None
    file_name: str
    sha256: str
    received_at: datetime
    dag_id: str
    dag_run_id: str
    rows: tuple[tuple[int, int], ...]
    corrected: tuple[tuple[int, str], ...] = ()
    disposed_on: date | None = None
    disposed_by: str | None = None

    @property
    def row_count(self) -> int:
        return sum(last - first + 1 for first, last in self.rows)


@dataclass(frozen=True)
class FigureEvidence:
    """Everything the ledger knows of one published figure.

    Attributes:
        publication: The publication; ``None`` when the figure is computed and not published.
        package: The package that was published; ``None`` with the publication.
        runs: The run that computed, the one that made the package and the one that published, by ``berakning``,
            ``paket`` and ``publicering``.
        checks: The check runs that the publication rested on.
        log: First and last row of the log about package and publication.
        sources: The files behind it, where the source rows were given.
        standing: What has become of the publication since.
    """

    figure: TracedFigure
    publication: Publication | None
    package: Package | None
    computation: Computation
    runs: Mapping[str, Run]
    checks: tuple[CheckRun, ...]
    approvals: tuple[Approval, ...]
    receipts: tuple[Receipt, ...]
    log: tuple[int, int] | None
    sources: tuple[SourceFile, ...]
    standing: Standing = field(default_factory=Standing)

    def as_json(self) -> dict[str, Any]:
        """The evidence for machines: Swedish keys as on receipts, numbers as text so that none is rounded."""
        figure = self.figure
        return {
            "siffra": figure.figure_id,
            "indikator": figure.indicator_id,
            "cell": dict(figure.cell),
            "taljare": _number(figure.numerator),
            "namnare": _number(figure.denominator),
            "varde": _number(figure.value),
            "antal": figure.observations,
            "skyddad": figure.is_protected,
            "publicering": _plain(self.publication) if self.publication else None,
            "paket": _package(self.package) if self.package else None,
            "berakning": _plain(self.computation),
            "korningar": {role: _plain(run) for role, run in self.runs.items()},
            "kontroller": [
                _plain(run) | {"results": [_plain(result) for result in run.results]} for run in self.checks
            ],
            "beslut": [_plain(approval) for approval in self.approvals],
            **self.standing.as_json(),
            "kvittenser": [_plain(receipt) for receipt in self.receipts],
            "logg": {"forsta": self.log[0], "sista": self.log[1]} if self.log else None,
            "kallor": [_source(source) for source in self.sources],
        }


def figure_evidence(
    connection: Connection,
    figure_id: str,
    *,
    publication_id: int | None = None,
    sources: Iterable[tuple[int, int]] = (),
) -> FigureEvidence:
    """Walk from a published figure back to everything it rests on.

    Args:
        connection: Under the auditor's role, for instance.
        figure_id: Such as ``maluppfyllelse/2026-T1/insatstyp=jobbpeng_grund``.
        publication_id: The publication to look in; the newest that has the figure by default.
        sources: The figure's source rows as (delivery_id, row_no), from the indicators room.

    Raises:
        FigureNotFound: No publication, or not the given one, has the figure.
    """
    row = LEDGER.fetch_one(
        connection, "lineage/published_figure.sql", figure_id=figure_id, publication_id=publication_id
    )
    if row is None:
        raise FigureNotFound(f"Siffran {figure_id} finns inte i någon publicering.")
    figure = TracedFigure(**row)
    publication = find_publication(connection, row["publication_id"])
    package = find_package(connection, publication.package_id) if publication else None
    if publication is None or package is None:  # foreign keys see to it that both are there
        raise FigureNotFound(f"Siffran {figure_id} saknar publicering.")
    [computed] = LEDGER.fetch_all(connection, "lineage/computation.sql", computation_id=package.computation_id)
    [events] = LEDGER.fetch_all(
        connection,
        "lineage/publication_events.sql",
        package_id=package.package_id,
        publication_id=publication.publication_id,
    )
    run_ids = {"berakning": computed["run_id"], "paket": package.run_id, "publicering": publication.run_id}
    runs = LEDGER.fetch_all(connection, "lineage/runs.sql", run_ids=list(run_ids.values()))
    by_id = {run["run_id"]: Run(**run) for run in runs}
    return FigureEvidence(
        figure=figure,
        publication=publication,
        package=package,
        computation=Computation(**computed),
        runs={role: by_id[run_id] for role, run_id in run_ids.items()},
        checks=deciding_check_runs(connection, package.computation_id, publication.published_at),
        approvals=approvals(connection, package.package_id),
        receipts=receipts(connection, publication.publication_id),
        log=(events["first_seq"], events["last_seq"]),
        sources=source_files(connection, sources),
        standing=find_standing(connection, publication.publication_id),
    )


def computed_evidence(
    connection: Connection, figure_id: str, *, sources: Iterable[tuple[int, int]] = ()
) -> FigureEvidence:
    """Give what the ledger knows of a figure that is computed but not published: the newest computation of its period.

    Args:
        connection: Under a role that may read computed values.
        figure_id: As for :func:`figure_evidence`.
        sources: As for :func:`figure_evidence`.

    Raises:
        FigureNotFound: There is no such figure in the newest computation, or the text names none.
    """
    indicator_id, period, cell = read_figure_id(figure_id)
    row = LEDGER.fetch_one(
        connection, "lineage/computed_figure.sql", indicator_id=indicator_id, period=period, cell=json.dumps(cell)
    )
    if row is None:
        raise FigureNotFound(f"Siffran {figure_id} är varken publicerad eller beräknad.")
    numbers = {name: value for name, value in row.items() if name != "computation_id"}
    [computed] = LEDGER.fetch_all(connection, "lineage/computation.sql", computation_id=row["computation_id"])
    [run] = LEDGER.fetch_all(connection, "lineage/runs.sql", run_ids=[computed["run_id"]])
    return FigureEvidence(
        figure=TracedFigure(figure_id=figure_id, **numbers),
        publication=None,
        package=None,
        computation=Computation(**computed),
        runs={"berakning": Run(**run)},
        checks=deciding_check_runs(connection, row["computation_id"]),
        approvals=(),
        receipts=(),
        log=None,
        sources=source_files(connection, sources),
    )


def read_figure_id(figure_id: str) -> tuple[str, str, dict[str, str]]:
    """Read ``maluppfyllelse/2026-T1/insatstyp=jobbpeng_grund,kon=kvinna`` as indicator, period and cell.

    Raises:
        FigureNotFound: The text is not the name of a figure.
    """
    indicator_id, _, rest = figure_id.partition("/")
    period, _, breakdowns = rest.partition("/")
    pairs = [part.partition("=") for part in breakdowns.split(",")] if breakdowns else []
    if not indicator_id or not period or any(not (name and equals and code) for name, equals, code in pairs):
        raise FigureNotFound(
            "En siffra skrivs indikator/period eller indikator/period/indelning=kod, "
            "till exempel maluppfyllelse/2026-T1/insatstyp=jobbpeng_grund."
        )
    return indicator_id, period, {name: code for name, _, code in pairs}


def source_files(
    connection: Connection, rows: Iterable[tuple[int, int]], as_of: datetime | None = None
) -> tuple[SourceFile, ...]:
    """Give the files behind source rows, in the order dataset, sender, month.

    Args:
        connection: Any that may read quarantine, where there are rows.
        rows: Source rows as (delivery_id, row_no), in any order; the same row may come several times.
        as_of: When the figure was known: decides which corrections of rows are told; now by default.
    """
    numbers: dict[int, set[int]] = {}
    for delivery_id, row_no in rows:
        numbers.setdefault(delivery_id, set()).add(row_no)
    found = LEDGER.fetch_all(connection, "lineage/source_files.sql", delivery_ids=sorted(numbers))
    corrected: dict[int, list[tuple[int, str]]] = {}
    for row in LEDGER.fetch_all(connection, "lineage/corrected_rows.sql", delivery_ids=sorted(numbers), as_of=as_of):
        if row["row_no"] in numbers[row["delivery_id"]]:
            corrected.setdefault(row["delivery_id"], []).append((row["row_no"], row["rattelse_id"]))
    return tuple(
        SourceFile(
            **row, rows=row_ranges(numbers[row["delivery_id"]]), corrected=tuple(corrected.get(row["delivery_id"], ()))
        )
        for row in found
    )


def row_ranges(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Write row numbers as ranges: 1, 2, 3, 7 become (1, 3), (7, 7)."""
    ranges: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return tuple(ranges)


def _package(package: Package) -> dict[str, Any]:
    return _plain(package) | {"files": [_plain(file) for file in package.files]}


def _source(source: SourceFile) -> dict[str, Any]:
    told = {"rows": [list(span) for span in source.rows], "corrected": [list(one) for one in source.corrected]}
    return _plain(source) | told


def _plain(row: Any) -> dict[str, Any]:
    """The fields of a ledger row as JSON has them; what is itself made of rows is left to the caller."""
    plain: dict[str, Any] = {}
    for name, value in vars(row).items():
        if isinstance(value, datetime):
            plain[name] = value.astimezone(UTC).isoformat()
        elif isinstance(value, date):
            plain[name] = value.isoformat()
        else:
            plain[name] = value
    return plain


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
