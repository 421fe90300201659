"""One outcome under several definitions, and our value beside official statistics."""

from __future__ import annotations

from arshjul.comparison.bridges import BridgeTable, build_bridges
from arshjul.comparison.peers import beside_peers
from arshjul.comparison.values import PublicValue
from arshjul.prose.swedish import listed
from arshjul.reports import tables
from arshjul.reports.blocks import Block, BulletList, Cell, Column, Heading, Paragraph, Row, Table, plain
from arshjul.reports.facts import Facts

BRIDGE = "maluppfyllelse"
TWINS = ("maluppfyllelse", "maluppfyllelse_kolada", "maluppfyllelse_bred")


def definitions_chapter(facts: Facts, municipality: str) -> list[Block]:
    """Write the part on three definitions, the bridges between them, and the service's own figures.

    Args:
        facts: Of the report.
        municipality: Its name.
    """
    return [
        Heading("Tre sätt att räkna", 2),
        Paragraph(
            plain(
                "Vad som räknas som att målet är nått skiljer sig mellan definitioner. Kommunens egen definition avgör om "
                "nämndens mål är nått. I Koladas definition räknas inte kommunal anställning; värdet är kommunens egen "
                "bearbetning och inte hämtat från Kolada. I den breda definitionen räknas också andra studier och "
                "deltidsarbete. Alla tre räknar samma avslut."
            )
        ),
        tables.comparison(
            facts, TWINS, "definitioner-jamforda", "Måluppfyllelse med tre definitioner", "Tre definitioner"
        ),
        *_bridges(facts),
        *_peers(facts, municipality),
    ]


def _bridges(facts: Facts) -> list[Block]:
    definition = facts.context.bridges[BRIDGE]

    def get(indicator_id: str, cell: object) -> PublicValue | None:
        return facts.current.get(indicator_id, **dict(cell))  # type: ignore[call-overload]

    built = build_bridges(definition, facts.indicators, facts.context.code_lists[definition.code_list], get)
    shown = [bridge for bridge in built if bridge.rows]
    refused: dict[str, list[str]] = {}
    for bridge in built:
        if bridge.note:
            refused.setdefault(bridge.note, []).append(f"”{facts.indicators[bridge.indicator_id].title}”")
    blocks: list[Block] = []
    if shown:
        blocks.append(
            Paragraph(
                plain(
                    "Tabellen visar vilka avslut som skiljer definitionerna åt: så många läggs till eller dras ifrån på "
                    "vägen från den egna definitionen till de andra."
                )
            )
        )
        blocks.append(_bridge_table(facts, shown))
    notes = (note.replace("Bryggan", f"Vägen till {listed(twins)}", 1) for note, twins in refused.items())
    return [*blocks, *(Paragraph(plain(note)) for note in notes)]


def _bridge_table(facts: Facts, bridges: list[BridgeTable]) -> Table:
    """All bridges begin in the same row, so it stands once."""
    rows = [
        Row(
            (
                Cell(row.words),
                Cell(row.count_mark, row.count),
                Cell(row.share_mark, row.shown_share if row.role == "steg" else row.shown_share / 100),
            ),
            is_total=row.role == "till",
        )
        for place, bridge in enumerate(bridges)
        for row in bridge.rows
        if place == 0 or row.role != "fran"
    ]
    if len(bridges) > 1:
        first = bridges[1].rows[0]
        start = Row(
            (Cell(first.words), Cell(first.count_mark, first.count), Cell(first.share_mark, first.shown_share / 100))
        )
        rows.insert(len(bridges[0].rows), start)
    return Table(
        id="definitioner-brygga",
        title=f"Från kommunens definition till de andra, {facts.period.title}",
        columns=(
            Column("Definition och steg", width=3),
            Column("Avslut", "right", number_format="General"),
            Column("Andel (%)", "right", number_format="General"),
        ),
        rows=tuple(rows),
        note="Stegen anges i antal avslut och i procentenheter och är avrundade så att de går ihop.",
        sheet="Brygga mellan definitioner",
    )


def _peers(facts: Facts, municipality: str) -> list[Block]:
    blocks: list[Block] = []
    for indicator_id, official in facts.context.official.items():
        if not any(one.value is not None for one in official.values):
            continue
        indicator = facts.indicators[indicator_id]
        found = beside_peers(
            indicator,
            facts.current.get(indicator_id),
            facts.period,
            municipality,
            official.values,
            facts.context.peers,
            official.series,
            official.selection,
        )
        rows = tuple(
            Row(
                (
                    Cell(row.label),
                    Cell(row.period),
                    Cell(row.mark, None if row.value is None else row.value / 100),
                    Cell(row.source),
                )
            )
            for row in found.rows
        )
        blocks += [
            Heading("Bredvid andra kommuner", 2),
            Table(
                id=f"{indicator_id}-andra",
                title=f"{indicator.title}, bredvid {official.selection.title}s nyckeltal",
                columns=(
                    Column("Kommun", width=2.6),
                    Column("Period"),
                    Column(tables.value_title(indicator), "right", number_format="0%"),
                    Column("Källa", width=1.6),
                ),
                rows=rows,
                note=tables.explained(rows),
                sheet="Andra kommuner",
            ),
            BulletList(tuple(plain(sentence) for sentence in found.sentences)),
        ]
    return blocks
