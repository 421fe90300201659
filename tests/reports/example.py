"""A made-up tertial report of Exempelkommun with every kind of block, and one that is as crowded as it gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date

from arshjul.comparison.numbers import MISSING, PROTECTED, number, percent, signed
from arshjul.reports.blocks import (
    Block,
    Box,
    BulletList,
    Cell,
    Column,
    Document,
    Figure,
    Heading,
    KeyFigure,
    KeyFigures,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Table,
    plain,
    text,
)
from arshjul.reports.chart_data import Bar, BarChart, Point, TrendChart

HIDDEN = "uppgiften visas inte, eftersom den kan röja en person"
PROGRAMMES: tuple[tuple[str, int, int | None, int], ...] = (
    ("Jobbpeng grund", 96, 74, 65),
    ("Jobbpeng förstärkt", 61, 58, 50),
    ("Språk- och arbetsintroduktion för nyanlända med kort tidigare utbildning", 143, 28, 40),
    ("Arbetsinriktad rehabilitering", 12, None, 30),
    ("Yrkesspår vård och omsorg", 38, 66, 65),
    ("Coachning mot arbete", 87, 49, 65),
)
ALL = ("Samtliga insatser", 437, 47, 65)


def outcome_row(name: str, ended: int, outcome: int | None, target: int, *, is_total: bool = False) -> Row:
    goal = Cell(percent(target / 100), target / 100)
    if outcome is None:
        hidden = Cell(PROTECTED)
        return Row((Cell(name), hidden, hidden, goal, hidden, hidden))
    distance = outcome - target
    return Row(
        (
            Cell(name),
            Cell(number(ended), ended),
            Cell(percent(outcome / 100), outcome / 100),
            goal,
            Cell(signed(distance), distance),
            Cell("Nått målet" if distance >= 0 else "Inte nått målet"),
        ),
        is_total=is_total,
    )


def outcome_table(programmes: tuple[tuple[str, int, int | None, int], ...]) -> Table:
    return Table(
        id="maluppfyllelse",
        title="Utfall mot mål per insats, tertial 1 2026",
        columns=(
            Column("Insats", width=2.6),
            Column("Avslutade", "right", number_format="#,##0"),
            Column("Utfall", "right", number_format="0%"),
            Column("Mål", "right", number_format="0%"),
            Column("Avvikelse (procentenheter)", "right", 1.4, "+0;-0;0"),
            Column("Bedömning", width=1.5),
        ),
        rows=(*(outcome_row(*one) for one in programmes), outcome_row(*ALL, is_total=True)),
        note=f"{PROTECTED} = {HIDDEN}.",
        sheet="Utfall mot mål",
    )


def bar(name: str, outcome: int | None, target: int, *, is_total: bool = False) -> Bar:
    if outcome is None:
        return Bar(name, None, PROTECTED, float(target))
    distance = outcome - target
    note = f"{abs(distance)} {'över' if distance >= 0 else 'under'} målet"
    return Bar(name, float(outcome), percent(outcome / 100), float(target), note, distance >= 0, is_total)


def outcome_figure(programmes: tuple[tuple[str, int, int | None, int], ...], title: str) -> Figure:
    bars = (*(bar(name, outcome, target) for name, _, outcome, target in programmes), bar(*ALL[::2], 65, is_total=True))
    return Figure(
        id="maluppfyllelse",
        title=title,
        description="Andel avslutade insatser som ledde till arbete, studier eller eget företag",
        chart=BarChart(bars, 65.0, f"Mål {percent(0.65)}"),
        source="Källa: anordnarnas leveranser. Avståndet till målet anges i procentenheter.",
        table=outcome_table(programmes),
    )


def days_figure() -> Figure:
    periods = (
        ("Tertial 2 2024", 228, True),
        ("Tertial 3 2024", 231, True),
        ("Tertial 1 2025", None, True),
        ("Tertial 2 2025", 246, True),
        ("Tertial 3 2025", 241, True),
        ("Tertial 1 2026", 239, False),
    )
    shown = [(name, days, MISSING if days is None else number(days), is_alike) for name, days, is_alike in periods]
    return Figure(
        id="dagar",
        title="Vägen till egen försörjning har slutat växa",
        description="Insatsdagar i genomsnitt, per tertial",
        chart=TrendChart(
            tuple(Point(name, days, display, is_alike) for name, days, display, is_alike in shown),
            "dagar",
            220.0,
            "Mål 220",
        ),
        source="Källa: anordnarnas leveranser. Ihålig markör: delvis andra anordnare än tidigare.",
        table=Table(
            id="dagar",
            title="Insatsdagar till egen försörjning över tid",
            columns=(Column("Period", width=2), Column("Dagar", "right", number_format="#,##0")),
            rows=tuple(Row((Cell(name), Cell(display, days))) for name, days, display, _ in shown),
            note=f"{MISSING} = inget att redovisa.",
            sheet="Dagar över tid",
        ),
    )


def providers_table() -> Table:
    names = (
        "Åsa Öbergs Utbildning AB",
        "Jobbcoacherna i Exempelstad ekonomisk förening",
        "Vägen till arbete & studier AB",
    )
    rows = ((names[0], 181, 0.52, 83.4), (names[1], 244, 0.44, 78.9), (names[2], None, None, None))
    return Table(
        id="anordnare",
        title="Resultat och närvaro per anordnare",
        columns=(
            Column("Anordnare", width=3),
            Column("Insatser", "right", number_format="#,##0"),
            Column("Utfall", "right", number_format="0%"),
            Column("Närvaro (%)", "right", number_format="0.0"),
        ),
        rows=tuple(
            Row(
                (
                    Cell(name),
                    Cell(PROTECTED) if count is None else Cell(number(count), count),
                    Cell(PROTECTED) if share is None else Cell(percent(share), share),
                    Cell(PROTECTED) if presence is None else Cell(number(presence, 1), presence),
                )
            )
            for name, count, share, presence in rows
        ),
        note=f"{PROTECTED} = {HIDDEN}.",
        sheet="Anordnare",
    )


def empty_table() -> Table:
    columns = (Column("Mått", width=2), Column("Utfall", "right", number_format="0%"), Column("Täckning", "right"))
    return Table("varaktighet", "Kvar i egen försörjning efter 12 månader", columns, (), sheet="Kvar i försörjning")


def definitions_table() -> Table:
    rows = (
        (
            "Måluppfyllelse",
            (
                "Andel avslutade insatser där deltagaren vid avslutet har arbete, studier eller eget företag. Insatser "
                "som avbröts på grund av flytt, föräldraledighet eller längre sjukdom räknas inte med."
            ),
            "Nämndens mål och budget 2026, mål 3",
        ),
        (
            "Insatsdagar till egen försörjning",
            "Kalenderdagar från insatsens första till sista dag, för dem som nådde egen försörjning.",
            "Uppföljningsplan 2026, avsnitt 4.2",
        ),
    )
    return Table(
        id="definitioner",
        title="Så räknas måtten",
        columns=(Column("Mått", width=1.6), Column("Definition", width=4), Column("Källa", width=2)),
        rows=tuple(Row(tuple(Cell(cell) for cell in row)) for row in rows),
        sheet="Definitioner",
    )


def document(*blocks: Block, title: str = "Tertialrapport för arbetsmarknadsinsatser, tertial 1 2026") -> Document:
    return Document(
        title=title,
        subtitle="Resultat januari–april 2026",
        municipality="Exempelkommun",
        unit="Enheten för uppföljning",
        document_type="Tertialrapport",
        date=date(2026, 5, 5),
        description="Uppföljning av kommunens arbetsmarknadsinsatser tertial 1 2026.",
        keywords=("tertialrapport", "arbetsmarknadsinsatser", "2026-T1"),
        head=(
            ("Till", "Arbetsmarknadsnämnden"),
            ("Från", "Enheten för uppföljning"),
            ("Datum", "5\u00a0maj\u00a02026"),
            ("Uppgifter till och med", "5\u00a0maj\u00a02026 kl.\u00a014.30"),
        ),
        blocks=blocks,
    )


def summary() -> tuple[Block, ...]:
    return (
        Heading("Sammanfattning"),
        Paragraph(
            text(
                "Av de insatser som avslutades tertial 1 2026 ledde **47 procent** till arbete, studier eller eget företag. "
                "Nämndens mål är 65 procent. Målet nåddes alltså inte, men skillnaderna mellan insatserna är stora."
            ),
            is_lead=True,
        ),
        KeyFigures(
            (
                KeyFigure(
                    "47",
                    "%",
                    "av avslutade insatser nådde målet",
                    "Målet är 65\u00a0%. 3 procentenheter högre",
                    "missed",
                ),
                KeyFigure(
                    "239", "dagar", "till egen försörjning i genomsnitt", "2 dagar färre än tertial 3 2025", "reached"
                ),
                KeyFigure("1\u00a0284", "kunder", "hade en insats under perioden", "Jämförelsevärde saknas"),
                KeyFigure(PROTECTED, "%", "var kvar i egen försörjning efter ett år", f"{HIDDEN.capitalize()}"),
            )
        ),
        BulletList(
            (
                text("**Jobbpengen bär resultatet.** Jobbpeng grund når 74 procent och jobbpeng förstärkt 58 procent."),
                text("**Vägen till egen försörjning växer inte längre.** Genomsnittet är 239 insatsdagar."),
                (
                    Run("Åsa Öbergs Utbildning AB", "strong"),
                    Run(" har bytt system; läs siffrorna "),
                    Run("med det i minnet", "emphasis"),
                    Run("."),
                ),
            )
        ),
    )


EXAMPLE = document(
    Box("Förslag till beslut", (plain("Arbetsmarknadsnämnden noterar informationen till protokollet."),)),
    *summary(),
    Box(
        "Undantag från kvalitetsgrinden",
        (
            text(
                "**Närvaro rapporteras för alla planerade dagar.** Kontrollen är inte uppfylld för en anordnare i april."
            ),
            plain("Skälet är ett systembyte. Siffrorna om närvaro kan därför vara något för låga."),
        ),
        "warning",
    ),
    Heading("Måluppfyllelse"),
    Paragraph(
        plain(
            "Nämndens mål är att 65 procent ska vara i arbete, studier eller eget företag när insatsen är avslutad. För "
            "några insatser gäller ett eget mål, som syns som ett streck vid stapeln."
        )
    ),
    outcome_figure(PROGRAMMES, "Tre av fem insatser når sitt mål, coachningen ligger längst under"),
    outcome_table(PROGRAMMES),
    Heading("Vilka som når målet", 2),
    Paragraph(text("Skillnaden mellan anordnare är mindre än skillnaden mellan _insatser_.")),
    providers_table(),
    Heading("Tid till egen försörjning"),
    Paragraph(plain("Måttet är kalenderdagar från insatsens första till sista dag.")),
    days_figure(),
    Heading("Kvar i egen försörjning"),
    empty_table(),
    PageBreak(),
    Heading("Så är rapporten framtagen"),
    Paragraph(plain("Rapporten bygger på det som var känt den 5 maj 2026. Det som levererats senare är inte med.")),
    definitions_table(),
)

CROWDED_PROGRAMMES = tuple(
    (
        f"Insats {index} med ett namn som är så långt att det inte ryms på en rad i något diagram",
        40 + 13 * index,
        None if index % 6 == 4 else (37 * index) % 101,
        50 + index % 3 * 10,
    )
    for index in range(1, 26)
)
CROWDED = document(
    Heading("Måluppfyllelse för samtliga upphandlade, anvisade och egna arbetsmarknadsinsatser i kommunen"),
    outcome_figure(CROWDED_PROGRAMMES, "Utfallet skiljer sig mycket mellan insatserna"),
    outcome_table(CROWDED_PROGRAMMES),
    title="Tertialrapport för arbetsmarknadsinsatser, vuxenutbildning och samhällsorientering, tertial 1 2026",
)


def texts(part: object) -> Iterator[str]:
    """Everything a document says to its readers; names of things, formats and states are not said."""
    unsaid = {"id", "kind", "style", "state", "align", "number_format", "sheet"}
    if isinstance(part, str) and part:
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from texts(one)
    elif is_dataclass(part):
        for field in fields(part):
            if field.name not in unsaid:
                yield from texts(getattr(part, field.name))


def tables(document: Document) -> tuple[Table, ...]:
    """Every table of a document, in order, those of figures included."""
    found = (block.table if isinstance(block, Figure) else block for block in document.blocks)
    return tuple(block for block in found if isinstance(block, Table))


def reveal(document: Document, count: int) -> Document:
    """Put a count behind every protected cell, as if someone had forgotten to take it away."""

    def table(given: Table) -> Table:
        rows = (
            replace(
                row,
                cells=tuple(replace(cell, value=count) if cell.display == PROTECTED else cell for cell in row.cells),
            )
            for row in given.rows
        )
        return replace(given, rows=tuple(rows))

    def block(given: Block) -> Block:
        if isinstance(given, Figure):
            return replace(given, table=table(given.table))
        return table(given) if isinstance(given, Table) else given

    return replace(document, blocks=tuple(block(given) for given in document.blocks))
