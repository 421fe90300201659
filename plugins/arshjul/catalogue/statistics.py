"""What is fetched from the statistics services: ``include/statistics/kolada.yaml`` and ``scb.yaml``.

Only codes stand here, never ids that a service changes by itself: groups of municipalities are named by title, months
from a first one on. Every dimension of a table is named, since a service sums away what is not (facts: SCB, trap 1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeAlias

from arshjul.catalogue.yaml_files import Definition, read_definition

SOURCES = ("kolada", "scb")
GENDER = "gender"

_KOLADA_AREA = re.compile(r"[0-9]{4}", re.ASCII)
_SCB_AREA = re.compile(r"[0-9]{2}([0-9]{2})?", re.ASCII)
_PERIOD = re.compile(r"[0-9]{4}(M(0[1-9]|1[0-2]))?", re.ASCII)


class KnownCell(Definition):
    """A cell that is known to exist: a fetch without it, or with another value in it, is refused.

    Attributes:
        series: The series, as in the warehouse.
        area: Code of the area.
        period: The service's code of the period.
        dimensions: Every other dimension by its code.
        value: What the value is; when left out, it is enough that there is one.
        tolerance: How far from ``value`` it may be, in the value's own unit: small revisions are no alarm.
    """

    series: str
    area: str
    period: str
    dimensions: Mapping[str, str]
    value: Decimal | None = None
    tolerance: Decimal = Decimal(0)


class Kpi(Definition):
    """One KPI of Kolada.

    Attributes:
        id: Kolada's id, ``N…`` or ``U…``.
        title: What we call it, in Swedish.
    """

    id: str
    title: str


class KoladaSelection(Definition):
    """What is fetched from Kolada: every KPI for every area and every year.

    Attributes:
        source: ``kolada``.
        title: What the service is called.
        address: Where its API is; https.
        source_line: How it is cited.
        stale_after_months: How long after the last period's end a series is told to be silent.
        areas: Municipalities and ``0000`` (Riket).
        own_areas: The areas whose latest values are told first.
        groups: Beginnings of titles of groups of municipalities (without the year); the newest year is fetched, the
            group itself and its members.
        first_year: First year that is fetched; the last is the current one.
        kpis: The KPIs.
        known_cells: What must be there.
    """

    source: Literal["kolada"]
    title: str
    address: str
    source_line: str
    stale_after_months: int
    areas: tuple[str, ...]
    own_areas: tuple[str, ...]
    groups: tuple[str, ...]
    first_year: int
    kpis: tuple[Kpi, ...]
    known_cells: tuple[KnownCell, ...]

    def __attrs_post_init__(self) -> None:
        _check_head(self.address, self.areas, self.own_areas, _KOLADA_AREA)
        _check_once(kpi.id for kpi in self.kpis)
        for kpi in self.kpis:
            if not re.fullmatch(r"[NU][0-9]{5}", kpi.id, re.ASCII):
                raise ValueError(f"not a KPI of Kolada: {kpi.id}")
        _check_known_cells(self.known_cells, self.titles, {kpi.id: frozenset({GENDER}) for kpi in self.kpis})

    @property
    def titles(self) -> Mapping[str, str]:
        """What we call each series."""
        return {kpi.id: kpi.title for kpi in self.kpis}

    @property
    def totals(self) -> Mapping[str, Mapping[str, str]]:
        """The cell of each series that no dimension divides."""
        return {kpi.id: {GENDER: "T"} for kpi in self.kpis}


class Table(Definition):
    """One table of SCB, with every dimension it has.

    Attributes:
        id: SCB's id, ``TAB…``.
        title: What we call it, in Swedish.
        area: Code of the dimension that holds the area.
        period: Code of the dimension that holds the period.
        measure: Code of the dimension that holds the measure.
        first_period: First period that is fetched, with everything after it.
        measures: Code of each measure, and what we call it.
        dimensions: Every other dimension and the codes that are fetched; the first one is the total, or what stands
            for it.
    """

    id: str
    title: str
    area: str
    period: str
    measure: str
    first_period: str
    measures: Mapping[str, str]
    dimensions: Mapping[str, tuple[str, ...]]

    def __attrs_post_init__(self) -> None:
        if not re.fullmatch(r"TAB[0-9]+", self.id, re.ASCII):
            raise ValueError(f"not a table of SCB: {self.id}")
        if not _PERIOD.fullmatch(self.first_period):
            raise ValueError(f"not a year or a month: {self.first_period}")
        if not self.measures or not all(self.dimensions.values()):
            raise ValueError(f"{self.id}: a measure or a dimension without codes")
        named = {self.area, self.period, self.measure}
        if len(named) != 3 or named & set(self.dimensions):
            raise ValueError(f"{self.id}: a dimension is named twice")

    def series_id(self, measure: str) -> str:
        """What the warehouse calls the series of one measure."""
        return f"{self.id}/{measure}"


class ScbSelection(Definition):
    """What is fetched from SCB: every table for every area.

    Attributes:
        source: ``scb``.
        title: What the service is called.
        address: Where its API is; https.
        source_line: How it is cited.
        stale_after_months: How long after the last period's end a series is told to be silent.
        areas: Municipalities, counties and ``00`` (Riket).
        own_areas: The areas whose latest values are told first.
        tables: The tables.
        known_cells: What must be there.
    """

    source: Literal["scb"]
    title: str
    address: str
    source_line: str
    stale_after_months: int
    areas: tuple[str, ...]
    own_areas: tuple[str, ...]
    tables: tuple[Table, ...]
    known_cells: tuple[KnownCell, ...]

    def __attrs_post_init__(self) -> None:
        _check_head(self.address, self.areas, self.own_areas, _SCB_AREA)
        _check_once(table.id for table in self.tables)
        dimensions = {
            table.series_id(measure): frozenset(table.dimensions) for table in self.tables for measure in table.measures
        }
        _check_known_cells(self.known_cells, self.titles, dimensions)

    @property
    def titles(self) -> Mapping[str, str]:
        """What we call each series."""
        return {
            table.series_id(code): f"{table.title}: {title}"
            for table in self.tables
            for code, title in table.measures.items()
        }

    @property
    def totals(self) -> Mapping[str, Mapping[str, str]]:
        """The cell of each series that no dimension divides."""
        return {
            table.series_id(code): {name: codes[0] for name, codes in table.dimensions.items()}
            for table in self.tables
            for code in table.measures
        }


Selection: TypeAlias = KoladaSelection | ScbSelection


def load_selection(include: Path, source: str) -> Selection:
    """Read what is fetched from one service.

    Args:
        include: The catalogue.
        source: ``kolada`` or ``scb``.

    Raises:
        CatalogueError: The definition is wrong.
        ValueError: There is no such service.
    """
    if source not in SOURCES:
        raise ValueError(f"there is {' and '.join(SOURCES)}, not {source}")
    path = selection_file(include, source)
    return read_definition(path, KoladaSelection) if source == "kolada" else read_definition(path, ScbSelection)


def selection_file(include: Path, source: str) -> Path:
    """Where the definition of what is fetched from a service lies."""
    return include / "statistics" / f"{source}.yaml"


def _check_head(address: str, areas: tuple[str, ...], own: tuple[str, ...], rule: re.Pattern[str]) -> None:
    if not address.startswith(("https://", "http://127.0.0.1:")):
        raise ValueError("the address of a service begins with https://")
    _check_once(areas)
    if wrong := [area for area in areas if not rule.fullmatch(area)]:
        raise ValueError(f"not codes of areas: {', '.join(wrong)}")
    if not set(own) <= set(areas):
        raise ValueError("own_areas names an area that is not among areas")


def _check_once(names: Iterator[str] | tuple[str, ...]) -> None:
    given = list(names)
    if not given or len(given) != len(set(given)):
        raise ValueError(f"named twice, or nothing named: {', '.join(sorted(given))}")


def _check_known_cells(
    cells: tuple[KnownCell, ...], titles: Mapping[str, str], dimensions: Mapping[str, frozenset[str]]
) -> None:
    if not cells:
        raise ValueError("known_cells names at least one cell: an empty answer is not an error to the services")
    for cell in cells:
        if cell.series not in titles:
            raise ValueError(f"known_cells names a series that is not fetched: {cell.series}")
        if set(cell.dimensions) != dimensions[cell.series]:
            raise ValueError(f"a known cell of {cell.series} does not name every dimension")
