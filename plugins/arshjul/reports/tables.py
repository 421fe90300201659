"""Tables that reports are made of, from facts to cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from arshjul.catalogue.indicators import Indicator
from arshjul.comparison.numbers import MISSING, NO_BREAK_SPACE, PROTECTED, number, percentage_points
from arshjul.comparison.uncertainty import shown_interval
from arshjul.comparison.values import MERGED, is_percent, places_of
from arshjul.periods import Period
from arshjul.prose.swedish import listed, sentence_case
from arshjul.reports.blocks import Block, Cell, Column, Paragraph, Row, Table, plain
from arshjul.reports.facts import Facts, Value
from arshjul.reports.figures import (
    BEYOND_CHANCE,
    BROKEN,
    change_cell,
    compared,
    count_cell,
    interval_cell,
    judged,
    value_cell,
)

ALL = {
    "insatstyp": "Samtliga insatser",
    "anordnare": "Samtliga anordnare",
    "avslutsorsak": "Samtliga avslut",
    "typ": "Samtliga ärenden",
    "kategori": "Samtliga ärenden",
    "kalla": "Samtliga åtgärder",
    "niva": "Samtliga kontroller",
    "objekt_id": "Samtliga verksamheter",
}
HEADER = {
    "insatstyp": "Insats",
    "anordnare": "Anordnare",
    "avslutsorsak": "Avslutsorsak",
    "kon": "Kön",
    "aldersgrupp": "Ålder",
    "typ": "Slag av ärende",
    "kategori": "Kategori",
    "kalla": "Källa",
    "niva": "Nivå",
    "objekt_id": "Verksamhet",
}
UNCERTAINTY = "Osäkerhet"

_SHORT_UNITS = {"procent": "%", "kronor": "kr"}
_COUNTED_UNITS = frozenset({"personer", "poäng", "ärenden", "besök", "insatser"})

_HIDDEN = f"{PROTECTED} = uppgiften visas inte, eftersom den kan röja en person."
_NOTHING = f"{MISSING} = inget att redovisa."
_CHANCE = f"{BEYOND_CHANCE} = större skillnad än slumpen brukar ge."
_BREAK = f"{BROKEN} = serien är bruten, eftersom definitionen har ändrats mellan perioderna."
_BETWEEN = f"{UNCERTAINTY}: mellan de två talen ligger värdet med hänsyn till slumpen."


def excel_format(indicator: Indicator) -> str:
    """Excel's number format of an indicator's values."""
    decimals = "" if indicator.decimals == 0 else "." + "0" * indicator.decimals
    return f"0{decimals}%" if is_percent(indicator) else f"#,##0{decimals}"


def value_title(indicator: Indicator) -> str:
    """An indicator's title with its unit, unless the title says it or everybody knows it."""
    if indicator.unit in _SHORT_UNITS:
        return f"{indicator.title} ({_SHORT_UNITS[indicator.unit]})"
    is_said = indicator.unit.lower() in indicator.title.lower() or indicator.unit in _COUNTED_UNITS
    return indicator.title if is_said else f"{indicator.title} ({indicator.unit})"


def filled(*tables: Table) -> list[Block]:
    """Keep the tables that tell something beside the total; one where all is withheld becomes a sentence."""
    found: list[Block] = []
    for table in tables:
        cells = [cell for row in table.rows if not row.is_total for cell in row.cells[1:]]
        if any(cell.value is not None for cell in cells):
            found.append(table)
        elif any(cell.display == PROTECTED for cell in cells):
            found.append(
                Paragraph(plain(f"Tabellen ”{table.title}” visas inte, eftersom uppgifterna kan röja en person."))
            )
    return found


