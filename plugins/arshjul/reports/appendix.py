"""What stands last in every report: what was left out, what was delivered, what was checked and what words mean."""

from __future__ import annotations

from collections.abc import Iterator

from arshjul.catalogue.contracts import Contract
from arshjul.lineage.ledger import CheckResult
from arshjul.reports.blocks import Box, Cell, Column, Row, Run, Table, Text
from arshjul.reports.facts import Facts
from arshjul.reports.figures import value_cell
from arshjul.reports.numbers import PROTECTED, number

STAGES = {"staging": "Inläsning", "core": "Underlag", "indicator": "Indikatorer"}


def left_out(facts: Facts) -> Table:
    """What each indicator did not count and why; fewer than five are not told."""
    return Table(
        id="inte-medraknat",
        title="Det som inte är medräknat, och varför",
        columns=(Column("Mått", width=2), Column("Orsak", width=3), Column("Antal", "right", number_format="#,##0")),
        rows=tuple(
            Row(
                (
                    Cell(facts.indicators[one.indicator_id].title),
                    Cell(one.reason[:1].upper() + one.reason[1:]),
                    Cell(PROTECTED)
                    if one.observations is None
                    else Cell(number(one.observations, 0), one.observations),
                )
            )
            for one in facts.left_out
        ),
        note=f"{PROTECTED} = färre än fem.",
        sheet="Inte medräknat",
    )


def deliveries(facts: Facts, contracts: dict[str, Contract]) -> Table:
    """What every sender had delivered when the figures were pinned."""
    return Table(
        id="leveranser",
        title=f"Leveranser som ligger till grund, {facts.period.title}",
        columns=(
            Column("Avsändare", width=2.4),
            Column("Uppgifter", width=1.3),
            Column("Månader", "right", number_format="#,##0"),
            Column("Rader", "right", number_format="#,##0"),
            Column("Inlästa", "right", number_format="#,##0"),
            Column("Karantän", "right", number_format="#,##0"),
        ),
        rows=tuple(
            Row(
                (
                    Cell(
                        facts.label("anordnare", one.sender) if one.sender in facts.labels["anordnare"] else "Kommunen"
                    ),
                    Cell(contracts[one.dataset].title),
                    Cell(number(one.deliveries, 0), one.deliveries),
                    Cell(number(one.rows_in, 0), int(one.rows_in)),
                    Cell(number(one.rows_loaded, 0), int(one.rows_loaded)),
                    Cell(number(one.rows_quarantined, 0), int(one.rows_quarantined)),
                )
            )
            for one in facts.deliveries
        ),
        note="Rader i karantän är inte med i siffrorna. Avsändaren har fått veta varför i sin kvittens.",
        sheet="Leveranser",
    )


def refusals(facts: Facts) -> Table:
    """Deliveries that were refused as a whole."""
    return Table(
        id="avvisade",
        title="Avvisade leveranser",
        columns=(Column("Avsändare", width=2), Column("Månad"), Column("Orsak", width=4)),
        rows=tuple(
            Row(
                (
                    Cell(facts.labels["anordnare"].get(one.sender or "", "Okänd avsändare")),
                    Cell(one.period),
                    Cell(one.refusal_text),
                )
            )
            for one in facts.refused
        ),
        sheet="Avvisade",
    )


def _outcome(result: CheckResult) -> str:
    if result.is_success:
        return "Godkänd"
    if result.waiver_id is not None:
        return "Undantag"
    return "Stopp" if result.severity == "stopp" else "Varning"


def checks(facts: Facts) -> Table:
    """Every check of the gate and how it went."""
    return Table(
        id="kontroller",
        title="Kontroller före publicering",
        columns=(
            Column("Kontroll", width=4),
            Column("Gäller", width=1.1),
            Column("Utfall", width=1),
            Column("Avvikelser", "right", number_format="#,##0"),
        ),
        rows=tuple(
            Row(
                (
                    Cell(result.title),
                    Cell(STAGES[run.stage]),
                    Cell(_outcome(result)),
                    Cell(number(result.unexpected or 0, 0), result.unexpected or 0),
                )
            )
            for run in facts.checks
            for result in run.results
        ),
        note="Ett stopp hindrar publicering. En varning berättas här och hindrar inte.",
        sheet="Kontroller",
    )


