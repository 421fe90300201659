"""Every figure in the workbook's list leads back to its rows, before and after it is published, whatever kind it is."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from tests.disclosure.town import ROWS, SMALL, Build, Town

from arshjul.cli.figures import traced
from arshjul.lineage.trace import FigureEvidence, FigureNotFound
from arshjul.warehouse.engine import Role, transaction

MERGED = "maluppfyllelse/2024-T2/anordnare=ovriga"


def listed(town: Town) -> list[str]:
    """Read the names of the figures out of the finished workbook."""
    [book] = [content for name, content in town.package().items() if name.endswith(".xlsx")]
    sheet = load_workbook(io.BytesIO(book))["Siffror"]
    return [str(row[0]) for row in sheet.iter_rows(values_only=True) if row[0] and "/2024-T2" in str(row[0])]


def trace(town: Town, figures: list[str]) -> dict[str, FigureEvidence]:
    with transaction(town.settings, Role.AUDIT) as ledger, transaction(town.settings, Role.COMPUTE) as core:
        return {one: traced(ledger, core, town.settings.include, one) for one in figures}


def row_count(evidence: FigureEvidence) -> int:
    return sum(source.row_count for source in evidence.sources)


def test_every_figure_of_the_workbook_can_be_traced(build: Build) -> None:
    town = build(ROWS)
    figures = listed(town)
    measures, values = {one.partition("/")[0] for one in figures}, town.public()[-1]
    left = [one for one in values if one.indicator_id not in measures]
    assert {one.indicator_id for one in left if not one.cell and not one.numerator} == {
        one.indicator_id for one in left
    }, "only noughts that nobody has delivered are no figures"
    assert len(figures) == len(set(figures)) == len(values) - len(left)
    before = trace(town, figures)
    assert {one.publication for one in before.values()} == {None}
    town.publish()
    after = trace(town, figures)
    public = {(one.indicator_id, one.cell): one for one in town.public()[-1]}
    true = town.true()[-1]
    for figure, evidence in after.items():
        cell = tuple(sorted(evidence.figure.cell.items()))
        shown = public[evidence.figure.indicator_id, cell]
        told = (evidence.figure.numerator, evidence.figure.denominator, evidence.figure.observations)
        assert evidence.publication is not None
        assert told == (shown.numerator, shown.denominator, shown.observations)
        assert evidence.figure.is_protected == shown.is_protected
        assert evidence.sources == before[figure].sources
        if value := true.get((evidence.figure.indicator_id, cell)):
            assert (row_count(evidence) > 0) == (value.observations > 0), figure


def test_the_rows_of_each_kind_of_figure_are_the_right_ones(build: Build) -> None:
    town = build(ROWS)
    kinds = {
        "total": "maluppfyllelse/2024-T2",
        "cell": "maluppfyllelse/2024-T2/insatstyp=jobbpeng_grund",
        "large": "maluppfyllelse/2024-T2/anordnare=5560360793",
        "merged": MERGED,
        **{one: f"maluppfyllelse/2024-T2/anordnare={one}" for one in SMALL},
    }
    found = trace(town, list(kinds.values()))
    rows = {kind: row_count(found[figure]) for kind, figure in kinds.items()}
    ended = [row for row in ROWS if row["slutdatum"] >= "2024-05-01"]
    assert rows["large"] == sum(row["sender"] == "5560360793" for row in ended)
    assert rows["cell"] == sum(row["insatstyp"] == "jobbpeng_grund" for row in ended)
    assert rows["total"] == len(ended)
    assert rows["merged"] == sum(rows[one] for one in SMALL) == sum(row["sender"] in SMALL for row in ended)
    with pytest.raises(FigureNotFound, match="varken publicerad eller beräknad"):
        trace(town, ["maluppfyllelse/2024-T2/anordnare=finns-inte"])