def explained(rows: Iterable[Row], *first: str, nothing: str = _NOTHING) -> str:
    """The note below a table: what is said first, then only the signs that stand in it."""
    shown = {cell.display for row in rows for cell in row.cells}
    # The two points come first: after a full stop they would run together with it.
    notes = [note for note in (_HIDDEN if PROTECTED in shown else "", *first) if note]
    if MISSING in shown:
        notes.append(nothing)
    # A sign stands at a number; a name may end with anything.
    numbers = {cell.display for row in rows for cell in row.cells if cell.value is not None}
    if any(display.endswith(BEYOND_CHANCE) for display in numbers):
        notes.append(_CHANCE)
    if any(display.endswith(BROKEN) for display in numbers):
        notes.append(_BREAK)
    return " ".join(notes)


def outcome_against_target(facts: Facts, indicator_id: str) -> Table:
    """A share per programme: how many ended, the share, how certain it is, the target and how it stands to it."""
    indicator = facts.indicators[indicator_id]

    def row(label: str, value: Value | None, code: str | None) -> Row:
        judgement = judged(facts, indicator_id, code)
        goal = judgement.goal.target if judgement.goal else None
        return Row(
            (
                Cell(label),
                count_cell(value),
                count_cell(value, "numerator"),
                value_cell(indicator, value),
                interval_cell(indicator, value),
                Cell(MISSING) if goal is None else Cell(number(goal, places_of(goal)), goal / 100),
                Cell(judgement.mark, judgement.distance),
                Cell(judgement.words),
            ),
            is_total=code is None,
        )

    rows = (
        *(
            row(facts.label("insatstyp", code), facts.current.get(indicator_id, insatstyp=code), code)
            for code in facts.in_order(indicator_id, "insatstyp")
        ),
        row(ALL["insatstyp"], facts.current.get(indicator_id), None),
    )
    return Table(
        id=f"{indicator_id}-mal",
        title=f"Utfall mot mål per insats, {facts.period.title}",
        columns=(
            Column("Insats", width=2.6),
            Column("Avslut som räknas", "right", number_format="#,##0"),
            Column("Till egen försörjning", "right", number_format="#,##0"),
            Column("Utfall (%)", "right", number_format="0%"),
            Column(UNCERTAINTY, "right"),
            Column("Mål (%)", "right", number_format="0%"),
            Column("Avvikelse (procentenheter)", "right", 1.35, "+0;-0;0"),
            Column("Bedömning", width=1.5),
        ),
        rows=rows,
        note=explained(
            rows, "Avslut på grund av flytt, dödsfall eller felregistrering räknas inte.", _BETWEEN, _near(facts)
        ),
        sheet="Utfall mot mål",
    )


def _near(facts: Facts) -> str:
    """How far from the target still counts as near, when that is the same for all programmes."""
    found = {goal.tolerance for goal in facts.context.goals if goal.indicator_id == "maluppfyllelse" and goal.tolerance}
    if len(found) != 1:
        return ""
    tolerance = found.pop()
    return f"Nära målet: högst {percentage_points(tolerance, places_of(tolerance))} ifrån."


def comparison(facts: Facts, indicator_ids: Sequence[str], table_id: str, title: str, sheet: str) -> Table:
    """Totals of several indicators beside the period before and the same period a year earlier, where stored.

    An indicator without a value in any of them has no row.
    """
    usual = tuple(dict.fromkeys((facts.period.previous, facts.period.same_last_year)))
    others = [period for period in usual if facts.stored(period) is not None]
    stored = [found for period in (facts.period, *others) if (found := facts.stored(period)) is not None]
    known = [one for one in indicator_ids if any(found.get(one) is not None for found in stored)]
    indicators = [facts.indicators[indicator_id] for indicator_id in known]
    has_interval = any(shown_interval(one, facts.current.get(one.id)) for one in indicators)
    rows = tuple(_compared_row(facts, one, others, has_interval=has_interval) for one in indicators)
    missing = [period.title for period in usual if period not in others]
    columns = [Column("Mått", width=2.8), Column(_unbroken(facts.period.title), "right", number_format="General")]
    columns += [Column(UNCERTAINTY, "right")] if has_interval else []
    for period in others:
        columns.append(Column(_unbroken(period.title), "right", number_format="General"))
        columns.append(Column(f"Förändring sedan {period.title}", "right", 1.2, "General"))
    return Table(
        id=table_id,
        title=title,
        columns=tuple(columns),
        rows=rows,
        note=explained(
            rows,
            "Förändring av procent anges i procentenheter." if others and any(map(is_percent, indicators)) else "",
            _BETWEEN if has_interval else "",
            f"Jämförelsevärde saknas för {listed(missing)}." if missing else "",
            nothing=f"{MISSING} = inget att redovisa eller inget att jämföra med.",
        ),
        sheet=sheet,
    )


