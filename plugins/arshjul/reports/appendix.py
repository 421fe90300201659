"""What stands last in every report: what was left out, what was delivered, what was checked and what words mean."""

from __future__ import annotations

from collections.abc import Iterator

from arshjul.catalogue.contracts import Contract
from arshjul.lineage.ledger import CheckResult
from arshjul.reports.blocks import Box, Cell, Column, Row, Run, Table, Text
from arshjul.reports.facts import Facts
from arshjul.reports.figures import value_cell
from arshjul.reports.numbers import PROTECTED, number
from arshjul.reports.swedish import listed, sentence_case

STAGES = {"staging": "Inläsning", "core": "Underlag", "indicator": "Indikatorer"}


def left_out(facts: Facts) -> Table:
    """What was not counted and why, one row for each reason and number; fewer than five are not told."""
    measures: dict[tuple[str, int | None], list[str]] = {}
    for one in facts.left_out:
        measures.setdefault((one.reason, one.observations), []).append(facts.indicators[one.indicator_id].title)
    return Table(
        id="inte-medraknat",
        title="Det som inte är medräknat, och varför",
        columns=(Column("Orsak", width=2), Column("Gäller måtten", width=3), Column("Antal", "right", 0.6, "#,##0")),
        rows=tuple(
            Row(
                (
                    Cell(sentence_case(reason)),
                    Cell(listed(titles)),
                    Cell(PROTECTED) if observations is None else Cell(number(observations, 0), observations),
                )
            )
            for (reason, observations), titles in measures.items()
        ),
        note=f"{PROTECTED} = färre än fem.",
        sheet="Inte medräknat",
    )


def _sender(facts: Facts, orgnr: str) -> str:
    return facts.labels["anordnare"].get(orgnr, "Kommunens register")


def deliveries(facts: Facts) -> Table:
    """What every sender had delivered when the figures were pinned, summed up."""
    senders = dict.fromkeys(one.sender for one in facts.deliveries)
    rows = []
    for orgnr in sorted(
        senders,
        key=lambda sender: list(facts.labels["anordnare"]).index(sender) if sender in facts.labels["anordnare"] else -1,
    ):
        own = [one for one in facts.deliveries if one.sender == orgnr]
        sums = [
            sum(getattr(one, name) for one in own)
            for name in ("deliveries", "rows_in", "rows_loaded", "rows_quarantined")
        ]
        rows.append(Row((Cell(_sender(facts, orgnr)), *(Cell(number(total, 0), int(total)) for total in sums))))
    return Table(
        id="leveranser",
        title=f"Leveranser som ligger till grund, {facts.period.title}",
        columns=(
            Column("Avsändare", width=2.6),
            *(
                Column(title, "right", number_format="#,##0")
                for title in ("Leveranser", "Rader", "Inlästa", "Karantän")
            ),
        ),
        rows=tuple(rows),
        note="Rader i karantän är inte med i siffrorna. Avsändaren har fått veta varför i sin kvittens.",
        sheet="Leveranser",
    )


def deliveries_by_dataset(facts: Facts, contracts: dict[str, Contract]) -> Table:
    """What every sender had delivered of each dataset; for the workbook."""
    return Table(
        id="leveranser-per-uppgift",
        title=f"Leveranser per avsändare och slags uppgift, {facts.period.title}",
        columns=(
            Column("Avsändare", width=2.4),
            Column("Uppgifter", width=1.3),
            *(Column(title, "right", number_format="#,##0") for title in ("Månader", "Rader", "Inlästa", "Karantän")),
        ),
        rows=tuple(
            Row(
                (
                    Cell(_sender(facts, one.sender)),
                    Cell(contracts[one.dataset].title),
                    Cell(number(one.deliveries, 0), one.deliveries),
                    Cell(number(one.rows_in, 0), int(one.rows_in)),
                    Cell(number(one.rows_loaded, 0), int(one.rows_loaded)),
                    Cell(number(one.rows_quarantined, 0), int(one.rows_quarantined)),
                )
            )
            for one in facts.deliveries
        ),
        sheet="Leveranser per uppgift",
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


_CHECK_COLUMNS = (
    Column("Kontroll", width=4),
    Column("Gäller", width=1.1),
    Column("Utfall", width=1),
    Column("Avvikelser", "right", number_format="#,##0"),
)


def _check_row(stage: str, result: CheckResult) -> Row:
    unexpected = result.unexpected or 0
    return Row(
        (Cell(result.title), Cell(STAGES[stage]), Cell(_outcome(result)), Cell(number(unexpected, 0), unexpected))
    )


def checks(facts: Facts) -> Table:
    """The checks of the gate that a reader needs: those of possible values and sums are one row while they hold."""
    routine = {f"{one}_{kind}" for one in facts.indicators for kind in ("intervall", "delar_summerar")}
    rows, held = [], 0
    for run in facts.checks:
        for result in run.results:
            if result.check_id in routine and result.is_success:
                held += 1
            else:
                rows.append(_check_row(run.stage, result))
    if held:
        title = f"Måttens värden ligger inom det möjliga och delarna summerar till helheten ({held} kontroller)."
        rows.append(Row((Cell(title), Cell(STAGES["indicator"]), Cell("Godkänd"), Cell("0", 0))))
    return Table(
        id="kontroller",
        title="Kontroller före publicering",
        columns=_CHECK_COLUMNS,
        rows=tuple(rows),
        note="Ett stopp hindrar publicering. En varning berättas här och hindrar inte.",
        sheet="Kontroller",
    )


def all_checks(facts: Facts) -> Table:
    """Every check of the gate and how it went; for the workbook."""
    return Table(
        id="alla-kontroller",
        title="Alla kontroller före publicering",
        columns=_CHECK_COLUMNS,
        rows=tuple(_check_row(run.stage, result) for run in facts.checks for result in run.results),
        sheet="Alla kontroller",
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
    """What every measure means."""
    return Table(
        id="definitioner",
        title="Så räknas måtten",
        columns=(Column("Mått", width=1.3), Column("Definition", width=4)),
        rows=tuple(Row((Cell(one.title), Cell(" ".join(one.definition.split())))) for one in facts.indicators.values()),
        note="Styrdokumenten bakom varje mått står i tabellbilagan, bladet Källor.",
        sheet="Definitioner",
    )


def sources(facts: Facts) -> Table:
    """Which governing document and clause every measure comes from; for the workbook."""
    return Table(
        id="kallor",
        title="Styrdokument bakom måtten",
        columns=(Column("Mått", width=1.6), Column("Dokument", width=4), Column("Avsnitt", width=2)),
        rows=tuple(
            Row((Cell(one.title), Cell(source.document), Cell(source.clause)))
            for one in facts.indicators.values()
            for source in one.sources
        ),
        sheet="Källor",
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
