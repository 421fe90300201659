"""The year's complaints and opinions so far: how many of each kind, about what, what comes back and how soon they are answered.

Made from public values alone. A complaint is one person's, and often about a named place: no case, no date and no word of
one stands here, and what is said of a pattern is said only of numbers that are shown (requirements R87–R89).
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from arshjul.comparison.numbers import MISSING, NO_BREAK_SPACE, counted, number, percent, rounded
from arshjul.comparison.values import shown
from arshjul.prose.swedish import inside, listed, sentence_case
from arshjul.reports import tables
from arshjul.reports.blocks import Block, Cell, Column, Figure, Heading, Paragraph, Row, Run, Table, Text, plain, text
from arshjul.reports.chapters.complaints import ANSWERED, CASES, MENDED
from arshjul.reports.chapters.paths import with_certainty
from arshjul.reports.chart_data import Bar, BarChart
from arshjul.reports.facts import Computed, Facts, Value
from arshjul.reports.figures import (
    cells_beside,
    columns_beside,
    compared,
    has_anything,
    told,
    undelivered,
    value_cell,
    words,
)
from arshjul.reports.trends import trend

OFTEN = Decimal(1) / 5
"""A category with at least this share of the cases, both years, comes back."""


def complaint_lead(facts: Facts) -> Text:
    """Tell how many came in, of each kind, and how that compares with the same months a year earlier."""
    value = facts.current.get(CASES)
    if missing := undelivered(facts, (CASES,)):
        return plain(
            f"Hur många synpunkter och klagomål som kom in under {facts.period.title} går inte att säga. {missing}"
        )
    if value is not None and value.is_protected:
        # A count may be withheld for being small, or for another figure's sake: the words are the same and hold for both.
        return plain(
            f"Hur många synpunkter och klagomål som kom in under {facts.period.title} visas inte, eftersom uppgiften kan röja "
            "en person."
        )
    if value is None or not value.value:
        return plain(f"Under {facts.period.title} kom det inte in några synpunkter eller klagomål.")
    size = counted(value.value, "ärende", "ärenden")
    kinds = _kinds(facts)
    split = (
        f": {listed(kinds)}" if len(kinds) > 1 else f", alla {kinds[0].partition(NO_BREAK_SPACE)[2]}" if kinds else ""
    )
    change = compared(facts, CASES, facts.period.same_last_year)
    if change.state == "visas_inte":
        beside = f"Jämförelsen med {facts.period.same_last_year.title} visas inte, eftersom den kan röja en person."
    elif change.difference is None:
        beside = f"Jämförelsevärde saknas för {facts.period.same_last_year.title}."
    elif change.difference == 0:
        beside = f"Det är lika många som under {facts.period.same_last_year.title}."
    else:
        more = "fler" if change.difference > 0 else "färre"
        beside = f"Det är {number(abs(change.difference))} {more} än under {facts.period.same_last_year.title}."
    return text(f"Under {facts.period.title} kom det in **{size}**{split}. {beside}")


def _kinds(facts: Facts) -> list[str]:
    """The count of each kind in words, only when all are shown: then they sum to the whole (requirement R89)."""
    forms = {"klagomal": ("klagomål", "klagomål"), "synpunkt": ("synpunkt", "synpunkter")}
    found = facts.current.by(CASES, "typ")
    if not found or any(value.is_protected or value.value is None for value in found.values()):
        return []
    return [
        counted(found[code].value or 0, *forms.get(code, (facts.label("typ", code).lower(),) * 2))
        for code in facts.in_order(CASES, "typ")
    ]


def kinds_chapter(facts: Facts) -> list[Block]:
    """Write the part that keeps complaints and opinions apart, beside the same months a year earlier."""
    if not has_anything(facts, (CASES,)):
        return []
    return [
        Heading("Synpunkter och klagomål var för sig"),
        Paragraph(
            plain(
                "Ett klagomål säger att något har varit fel. En synpunkt är ett förslag, ett beröm eller en fråga. De räknas "
                "var för sig, och tillsammans är de alla ärenden."
            )
        ),
        *tables.filled(_beside_last_year(facts, CASES, "typ", "slag", "Ärenden efter slag", "Slag")),
        *_trend(facts),
    ]


def _trend(facts: Facts) -> list[Block]:
    """A line needs more than two points to tell more than the table does."""
    if sum(shown(facts.indicators[CASES], stored.get(CASES)) is not None for _, stored in facts.history) < 3:
        return []
    description = "Antal ärenden som kom in under årets första månader, samma månader varje år"
    figure = trend(facts, CASES, "Synpunkter och klagomål", description)
    return [replace(figure, source="Källa: kommunens ärendesystem. Bara år med lagrade värden visas.")]


def categories_chapter(facts: Facts) -> list[Block]:
    """Write what the cases are about, and what comes back year after year."""
    if not facts.current.by(CASES, "kategori"):
        return []
    return [
        Heading("Vad ärendena handlar om"),
        Paragraph(plain(_recurring_sentence(facts))),
        *_shares(facts),
        *tables.filled(
            _beside_last_year(facts, CASES, "kategori", "kategorier", "Ärenden efter kategori", "Kategorier")
        ),
    ]


def recurring(facts: Facts) -> list[str]:
    """Name the categories that come back, as inside a sentence.

    They are at least a fifth of the cases both this year and the same months of the last.
    """
    then = facts.stored(facts.period.same_last_year)
    if then is None:
        return []
    return [
        inside(facts.label("kategori", code))
        for code in facts.in_order(CASES, "kategori")
        if _is_often(facts.current, code) and _is_often(then, code)
    ]


def _is_often(computed: Computed, code: str) -> bool:
    share = _share(computed, code)
    return share is not None and share >= OFTEN


def _share(computed: Computed, code: str) -> Decimal | None:
    whole, part = computed.get(CASES), computed.get(CASES, kategori=code)
    if whole is None or part is None or not whole.value or part.value is None:
        return None
    # To whole percent, as it is shown: nothing finer is to stand in any file.
    return rounded(100 * part.value / whole.value) / 100


def _recurring_sentence(facts: Facts) -> str:
    if facts.stored(facts.period.same_last_year) is None:
        return f"Om något återkommer går inte att säga: jämförelsevärde saknas för {facts.period.same_last_year.title}."
    found = recurring(facts)
    if not found:
        return "Ingen kategori står för minst en femtedel av ärendena både i år och samma månader förra året."
    verb = "återkommer: den står" if len(found) == 1 else "återkommer: de står var för sig"
    return (
        f"{sentence_case(listed(found))} {verb} för minst en femtedel av ärendena både i år och samma månader förra "
        "året. Det som återkommer behöver lösas i arbetssättet och inte bara i varje ärende."
    )


def _shares(facts: Facts) -> list[Block]:
    """Bars of each category's share of the cases, where the whole and more than one part are shown."""
    codes = facts.in_order(CASES, "kategori")
    shares = {code: _share(facts.current, code) for code in codes}
    if sum(share is not None for share in shares.values()) < 2:
        return []
    bars = []
    for code, share in shares.items():
        value = facts.current.get(CASES, kategori=code)
        display = words(facts.indicators[CASES], value) if share is None else percent(share)
        bars.append(
            Bar(
                facts.label("kategori", code),
                None if share is None else float(share * 100),
                display,
                note="" if share is None else counted((value and value.value) or 0, "ärende", "ärenden"),
            )
        )
    return [
        Figure(
            id="kategorier-andel",
            title="Så fördelar sig ärendena",
            description=f"Andel av alla ärenden, {facts.period.title}",
            chart=BarChart(tuple(bars), None, ""),
            source="Källa: kommunens ärendesystem. Ordningen är kategoriernas egen, inte storleksordning.",
            table=_share_table(facts, shares),
        )
    ]