def _compared_row(facts: Facts, indicator: Indicator, others: Sequence[Period], *, has_interval: bool) -> Row:
    now = facts.current.get(indicator.id)
    cells = [Cell(value_title(indicator)), value_cell(indicator, now)]
    cells += [interval_cell(indicator, now)] if has_interval else []
    for period in others:
        stored = facts.stored(period)
        cells.append(value_cell(indicator, stored.get(indicator.id) if stored else None))
        cells.append(change_cell(compared(facts, indicator.id, period)))
    return Row(tuple(cells))


def _unbroken(title: str) -> str:
    """``Tertial 1`` stays on one line; the year may stand on the next."""
    return sentence_case(title).replace(" ", NO_BREAK_SPACE, 1)


def per_breakdown(
    facts: Facts,
    indicator_ids: Sequence[str],
    breakdown: str,
    table_id: str,
    title: str,
    sheet: str,
    changes: Sequence[str] = (),
) -> Table:
    """Several indicators side by side for each code of a breakdown, with the total last.

    Args:
        facts: Of the report.
        indicator_ids: The columns.
        breakdown: The rows.
        table_id: Stable name.
        title: Caption.
        sheet: Name of its sheet.
        changes: Indicators whose change since the same period a year earlier, or else the period before, stands beside.
    """
    indicators = [
        facts.indicators[one]
        for one in indicator_ids
        if facts.current.get(one) is not None or facts.current.by(one, breakdown)
    ]
    counted = frozenset[str]().union(*(facts.current.codes(one.id, breakdown) for one in indicators))
    codes = [code for code in facts.labels.get(breakdown, {}) if code in counted]
    cells: list[dict[str, str]] = [*({breakdown: code} for code in codes), {}]
    certain = {
        one.id for one in indicators if any(shown_interval(one, facts.current.get(one.id, **cell)) for cell in cells)
    }
    then = facts.period.same_last_year if facts.last_year else facts.period.previous
    columns = [Column(HEADER[breakdown], width=2.2)]
    for one in indicators:
        name = "Andel (%)" if one.distribution_over == breakdown else value_title(one)
        columns.append(Column(name, "right", number_format=excel_format(one)))
        columns += [Column(UNCERTAINTY, "right")] if one.id in certain else []
        columns += [Column(f"Förändring sedan {then.title}", "right", 1.2, "General")] if one.id in changes else []

    def row(cell: dict[str, str]) -> Row:
        label = facts.label(breakdown, cell[breakdown]) if cell else ALL.get(breakdown, "Samtliga")
        found = [Cell(label)]
        for one in indicators:
            value = facts.current.get(one.id, **cell)
            found.append(value_cell(one, value))
            found += [interval_cell(one, value)] if one.id in certain else []
            found += [_change_in(facts, one, then, cell)] if one.id in changes else []
        return Row(tuple(found), is_total=not cell)

    rows = tuple(map(row, cells))
    note = explained(rows, _BETWEEN if certain else "", merged_note(facts, indicators) if MERGED in codes else "")
    return Table(id=table_id, title=title, columns=tuple(columns), rows=rows, note=note, sheet=sheet)


