"""What a figure may be set beside: ``include/comparison``.

``bridges/<id>.yaml`` says which indicators are twins (the same thing under different definitions) and where the parts
between them are counted; ``peers.yaml`` which series of a statistics service is nearest to which indicator;
``uncertainty.yaml`` which indicator tells how many stand behind another, and where persons count many times.
Source: facts/kolada-scb.md §3 (definitions); requirements R31, R34, R61, T6, T9.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Literal

from arshjul.catalogue.codelists import CodeList, load_codelists
from arshjul.catalogue.yaml_files import CatalogueError, Definition, read_definition, read_folder


class Twin(Definition):
    """One definition of what the bridge is about.

    Attributes:
        indicator: The indicator that is counted by it.
        attribute: The attribute of the code list that says what each code counts as under it.
        words: The definition in a few words, as the first words of a row in a table.
    """

    indicator: str
    attribute: str
    words: str


class Bridge(Definition):
    """How the numerators of twins hang together: one counts some codes that another does not.

    Attributes:
        id: Stem of the file.
        title: Heading of the table.
        parts: The indicator whose values by ``over`` count each code: a distribution.
        over: The breakdown of the codes.
        code_list: The code list whose attributes say what each code counts as (``reached``, ``not``, ``outside``).
        base: The definition that the others are explained from.
        twins: The other definitions.
    """

    id: str
    title: str
    parts: str
    over: str
    code_list: str
    base: Twin
    twins: tuple[Twin, ...]

    def steps(self, twin: Twin, codes: CodeList) -> tuple[tuple[str, int], ...]:
        """Return the codes that part a twin from the base, in the list's order: +1 is added, −1 is taken away.

        Raises:
            CatalogueError: A code is inside one definition's denominator and outside the other's, so that no
                bridge sums; or does not say what it counts as.
        """
        found = []
        for code in codes.codes:
            if unknown := {self.base.attribute, twin.attribute} - code.attributes.keys():
                raise CatalogueError(f"{self.id}: {code.code} does not say {', '.join(sorted(unknown))}")
            here, there = code.attributes[self.base.attribute], code.attributes[twin.attribute]
            if (here == "outside") != (there == "outside"):
                raise CatalogueError(f"{self.id}: {code.code} is inside one definition and outside {twin.indicator}")
            if here != there:
                found.append((code.code, 1 if there == "reached" else -1))
        return tuple(found)


class PeerSeries(Definition):
    """The series of a statistics service that is nearest to an indicator of ours.

    Attributes:
        indicator: Our indicator.
        source: The service.
        series: Its id there.
        dimensions: The cell: every other dimension by its code.
        difference: How the two definitions differ, in whole Swedish sentences.
    """

    indicator: str
    source: Literal["kolada", "scb"]
    series: str
    dimensions: Mapping[str, str]
    difference: str

    def __attrs_post_init__(self) -> None:
        if not self.difference.endswith("."):
            raise ValueError(f"{self.series}: the difference is not said in a sentence")


class Peers(Definition):
    """Whom the municipality is set beside.

    Attributes:
        area: The municipality's own code.
        group: The beginning of the title of its group of similar municipalities, without the year.
        country: The code of the whole country.
        series: One for each indicator that has one.
    """

    area: str
    group: str
    country: str
    series: tuple[PeerSeries, ...]

    def of(self, indicator_id: str) -> PeerSeries | None:
        """Return the series nearest to an indicator, or ``None`` when there is none."""
        return next((one for one in self.series if one.indicator == indicator_id), None)


class Coverage(Definition):
    """How many stand behind the values of an indicator.

    Attributes:
        indicator: The indicator.
        coverage: The indicator that measures how many: a share.
        subject: What it is called as the first words of a sentence: ``Svarsfrekvensen``.
        caution_below: Below this, in percent, the reader is told to be careful.
    """

    indicator: str
    coverage: str
    subject: str
    caution_below: Decimal


class ManyFromOne(Definition):
    """An indicator where one person gives many observations.

    Attributes:
        indicator: The indicator.
        once_by: The breakdown within whose codes each person counts once; ``None`` when there is none.
    """

    indicator: str
    once_by: str | None = None


class Uncertainty(Definition):
    """What must be said beside values.

    Attributes:
        coverage: Which indicator tells how many stand behind another.
        many_from_one: Where persons count many times, so that intervals would be too narrow.
    """

    coverage: tuple[Coverage, ...]
    many_from_one: tuple[ManyFromOne, ...]

    def coverage_of(self, indicator_id: str) -> Coverage | None:
        """Return the measure of how many stand behind an indicator, or ``None`` when it has none."""
        return next((one for one in self.coverage if one.indicator == indicator_id), None)

    def counts_persons_once(self, indicator_id: str, cell: Mapping[str, str]) -> bool:
        """Say whether every person counts once in a cell of an indicator."""
        found = next((one for one in self.many_from_one if one.indicator == indicator_id), None)
        return found is None or (found.once_by is not None and found.once_by in cell)


def load_bridges(include: Path) -> dict[str, Bridge]:
    """Read ``include/comparison/bridges``, by id in name order.

    Raises:
        CatalogueError: A definition is wrong, its id is not its stem, or its code list does not carry a bridge.
    """
    bridges = read_folder(include / "comparison" / "bridges", Bridge)
    lists = load_codelists(include)
    for stem, bridge in bridges.items():
        if bridge.id != stem:
            raise CatalogueError(f"{stem}.yaml: id is {bridge.id}")
        if bridge.code_list not in lists:
            raise CatalogueError(f"{stem}.yaml: there is no code list {bridge.code_list}")
        for twin in bridge.twins:
            bridge.steps(twin, lists[bridge.code_list])
    return bridges


def load_peers(include: Path) -> Peers:
    """Read ``include/comparison/peers.yaml``.

    Raises:
        CatalogueError: The definition is wrong.
    """
    return read_definition(include / "comparison" / "peers.yaml", Peers)


def load_uncertainty(include: Path) -> Uncertainty:
    """Read ``include/comparison/uncertainty.yaml``.

    Raises:
        CatalogueError: The definition is wrong.
    """
    return read_definition(include / "comparison" / "uncertainty.yaml", Uncertainty)
