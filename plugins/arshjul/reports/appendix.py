"""What stands last in every report: what was left out, what was delivered, what was checked and what words mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from arshjul.catalogue.contracts import Contract
from arshjul.catalogue.disclosure import FEW
from arshjul.comparison.numbers import MISSING, PROTECTED, number
from arshjul.lineage.ledger import CheckResult
from arshjul.periods import parse_period
from arshjul.prose.swedish import listed, sentence_case, swedish_order
from arshjul.reports.blocks import Box, Cell, Column, Row, Run, Table, Text
from arshjul.reports.facts import Facts
from arshjul.reports.figures import interval_cell, value_cell

STAGES = {"staging": "Inläsning", "core": "Underlag", "indicator": "Indikatorer"}


def in_reading_order(indicator_id: str) -> list[tuple[int, int | str]]:
    """Sort 3, 6 and 12 months as numbers, not as letters."""
    return [(0, int(part)) if part.isdigit() else (1, part) for part in re.split(r"([0-9]+)", indicator_id)]


def _same_population(indicator_id: str) -> str:
    """Twins, and a mean and its median, count the same things; other measures never do, though numbers may agree."""
    family = indicator_id.partition("_")[0]
    return family if family in ("maluppfyllelse", "insatsdagar", "stegforflyttning") else indicator_id


def left_out(facts: Facts) -> Table:
    """What was not counted and why, one row for each reason and population; fewer than five are not told."""
    measures: dict[tuple[str, str, int | None], list[str]] = {}
    for one in sorted(facts.left_out, key=lambda left: in_reading_order(left.indicator_id)):
        key = (_same_population(one.indicator_id), one.reason, one.observations)
        measures.setdefault(key, []).append(facts.indicators[one.indicator_id].title)
    return Table(
        id="inte-medraknat",
        title="Det som inte är medräknat, och varför",
        columns=(Column("Mått", width=3), Column("Orsak", width=2), Column("Antal", "right", 0.6, "#,##0")),
        rows=tuple(
            Row(
                (
                    Cell(
                        titles[0]
                        if len(titles) == 1
                        else f"{titles[0]} ({'båda' if len(titles) == 2 else f'alla {len(titles)}'} måtten)"
                    ),
                    Cell(sentence_case(reason)),
                    Cell(PROTECTED) if observations is None else Cell(number(observations, 0), observations),
                )
            )
            for (_, reason, observations), titles in measures.items()
        ),
        note=f"{PROTECTED} = antalet visas inte, eftersom det kan röja en person.",
        sheet="Inte medräknat",
    )


def deliveries(facts: Facts, contracts: dict[str, Contract]) -> list[Table]:
    """For how many months every sender had delivered each kind of file when the figures were pinned.

    How many rows a file held is not told: a row is a person's enrolment or follow-up, and a small file would reveal it.
    """
    datasets = [name for name in contracts if any(one.dataset == name for one in facts.deliveries)]
    datasets.sort(key=lambda name: (contracts[name].order, name))
    months = {(one.sender, one.dataset): one.deliveries for one in facts.deliveries}
    senders = {one.sender for one in facts.deliveries}
    providers = [code for code in facts.labels["anordnare"] if code in senders]
    registers = sorted(senders - set(providers))
    theirs = [name for name in datasets if any((code, name) in months for code in providers)]
    ours = [(code, name) for code in registers for name in datasets if (code, name) in months]
    note = "Rader i karantän är inte med i siffrorna; avsändaren har fått veta varför."
    return [
        Table(
            id="leveranser",
            title=f"Anordnarnas leveranser som ligger till grund, {facts.period.title}: antal månader",
            columns=(
                Column("Anordnare", width=2.4),
                *(Column(contracts[name].title, "right", number_format="#,##0") for name in theirs),
            ),
            rows=tuple(
                Row((Cell(facts.labels["anordnare"][code]), *(_months(months.get((code, name))) for name in theirs)))
                for code in providers
            ),
            note=f"{MISSING} = inget levererat. {note}",
            sheet="Leveranser",
        ),
        Table(
            id="leveranser-register",
            title=f"Kommunens register som ligger till grund, {facts.period.title}: antal månader",
            columns=(Column("Register", width=3), Column("Månader", "right", number_format="#,##0")),
            rows=tuple(Row((Cell(contracts[name].title), _months(months[code, name]))) for code, name in ours),
            note=note,
            sheet="Kommunens register",
        ),
    ]


def _months(count: int | None) -> Cell:
    return Cell(MISSING) if count is None else Cell(number(count, 0), count)


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
    # What breaks a check is rows about persons: few are not told.
    is_few = 0 < unexpected < FEW
    count = Cell(PROTECTED) if is_few else Cell(number(unexpected, 0), unexpected)
    return Row((Cell(result.title), Cell(STAGES[stage]), Cell(_outcome(result)), count))


def checks(facts: Facts) -> Table:
    """The checks of the gate that a reader needs: routine ones are one row for each stage while they hold."""
    routine = {f"{one}_{kind}" for one in facts.indicators for kind in ("intervall", "delar_summerar")}
    rows: list[Row] = []
    held = {"staging": 0, "indicator": 0}
    for run in facts.checks:
        for result in run.results:
            if result.is_success and (run.stage == "staging" or result.check_id in routine):
                held[run.stage] += 1
            else:
                rows.append(_check_row(run.stage, result))
    said = {
        "staging": "Det inlästa håller kontrakten",
        "indicator": "Måttens värden ligger inom det möjliga och delarna summerar till helheten",
    }
    for stage, count in held.items():
        if count:
            title = f"{said[stage]} ({number(count, 0)} kontroller)."
            rows.append(Row((Cell(title), Cell(STAGES[stage]), Cell("Godkänd"), Cell("0", 0))))
    return Table(
        id="kontroller",
        title="Kontroller före publicering",
        columns=_CHECK_COLUMNS,
        rows=tuple(rows)
        or (Row((Cell("Kvalitetsgrinden har inte körts för den här beräkningen."), *[Cell(MISSING)] * 3)),),
        note="Ett stopp hindrar publicering. En varning redovisas här men hindrar inte publicering. Om något värde är ovanligt "
        "prövas också, men redovisas inte, eftersom det kan röja något om det som är dolt.",
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
        # One check is made of each month that was let in, and is told once.
        titles = dict.fromkeys(result.title for result in warned)
        paragraphs = tuple((Run("Kontrollen är inte uppfylld: ", "strong"), Run(title)) for title in titles)
        meaning = ((Run("Vad varningarna betyder för siffrorna står i bilaga 3."),),)
        boxes.append(Box("Läs siffrorna med detta i minnet", (*paragraphs, *meaning), "warning"))
    return boxes


def warnings(facts: Facts) -> list[Table]:
    """What the warnings of this report mean for whoever reads the figures; no table when there are none."""
    results = [one for run in facts.checks for one in run.results if not one.is_success and one.severity == "varning"]
    unique = {result.check_id: result for result in results}
    if not unique:
        return []
    return [
        Table(
            id="varningar",
            title="Vad varningarna betyder",
            columns=(Column("Kontroll", width=2), Column("Vad det betyder för siffrorna", width=3)),
            rows=tuple(
                Row((Cell(result.title), Cell(_meaning(facts, check_id)))) for check_id, result in unique.items()
            ),
            sheet="Varningar",
        )
    ]


def _meaning(facts: Facts, check_id: str) -> str:
    """The check's own explanation; a measure of coverage is explained by what is to be read with care."""
    if explanation := facts.context.explanations.get(check_id):
        return explanation
    indicator_id, _, kind = check_id.rpartition("_")
    if kind == "tackning" and indicator_id in facts.indicators:
        covered = [one.indicator for one in facts.context.uncertainty.coverage if one.coverage == indicator_id]
        titles = [facts.indicators[one].title for one in covered if one in facts.indicators]
        about = f" Det gäller {listed([f'”{title}”' for title in titles])}." if titles else ""
        return (
            "Täckningen visar hur stor del av dem som skulle mätas, följas upp eller svara som också blev det. När den är "
            f"låg kan de som saknas skilja sig från de andra, och måtten som bygger på svaren säger mindre om alla.{about}"
        )
    return "Minst ett värde ligger utanför det som är rimligt. Läs måttet med försiktighet tills orsaken är känd."