def _change_in(facts: Facts, indicator: Indicator, then: Period, cell: dict[str, str]) -> Cell:
    if MERGED in cell.values():
        return Cell(MISSING)  # they need not be the same ones both times
    return change_cell(compared(facts, indicator.id, then, **cell))


def merged_note(facts: Facts, indicators: Sequence[Indicator]) -> str:
    """Tell how many providers stand together, and that one without a value may be among them."""
    counts = {one.title: facts.context.merged[one.id] for one in indicators if facts.context.merged.get(one.id)}
    if not counts:
        return ""
    if len(set(counts.values())) == 1:
        size = f"är {next(iter(counts.values()))} anordnare med få personer, som redovisas tillsammans"
    else:
        each = listed([f"{count} för {title[:1].lower()}{title[1:]}" for title, count in counts.items()])
        size = f"är anordnare med få personer, som redovisas tillsammans: {each}"
    return f"Övriga anordnare {size}. En anordnare som saknar ett värde kan ingå där."


def crossed(facts: Facts, indicator_id: str, rows_by: str, columns_by: str, sheet: str) -> Table:
    """One indicator in two breakdowns at once, with how certain the values are where two columns have room for it."""
    indicator = facts.indicators[indicator_id]
    codes = _codes_of_two(facts, indicator_id, rows_by, columns_by)
    has_interval = len(codes[1]) <= 2
    columns = [Column(HEADER[rows_by], width=2.2)]
    for code in codes[1]:
        columns.append(Column(facts.label(columns_by, code), "right", number_format=excel_format(indicator)))
        columns += [Column(UNCERTAINTY, "right")] if has_interval else []

    def row(code: str) -> Row:
        found = [Cell(facts.label(rows_by, code))]
        for other in codes[1]:
            value = facts.current.get(indicator_id, **{rows_by: code, columns_by: other})
            found.append(value_cell(indicator, value))
            found += [interval_cell(indicator, value)] if has_interval else []
        return Row(tuple(found))

    rows = tuple(map(row, codes[0]))
    return Table(
        id=f"{indicator_id}-{rows_by}-{columns_by}",
        title=f"{value_title(indicator)} per {HEADER[rows_by].lower()} och {HEADER[columns_by].lower()}",
        columns=tuple(columns),
        rows=rows,
        note=explained(rows, _BETWEEN if has_interval else ""),
        sheet=sheet,
    )


def _codes_of_two(facts: Facts, indicator_id: str, first: str, second: str) -> tuple[list[str], list[str]]:
    """The codes that stand in a table of two breakdowns, in reading order."""
    cells = [dict(cell) for one, cell in facts.current.values if one == indicator_id and len(cell) == 2]
    pairs = [(cell[first], cell[second]) for cell in cells if cell.keys() == {first, second}]
    found = []
    for place, breakdown in enumerate((first, second)):
        order = list(facts.labels.get(breakdown, {}))
        codes = {pair[place] for pair in pairs}
        found.append(sorted(codes, key=lambda code: (order.index(code) if code in order else len(order), code)))
    return found[0], found[1]


def history(facts: Facts, indicator_id: str, table_id: str, title: str, sheet: str) -> Table:
    """The total of one indicator for every stored period of the same type."""
    indicator = facts.indicators[indicator_id]
    return Table(
        id=table_id,
        title=title,
        columns=(
            Column("Period", width=2),
            Column(value_title(indicator), "right", number_format=excel_format(indicator)),
            Column(UNCERTAINTY, "right"),
            Column("Antal", "right", number_format="#,##0"),
        ),
        rows=tuple(
            Row(
                (
                    Cell(sentence_case(period.title)),
                    value_cell(indicator, stored.get(indicator_id)),
                    interval_cell(indicator, stored.get(indicator_id)),
                    Cell(MISSING) if stored.get(indicator_id) is None else count_cell(stored.get(indicator_id)),
                )
            )
            for period, stored in facts.history
        ),
        sheet=sheet,
    )
