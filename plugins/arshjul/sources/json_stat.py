"""json-stat2 as SCB gives it: a cube of values in row-major order, dense or sparse, with marks beside them.

Source: the JSON-stat 2.0 format (json-stat.org/full): ``value`` and ``status`` are arrays, or objects by position;
``status`` may also be one mark for all; ``category.index`` is an object, an array, or left out for a single category.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from arshjul.sources.statistics_page import number, unexpected


@dataclass(frozen=True)
class Cube:
    """A dataset in json-stat2.

    Attributes:
        codes: Dimension to its codes, both in the order of the cube.
        document: The dataset as it was read.
        where: What sentences call it.
    """

    codes: Mapping[str, tuple[str, ...]]
    document: Mapping[str, Any]
    where: str

    @property
    def size(self) -> int:
        """Number of cells."""
        return math.prod(len(codes) for codes in self.codes.values())

    def labels(self, dimension: str) -> Mapping[str, str]:
        """Code to its name; a code without a name names itself."""
        named = self.document["dimension"][dimension]["category"].get("label") or {}
        return {code: str(named.get(code) or code) for code in self.codes[dimension]}

    def cells(self) -> Iterator[tuple[Mapping[str, str], Decimal | None, str]]:
        """Every cell in order: its code in each dimension, its value, its mark.

        Raises:
            FetchFailed: Values or marks do not fit the size.
        """
        values = self._by_position("value", self.document.get("value"))
        marks = self._by_position("status", self.document.get("status", {}))
        for position, codes in enumerate(itertools.product(*self.codes.values())):
            value = number(values.get(position), self.where)
            mark = marks.get(position)
            yield dict(zip(self.codes, codes, strict=True)), value, "" if mark is None else str(mark)

    def _by_position(self, name: str, given: object) -> Mapping[int, Any]:
        if name == "status" and isinstance(given, str):
            return dict.fromkeys(range(self.size), given)
        if isinstance(given, list):
            if len(given) != self.size:
                raise unexpected(self.where, f"{len(given)} poster i {name}, väntade {self.size}")
            return dict(enumerate(given))
        if isinstance(given, dict) and all(_is_position(place, self.size) for place in given):
            return {int(place): one for place, one in given.items()}
        raise unexpected(self.where, f"{name} går inte att läsa")


def read_cube(document: Mapping[str, Any], where: str) -> Cube:
    """Read a dataset's dimensions; its cells are read by :meth:`Cube.cells`.

    Args:
        document: The dataset.
        where: What sentences call it.

    Raises:
        FetchFailed: It is no json-stat2 dataset, or its dimensions do not fit its sizes.
    """
    ids, sizes, dimensions = document.get("id"), document.get("size"), document.get("dimension")
    if not (isinstance(ids, list) and isinstance(sizes, list) and isinstance(dimensions, dict)):
        raise unexpected(where, "svaret är inte json-stat2")
    if len(ids) != len(sizes) or len(set(map(str, ids))) != len(ids):
        raise unexpected(where, "id och size stämmer inte med varandra")
    codes = {str(name): _codes(dimensions.get(name), where, str(name)) for name in ids}
    if [len(of) for of in codes.values()] != sizes:
        raise unexpected(where, "koderna stämmer inte med size")
    return Cube(codes, document, where)


def _codes(dimension: object, where: str, name: str) -> tuple[str, ...]:
    category = dimension.get("category") if isinstance(dimension, dict) else None
    if not isinstance(category, dict):
        raise unexpected(where, f"dimensionen {name} saknar koder")
    index = category.get("index", category.get("label"))
    if isinstance(index, dict) and "index" in category:
        if sorted(index.values(), key=repr) != sorted(range(len(index)), key=repr):
            raise unexpected(where, f"dimensionen {name} har koder utan plats")
        return tuple(sorted(index, key=index.__getitem__))
    if isinstance(index, dict) and len(index) == 1:
        return tuple(index)
    if isinstance(index, list) and _are_codes(index):
        return tuple(index)
    raise unexpected(where, f"dimensionen {name} saknar koder")


def _are_codes(codes: Sequence[object]) -> bool:
    return all(isinstance(code, str) for code in codes) and len(set(codes)) == len(codes)


def _is_position(text: str, size: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12 and int(text) < size
