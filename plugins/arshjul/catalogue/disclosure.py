"""What disclosure control goes by: the thresholds, and how the indicators' counts hang together.

The relations stand in ``include/disclosure/samband.yaml``. Source of the thresholds: facts/privacy.md §0 D1 and §1.1.
"""

from __future__ import annotations

import hashlib
from importlib.resources.abc import Traversable

import attrs

from arshjul.catalogue.yaml_files import CatalogueError, Definition, key, read_definition

FEW = 5
"""t: a count of persons below it is sensitive."""

FEW_FOR_MEAN = 10
"""A mean or median needs this many observations."""

FEW_OF_PROVIDER = 10
"""A provider with fewer is shown together with others."""

Count = tuple[str, str]
"""Indicator and which of its counts: ``antal`` or ``taljare``."""

_COUNTS = ("antal", "taljare")


def as_count(text: str) -> Count:
    """Read ``maluppfyllelse.taljare``.

    Raises:
        ValueError: It is not the name of a count.
    """
    indicator_id, _, which = text.partition(".")
    if not indicator_id or which not in _COUNTS:
        raise ValueError(f"{text} is not indikator.antal or indikator.taljare")
    return indicator_id, which


class PartsOfDistribution(Definition):
    """Another indicator's numerator is the sum of a distribution's parts with some of its codes.

    Attributes:
        whole: The count.
        parts: The indicator with ``distribution_over``.
        code_list: The list of its codes.
        attribute: Which of a code's attributes decides.
        equals: Its value for the codes that count.
    """

    whole: str
    parts: str
    code_list: str
    attribute: str
    equals: str = attrs.field(metadata=key("is"))


class Later(Definition):
    """A count is another one some months later."""

    count: str
    of: str
    months: int


class Flow(Definition):
    """What is going on in a period had begun by its end and had not ended before it.

    Attributes:
        active: What is going on some day of a period.
        started: What began in it.
        ended: What ended in it.
    """

    active: str
    started: str
    ended: str


class Relations(Definition):
    """How the indicators' counts hang together; what each part means stands in ``samband.yaml``."""

    same: tuple[tuple[str, ...], ...]
    rests: tuple[tuple[str, str], ...]
    at_most: tuple[tuple[str, str], ...]
    sums: tuple[PartsOfDistribution, ...]
    left_out: dict[str, str]
    later: tuple[Later, ...]
    lasting: tuple[str, ...]
    flows: tuple[Flow, ...]
    moving: tuple[str, ...]
    weights: dict[str, float]
    sensitive_programmes: tuple[str, ...]
    year_to_date: dict[str, tuple[tuple[str, ...], ...]]

    def __attrs_post_init__(self) -> None:
        for name in self._names():
            as_count(name)
        named = [name for group in self.same for name in group]
        if len(named) != len(set(named)):
            raise ValueError("a count stands in two groups of same")

    def _names(self) -> list[str]:
        pairs = [*self.same, *self.rests, *self.at_most]
        return [
            *(name for pair in pairs for name in pair),
            *(one.whole for one in self.sums),
            *self.left_out.values(),
            *(name for one in self.later for name in (one.count, one.of)),
            *(name for one in self.flows for name in (one.active, one.started, one.ended)),
        ]

    def indicators(self) -> frozenset[str]:
        """Every indicator that is named."""
        counted = {as_count(name)[0] for name in self._names()}
        named = [*self.left_out, *self.lasting, *self.weights, *self.year_to_date, *(one.parts for one in self.sums)]
        return frozenset(counted.union(named))

    def canonical(self, count: Count) -> Count:
        """Return the name under which a count is known, when it has several."""
        name = ".".join(count)
        group = next((group for group in self.same if name in group), None)
        return as_count(group[0]) if group else count


def load_relations(include: Traversable) -> Relations:
    """Read ``include/disclosure/samband.yaml``.

    Raises:
        CatalogueError: It is wrong.
    """
    return read_definition(_file(include), Relations)


def relations_sha256(include: Traversable) -> str:
    """Return the hash of the declared relations, so that a protection can say what it was made by."""
    return hashlib.sha256(_file(include).read_bytes()).hexdigest()


def _file(include: Traversable) -> Traversable:
    path = include / "disclosure" / "samband.yaml"
    if not path.is_file():
        raise CatalogueError("disclosure/samband.yaml is missing")
    return path
