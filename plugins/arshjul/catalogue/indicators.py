"""Indicators: what is computed and what the reader should know of it.

An indicator is two files with one stem, ``include/sql/indicator/<id>.sql`` and ``<id>.yaml``; what it left out and why is
counted by ``include/sql/left_out/<id>.sql`` where there is anything to leave out. Source: spec/indicators.md.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path
from typing import Literal

import attrs

from arshjul.catalogue.yaml_files import CatalogueError, Definition, key, read_folder
from arshjul.periods import Period, PeriodError, parse_period

Kind = Literal["share", "mean", "median", "count", "sum", "ratio"]
Cadence = Literal["manad", "tertial", "ar"]
Disclosure = Literal[
    "antal_personer",
    "andel_personer",
    "medel_personer",
    "medel_enheter",
    "kvot_personer",
    "kvot_per_person",
    "kvot_enheter",
    "summa_enheter",
    "oppen",
]


class Source(Definition):
    """The governing document and clause that a definition comes from."""

    document: str
    clause: str


class IndicatorExpectation(Definition):
    """A check on an indicator's values, run by the quality gate.

    Attributes:
        check: ``intervall`` (every value between minimum and maximum), ``delar_summerar`` (parts over a breakdown sum up)
            or ``tackning`` (the total, itself a measure of how much is covered, is at least the minimum).
        severity: ``stopp`` or ``varning``.
    """

    check: Literal["intervall", "delar_summerar", "tackning"]
    severity: Literal["stopp", "varning"]
    minimum: float | None = None
    maximum: float | None = None
    over: str | None = None


class Change(Definition):
    """A new version of a definition: from then on the figure means something else, and the series is broken.

    Attributes:
        version: The version it brought; the first definition is version 1.
        from_: Key of the first period that the new version is for.
        what: What changed and why, a Swedish sentence that readers see beside the figures.
    """

    version: int
    from_: str = attrs.field(metadata=key("from"))
    what: str

    def __attrs_post_init__(self) -> None:
        try:
            parse_period(self.from_)
        except PeriodError as error:
            raise ValueError(f"changes, version {self.version}, from: {error}") from None
        if not self.what.endswith("."):
            raise ValueError(f"changes, version {self.version}: what is not a sentence")

    @property
    def first_day(self) -> date:
        """First day that the new version is for."""
        return parse_period(self.from_).start


class Related(Definition):
    """Another indicator that is to be read beside this one.

    Attributes:
        indicator: Its id.
        how: What it says, or how it differs, as a Swedish sentence.
    """

    indicator: str
    how: str


class Indicator(Definition):
    """One indicator's definition.

    Attributes:
        id: Stem of its two files.
        title: Name in Swedish.
        definition: What it means, in Swedish, for a reader who is not a programmer.
        counted: What is counted, as Swedish words that follow "Räkna alla": the denominator of a share or a ratio.
        measured: What makes the numerator: of a share words that follow "hur många av dem", else what is measured and
            added up. Empty for a count.
        quality_area: Which of the three areas of the action plan it belongs to.
        kind: How observations become a value.
        unit: Unit as readers see it, such as ``procent``, ``dagar``, ``personer``.
        decimals: Decimals shown to readers.
        each_once: Of a count: no two rows of its SELECT are about the same thing, so that rows are counted and nothing
            needs to be told apart. Otherwise different things are counted, whatever number of rows they have.
        good: Which way is good.
        cadence: Periods it is reported for.
        breakdowns: Breakdown columns of its SELECT.
        tables: Breakdown combinations readers see; everything else stays internal.
        disclosure: Rule that protects persons (privacy.md §1, D1).
        distribution_over: Breakdown whose parts share one denominator and sum to the whole (exit reasons).
        sources: Governing documents.
        related: Its twins, and what it is to be read with.
        expectations: Checks on its values.
        class_: Which of the council's four classes it belongs to.
        owner: Function that answers for it.
        checked_by: Function that checked the definition.
        reviewed: When the definition was last reviewed.
        version: Which definition this is: the newest change's version, 1 when nothing has changed.
        changes: Every new version since the first, oldest first.
    """

    id: str
    title: str
    definition: str
    quality_area: Literal["struktur", "process", "resultat"]
    kind: Kind
    unit: str
    decimals: int
    good: Literal["up", "down", "none"]
    cadence: tuple[Cadence, ...]
    breakdowns: tuple[str, ...]
    tables: tuple[tuple[str, ...], ...]
    disclosure: Disclosure
    distribution_over: str | None = None
    sources: tuple[Source, ...]
    expectations: tuple[IndicatorExpectation, ...]
    class_: Literal["strategiskt", "basuppdrag", "volym", "resurs"]
    owner: str
    checked_by: str
    reviewed: date
    counted: str = ""
    measured: str = ""
    related: tuple[Related, ...] = ()
    each_once: bool = False
    version: int = 1
    changes: tuple[Change, ...] = ()

    def __attrs_post_init__(self) -> None:
        for table in self.tables:
            if unknown := set(table) - set(self.breakdowns):
                raise ValueError(f"tables name unknown breakdowns: {', '.join(sorted(unknown))}")
        if self.distribution_over and self.distribution_over not in self.breakdowns:
            raise ValueError("distribution_over is not a breakdown")
        if not self.sources:
            raise ValueError("a definition without a source")
        if self.owner == self.checked_by:
            raise ValueError("the owner cannot be the one who checked")
        versions = [1, *(change.version for change in self.changes)]
        if versions != sorted(set(versions)) or versions[-1] != self.version:
            raise ValueError("versions of changes rise from 2, and the newest one is the definition's version")
        days = [change.first_day for change in self.changes]
        if days != sorted(set(days)):
            raise ValueError("a newer version of the definition is for later periods than the one before")

    @property
    def counts_units(self) -> bool:
        """Say whether protection needs the different persons behind a value (column ``disclosure_unit`` of the SELECT)."""
        return self.disclosure.endswith("_enheter")

    @property
    def tells_apart(self) -> bool:
        """Say whether things that may be in several rows and cells are counted once."""
        return (self.kind == "count" and not self.each_once) or self.counts_units


def series_break(indicator: Indicator, earlier_period: Period, later_period: Period) -> Change | None:
    """Tell whether two periods' figures mean different things.

    A period in which a new version begins counts as both before and after it: its figure is mixed, and compares with
    neither side unmarked.

    Args:
        indicator: The indicator.
        earlier_period: The period compared with.
        later_period: The period that is compared; the order of the two does not matter.

    Returns:
        The newest change between the two, with the sentence that is shown beside the comparison, or None when the
        figures have the same meaning.
    """
    first, last = sorted((earlier_period, later_period), key=lambda period: period.start)
    if first == last:
        return None
    crossed = [change for change in indicator.changes if first.start < change.first_day <= last.end]
    return crossed[-1] if crossed else None


def load_indicators(include: Path) -> dict[str, Indicator]:
    """Read ``include/sql/indicator``, in file name order.

    Raises:
        CatalogueError: A definition is wrong, its id is not its stem, or one of the two files is missing.
    """
    folder = include / "sql" / "indicator"
    indicators = read_folder(folder, Indicator)
    statements = {path.stem for path in folder.glob("*.sql")}
    if lone := statements ^ set(indicators):
        raise CatalogueError(f"an indicator is two files with one stem: {', '.join(sorted(lone))}")
    for stem, indicator in indicators.items():
        if indicator.id != stem:
            raise CatalogueError(f"{stem}.yaml: id is {indicator.id}")
    return indicators


def statements_behind(include: Path, indicator_id: str) -> dict[str, str]:
    """Return an indicator's SELECT and the functions of core that it stands on, all the way down.

    Args:
        include: The folder with the catalogue.
        indicator_id: The indicator.

    Returns:
        Text by file below ``include/sql``, the indicator's own first.
    """
    found: dict[str, str] = {}
    waiting = [f"indicator/{indicator_id}.sql"]
    while waiting:
        name = waiting.pop(0)
        file = include / "sql" / name
        if name not in found and file.is_file():
            found[name] = file.read_text(encoding="utf-8")
            waiting += [f"core/{function}.sql" for function in re.findall(r"\bcore\.([a-z_]+)", found[name])]
    return found


def catalogue_sha256(include: Path) -> str:
    """Return one hash over every definition and its SQL, so that a value can say what it was computed by."""
    digest = hashlib.sha256()
    for folder in ("indicator", "left_out", "core", "compute"):
        for path in sorted((include / "sql" / folder).glob("*")):
            digest.update(f"{folder}/{path.name}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