def definitions(facts: Facts) -> list[Table]:
    """What every measure means, by which version, and which definitions have changed."""
    measures = sorted(facts.indicators.values(), key=lambda one: swedish_order(one.title))
    tables = [
        Table(
            id="definitioner",
            title="Så räknas måtten",
            columns=(Column("Mått", width=1.3), Column("Definition", width=4), Column("Version", "right", 0.6, "0")),
            rows=tuple(
                Row((Cell(one.title), Cell(" ".join(one.definition.split())), Cell(str(one.version), one.version)))
                for one in measures
            ),
            note="Styrdokumenten bakom varje mått står i tabellbilagan, bladet Källor. Varje mått har en egen sida i "
            "kommunens indikatorkatalog.",
            sheet="Definitioner",
        )
    ]
    breaks = tuple(
        Row(
            (
                Cell(one.title),
                Cell(str(change.version), change.version),
                Cell(sentence_case(parse_period(change.from_).title)),
                Cell(change.what),
            )
        )
        for one in measures
        for change in one.changes
    )
    if breaks:
        columns = (
            Column("Mått", width=1.5),
            Column("Version", "right", 0.6, "0"),
            Column("Gäller från", width=1),
            Column("Vad som har ändrats", width=3),
        )
        note = "Värden före och efter en ändring är inte helt jämförbara."
        tables.append(Table("seriebrott", "Ändrade definitioner", columns, breaks, note, "Ändrade definitioner"))
    return tables


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
        value = facts.current.get(indicator_id, **cell)
        shown = value_cell(indicator, value)
        about = ", ".join(facts.label(breakdown, code) for breakdown, code in cell.items()) or "Alla"
        rows.append(
            Row(
                (
                    Cell(name),
                    Cell(indicator.title),
                    Cell(about),
                    Cell(shown.display, shown.value),
                    interval_cell(indicator, value),
                )
            )
        )
    return Table(
        id="siffror",
        title="Alla siffror, med namn att spåra dem med",
        columns=(
            Column("Siffra", width=3),
            Column("Mått", width=2),
            Column("Avser", width=2),
            Column("Värde", "right", number_format="General"),
            Column("Osäkerhet", "right"),
        ),
        rows=tuple(rows),
        note="Spåra en siffra till fil och rad: arshjul trace SIFFRA. Osäkerhet: mellan de två talen ligger värdet med hänsyn "
        "till slumpen.",
        sheet="Siffror",
    )