def _share_table(facts: Facts, shares: dict[str, Decimal | None]) -> Table:
    rows = tuple(
        Row(
            (
                Cell(facts.label("kategori", code)),
                value_cell(facts.indicators[CASES], facts.current.get(CASES, kategori=code)),
                Cell(MISSING) if share is None else Cell(percent(share), share),
            )
        )
        for code, share in shares.items()
    )
    return Table(
        id="kategorier-andel",
        title="Ärenden efter kategori, andel av alla",
        columns=(
            Column("Kategori", width=2),
            Column("Ärenden", "right", number_format="#,##0"),
            Column("Andel", "right", number_format="0%"),
        ),
        rows=rows,
        note=tables.explained(rows),
        sheet="Kategorier andel",
    )


def _beside_last_year(facts: Facts, indicator_id: str, breakdown: str, table_id: str, title: str, sheet: str) -> Table:
    """One indicator for each code of a breakdown: now, the same months a year earlier, and the change."""
    indicator, then = facts.indicators[indicator_id], facts.period.same_last_year
    stored = facts.stored(then)
    codes = list(facts.in_order(indicator_id, breakdown))
    if stored is not None:
        order = list(facts.labels.get(breakdown, {}))
        gone = stored.codes(indicator_id, breakdown) - set(codes)
        codes = sorted({*codes, *gone}, key=lambda code: (order.index(code) if code in order else len(order), code))
    cells: list[dict[str, str]] = [*({breakdown: code} for code in codes), {}]
    format_ = tables.excel_format(indicator)
    beside = columns_beside(facts, then, format_)
    columns = [
        Column(tables.HEADER[breakdown], width=2.2),
        Column(facts.period.title.capitalize(), "right", number_format=format_),
        *beside,
    ]

    def row(cell: dict[str, str]) -> Row:
        label = facts.label(breakdown, cell[breakdown]) if cell else tables.ALL[breakdown]
        found = [Cell(label), _value(facts, indicator_id, facts.current.get(indicator_id, **cell))]
        return Row((*found, *cells_beside(facts, indicator_id, then, **cell)), is_total=not cell)

    rows = tuple(map(row, cells))
    missing = "" if beside else f"Jämförelsevärde saknas för {then.title}."
    return Table(table_id, title, tuple(columns), rows, tables.explained(rows, missing), sheet)


