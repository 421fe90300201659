"""Indicators: what is computed and what the reader should know of it.

An indicator is two files with one stem, ``include/sql/indicator/<id>.sql`` and ``<id>.yaml``; what it left out and why is
counted by ``include/sql/left_out/<id>.sql`` where there is anything to leave out. Source: spec/indicators.md.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Literal

from arshjul.catalogue.yaml_files import CatalogueError, Definition, read_folder

Kind = Literal["share", "mean", "median", "count", "sum", "ratio"]
Cadence = Literal["manad", "tertial", "ar"]
Disclosure = Literal["antal_personer", "andel_personer", "medel_personer", "kvot_personer", "kvot_enheter", "oppen"]


class Source(Definition):
    """The governing document and clause that a definition comes from."""

    document: str
    clause: str


class IndicatorExpectation(Definition):
    """A check on an indicator's values, run by the quality gate.

    Attributes:
        check: ``intervall`` (every value between minimum and maximum) or ``delar_summerar`` (parts over a breakdown sum up).
        severity: ``stopp`` or ``varning``.
    """

    check: Literal["intervall", "delar_summerar"]
    severity: Literal["stopp", "varning"]
    minimum: float | None = None
    maximum: float | None = None
    over: str | None = None


class Indicator(Definition):
    """One indicator's definition.

    Attributes:
        id: Stem of its two files.
        title: Name in Swedish.
        definition: What it means, in Swedish, for a reader who is not a programmer.
        quality_area: Which of the three areas of the action plan it belongs to.
        kind: How observations become a value.
        unit: Unit as readers see it, such as ``procent``, ``dagar``, ``personer``.
        decimals: Decimals shown to readers.
        good: Which way is good.
        cadence: Periods it is reported for.
        breakdowns: Breakdown columns of its SELECT.
        tables: Breakdown combinations readers see; everything else stays internal.
        disclosure: Rule that protects persons (privacy.md §1, D1).
        distribution_over: Breakdown whose parts share one denominator and sum to the whole (exit reasons).
        sources: Governing documents.
        expectations: Checks on its values.
        class_: Which of the council's four classes it belongs to.
        owner: Function that answers for it.
        checked_by: Function that checked the definition.
        reviewed: When the definition was last reviewed.
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


def catalogue_sha256(include: Path) -> str:
    """Return one hash over every definition and its SQL, so that a value can say what it was computed by."""
    digest = hashlib.sha256()
    for folder in ("indicator", "left_out", "core", "compute"):
        for path in sorted((include / "sql" / folder).glob("*")):
            digest.update(f"{folder}/{path.name}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