def remarks(facts: Facts) -> list[Box]:
    """Boxes that stand beside the figures: warnings from the gate and stops that were waived."""
    results = [result for run in facts.checks for result in run.results if not result.is_success]
    boxes = []
    waived = [result for result in results if result.waiver_id is not None]
    if waived:
        paragraphs: tuple[Text, ...] = tuple(
            (
                Run(result.title, "strong"),
                Run(f" Kontrollen är inte uppfylld. Skäl till undantaget: {result.waiver_reason}"),
            )
            for result in waived
        )
        boxes.append(Box("Undantag från kvalitetsgrinden", paragraphs, "warning"))
    warned = [result for result in results if result.severity == "varning"]
    if warned:
        paragraphs = tuple((Run("Gäller inte fullt ut: ", "strong"), Run(result.title)) for result in warned)
        boxes.append(Box("Läs siffrorna med detta i minnet", paragraphs, "warning"))
    return boxes


def definitions(facts: Facts) -> Table:
    """What every measure means and which document it comes from."""
    return Table(
        id="definitioner",
        title="Så räknas måtten",
        columns=(Column("Mått", width=1.6), Column("Definition", width=4), Column("Källa", width=2)),
        rows=tuple(
            Row(
                (
                    Cell(one.title),
                    Cell(" ".join(one.definition.split())),
                    Cell("; ".join(f"{source.document}, {source.clause}" for source in one.sources)),
                )
            )
            for one in facts.indicators.values()
        ),
        sheet="Definitioner",
    )


def figure_id(period: str, indicator_id: str, cell: tuple[tuple[str, str], ...], order: tuple[str, ...]) -> str:
    """Name a figure as ``arshjul trace`` takes it: ``maluppfyllelse/2026-T1/insatstyp=jobbpeng_grund``."""
    parts = [f"{breakdown}={code}" for breakdown, code in sorted(cell, key=lambda pair: order.index(pair[0]))]
    return "/".join([indicator_id, period, *([",".join(parts)] if parts else [])])


def public_figures(facts: Facts) -> Iterator[tuple[str, str, dict[str, str]]]:
    """List the figures that readers see: those in the definitions' own tables, and no others.

    Yields:
        Name of the figure, indicator, and its cell (breakdown to code).
    """
    for indicator in facts.indicators.values():
        tables = {tuple(sorted(table)) for table in indicator.tables}
        for cell in sorted(cell for one, cell in facts.current.values if one == indicator.id):
            if tuple(breakdown for breakdown, _ in cell) in tables:
                yield figure_id(facts.period.key, indicator.id, cell, indicator.breakdowns), indicator.id, dict(cell)


def figures(facts: Facts) -> Table:
    """Every published figure with the name by which it can be traced."""
    rows = []
    for name, indicator_id, cell in public_figures(facts):
        indicator = facts.indicators[indicator_id]
        shown = value_cell(indicator, facts.current.get(indicator_id, **cell))
        about = ", ".join(facts.label(breakdown, code) for breakdown, code in cell.items()) or "Alla"
        rows.append(Row((Cell(name), Cell(indicator.title), Cell(about), Cell(shown.display, shown.value))))
    return Table(
        id="siffror",
        title="Alla siffror, med namn att spåra dem med",
        columns=(
            Column("Siffra", width=3),
            Column("Mått", width=2),
            Column("Avser", width=2),
            Column("Värde", "right", number_format="General"),
        ),
        rows=tuple(rows),
        note="Spåra en siffra till fil och rad: arshjul trace SIFFRA.",
        sheet="Siffror",
    )