def _value(facts: Facts, indicator_id: str, value: Value | None) -> Cell:
    return value_cell(facts.indicators[indicator_id], value)


def answers_chapter(facts: Facts) -> list[Block]:
    """Write how soon the cases were answered, each kind for itself."""
    if not has_anything(facts, (ANSWERED,)):
        nothing = f"Det finns inga besvarade ärenden att redovisa för {facts.period.title}."
        return [Heading("Svarstider"), Paragraph(plain(nothing))]
    sentences = [with_certainty(facts, ANSWERED, "Mediantiden till svar")]
    if told(facts.indicators[ANSWERED], facts.current.get(ANSWERED)) is not None:
        sentences.append("Hälften av ärendena fick svar snabbare, och hälften långsammare.")
    sentences.append("Ärenden som ännu inte är besvarade räknas inte.")
    return [
        Heading("Svarstider"),
        Paragraph(plain(" ".join(sentences))),
        *_told(
            facts,
            ANSWERED,
            _beside_last_year(facts, ANSWERED, "typ", "svarstid", "Dagar till svar, median", "Svarstid"),
        ),
    ]


def deficiencies_chapter(facts: Facts) -> list[Block]:
    """Write how many deficiencies have led to an action; the actions themselves stand after."""
    if not has_anything(facts, (MENDED,)):
        nothing = f"Inga ärenden under {facts.period.title} visar på brister, så långt det går att redovisa."
        return [Paragraph(plain(nothing))]
    return [
        Paragraph(plain(with_certainty(facts, MENDED, "Andelen brister som har lett till en åtgärd"))),
        *_told(
            facts,
            MENDED,
            _beside_last_year(
                facts, MENDED, "kategori", "brister", "Brister som har lett till en åtgärd, procent", "Brister"
            ),
        ),
    ]


def _told(facts: Facts, indicator_id: str, table: Table) -> list[Block]:
    """The table where it tells something; that it does not need not be said again when the total is withheld."""
    found = tables.filled(table)
    is_said = told(facts.indicators[indicator_id], facts.current.get(indicator_id)) is None
    return [block for block in found if isinstance(block, Table) or not is_said]


def bold(label: str, rest: str) -> Text:
    """A bullet that begins with what it is about."""
    return (Run(label, "strong"), Run(f" {rest}"))
