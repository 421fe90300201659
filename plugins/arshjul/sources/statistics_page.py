"""What a page of a statistics service says, in one shape for both services, and how its JSON is read.

Reading is strict: a page that is not what was asked for fails the whole fetch, since a wrong answer with status 200 is how
these services fail (facts: Kolada and SCB).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, NoReturn, TypeAlias

OPEN_END = "9999"
"""A last period that every period comes before."""

Request: TypeAlias = Mapping[str, Any]
"""What was asked: ``path``, for a POST ``body``, and what is needed to judge the answer. Kept with the page."""

Land: TypeAlias = Callable[[str, Request, bytes], None]
"""Keeps an answer before anything is read from it: its kind, the request, and the bytes as they came."""


class FetchFailed(RuntimeError):
    """The fetch fails, and nothing of it is loaded.

    Attributes:
        code: The rule, for machines.
        text: Why, a Swedish sentence for the data team. Statistics are public, but only codes are quoted.
        is_transient: Trying again later may help.
    """

    def __init__(self, code: str, text: str, *, is_transient: bool = False) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.is_transient = is_transient


@dataclass(frozen=True)
class Cell:
    """One cell: where it stands in the service's data, and what it says.

    Attributes:
        series_id: The series.
        area: Code of the area.
        period: The service's code of the period.
        dimensions: Every other dimension by its code.
        value: The value; None when the service says that there is none.
        status: The service's mark; empty when it has none.
        is_deleted: The service has taken the value back.
        members: How many members a group's value is the mean of, where the service says.
    """

    series_id: str
    area: str
    period: str
    dimensions: Mapping[str, str]
    value: Decimal | None
    status: str = ""
    is_deleted: bool = False
    members: int | None = None

    @property
    def key(self) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
        """What no other cell of the source has."""
        return self.series_id, self.area, self.period, tuple(sorted(self.dimensions.items()))


@dataclass(frozen=True)
class Series:
    """A series as its service describes it; fields as the columns of ``core.statistics_series``."""

    series_id: str
    title: str
    is_discontinued: bool
    attributes: Mapping[str, Any]


@dataclass(frozen=True)
class Area:
    """An area as its service names it; ``members`` are the codes of a group's members."""

    area: str
    title: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """The cells that were asked for: one that is known, asked for and not answered is gone.

    Attributes:
        series: The series.
        areas: Codes of areas.
        period_from: First period, compared as text.
        period_to: Last period.
        dimensions: Every other dimension and its codes.
    """

    series: tuple[str, ...]
    areas: tuple[str, ...]
    period_from: str
    period_to: str
    dimensions: Mapping[str, tuple[str, ...]]

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the page."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Asked:
        """Read what :meth:`as_json` wrote."""
        return cls(
            series=tuple(data["series"]),
            areas=tuple(data["areas"]),
            period_from=data["period_from"],
            period_to=data["period_to"],
            dimensions={name: tuple(codes) for name, codes in data["dimensions"].items()},
        )

    def covers(self, cell: Cell) -> bool:
        """The cell is one of those asked for."""
        return (
            cell.series_id in self.series
            and cell.area in self.areas
            and self.period_from <= cell.period <= self.period_to
            and cell.dimensions.keys() == self.dimensions.keys()
            and all(code in self.dimensions[name] for name, code in cell.dimensions.items())
        )


@dataclass(frozen=True)
class Content:
    """What one page says; ``named`` are the series that were asked for by name, whether the service knows them or not."""

    cells: tuple[Cell, ...] = ()
    series: tuple[Series, ...] = ()
    areas: tuple[Area, ...] = ()
    asked: Asked | None = None
    named: tuple[str, ...] = ()


def read_json(body: bytes, where: str) -> dict[str, Any]:
    """Read a page as a JSON object, its numbers exact.

    Args:
        body: The page as it came.
        where: What the sentence calls it.

    Raises:
        FetchFailed: ``inte_json``: HTML, cut off, no object, or numbers that are none.
    """

    def refuse(_: str) -> NoReturn:
        raise ValueError

    try:
        document = json.loads(body, parse_float=Decimal, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise FetchFailed(
            "inte_json", f"{where}: svaret är inte JSON eller är avhugget. Försök igen senare.", is_transient=True
        ) from None
    if not isinstance(document, dict):
        raise unexpected(where, "svaret är inte ett objekt")
    return document


def unexpected(where: str, what: str) -> FetchFailed:
    """The failure of an answer that is not what the service has said that it gives."""
    return FetchFailed("ovantat_svar", f"{where}: {what}. Tjänsten kan ha ändrats; läs den landade sidan.")


def number(value: object, where: str) -> Decimal | None:
    """Read a value: a number, or null for none.

    Raises:
        FetchFailed: It is anything else; ``true`` is no number.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise unexpected(where, "ett värde är inte ett tal")
    return Decimal(value)


def text(value: object, where: str, field: str) -> str:
    """Read a field that must be a text with something in it."""
    if not isinstance(value, str) or not value:
        raise unexpected(where, f"fältet {field} saknas eller är inte en text")
    return value


def batches(codes: tuple[str, ...], size: int) -> Iterator[tuple[str, ...]]:
    """Each code once, in the order given, so many at a time."""
    unique = tuple(dict.fromkeys(codes))
    for start in range(0, len(unique), size):
        yield unique[start : start + size]
