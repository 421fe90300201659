"""Tables that reports are made of, from facts to cells."""

from __future__ import annotations

from collections.abc import Sequence

from arshjul.catalogue.indicators import Indicator
from arshjul.reports.blocks import Cell, Column, Row, Table
from arshjul.reports.facts import Facts, Value
from arshjul.reports.figures import (
    change_cell,
    count_cell,
    is_percent,
    judgement,
    reached,
    shown,
    value_cell,
)
from arshjul.reports.numbers import MISSING, NO_BREAK_SPACE, PROTECTED, number, signed

ALL = {"insatstyp": "Samtliga insatser", "anordnare": "Samtliga anordnare", "avslutsorsak": "Samtliga avslut"}
HEADER = {
    "insatstyp": "Insats",
    "anordnare": "Anordnare",
    "avslutsorsak": "Avslutsorsak",
    "kon": "Kön",
    "aldersgrupp": "Ålder",
}


def excel_format(indicator: Indicator) -> str:
    """Excel's number format of an indicator's values."""
    decimals = "" if indicator.decimals == 0 else "." + "0" * indicator.decimals
    return f"0{decimals}%" if is_percent(indicator) else f"#,##0{decimals}"


def _value_title(indicator: Indicator) -> str:
    if is_percent(indicator):
        return f"{indicator.title} (%)"
    is_said = indicator.unit.lower() in indicator.title.lower()
    return indicator.title if is_said else f"{indicator.title} ({indicator.unit})"


def _unbroken(title: str) -> str:
    return title.replace(" ", NO_BREAK_SPACE)


def outcome_against_target(facts: Facts, indicator_id: str, breakdown: str = "insatstyp") -> Table:
    """A share per programme: how many ended, how many reached, the share, the target and the distance to it."""
    indicator = facts.indicators[indicator_id]

    def row(label: str, value: Value | None, code: str | None) -> Row:
        target = facts.target(indicator_id, code)
        rounded = shown(indicator, value)
        distance = Cell(MISSING)
        if value is not None and value.is_protected:
            distance = Cell(PROTECTED)
        elif rounded is not None and target is not None:
            distance = Cell(signed(rounded - target.target, 0), rounded - target.target)
        return Row(
            (
                Cell(label),
                count_cell(value),
                count_cell(value, "numerator"),
                value_cell(indicator, value),
                Cell(MISSING) if target is None else Cell(number(target.target, 0), target.target / 100),
                distance,
                Cell(PROTECTED if value and value.is_protected else judgement(reached(indicator, value, target))),
            ),
            is_total=code is None,
        )

    rows = [
        row(facts.label(breakdown, code), facts.current.get(indicator_id, **{breakdown: code}), code)
        for code in facts.in_order(indicator_id, breakdown)
    ]
    return Table(
        id=f"{indicator_id}-mal",
        title=f"Utfall mot mål per insats, {facts.period.title}",
        columns=(
            Column("Insats", width=2.6),
            Column("Avslut som räknas", "right", number_format="#,##0"),
            Column("Till egen försörjning", "right", number_format="#,##0"),
            Column("Utfall (%)", "right", number_format="0%"),
            Column("Mål (%)", "right", number_format="0%"),
            Column("Avvikelse (procentenheter)", "right", 1.35, "+0;-0;0"),
            Column("Bedömning", width=1.5),
        ),
        rows=(*rows, row(ALL[breakdown], facts.current.get(indicator_id), None)),
        note=f"{PROTECTED} = uppgiften visas inte, eftersom den kan röja en person. Avslut på grund av flytt, dödsfall eller "
        "felregistrering räknas inte.",
        sheet="Utfall mot mål",
    )


def comparison(facts: Facts, indicator_ids: Sequence[str], table_id: str, title: str, sheet: str) -> Table:
    """Totals of several indicators beside the period before and the same period a year earlier."""
    rows = []
    for indicator_id in indicator_ids:
        indicator = facts.indicators[indicator_id]
        now = facts.current.get(indicator_id)
        then = facts.previous.get(indicator_id) if facts.previous else None
        year_ago = facts.last_year.get(indicator_id) if facts.last_year else None
        rows.append(
            Row(
                (
                    Cell(_value_title(indicator)),
                    value_cell(indicator, now),
                    value_cell(indicator, then),
                    change_cell(indicator, now, then),
                    value_cell(indicator, year_ago),
                    change_cell(indicator, now, year_ago),
                )
            )
        )
    missing = [
        period.title
        for period, stored in ((facts.period.previous, facts.previous), (facts.period.same_last_year, facts.last_year))
        if stored is None
    ]
    cells = {cell.display for row in rows for cell in row.cells}
    note = (
        "Förändring av procent anges i procentenheter."
        if any(is_percent(facts.indicators[i]) for i in indicator_ids)
        else ""
    )
    if PROTECTED in cells:
        note += f" {PROTECTED} = uppgiften visas inte, eftersom den kan röja en person."
    if missing:
        note += f" {MISSING} = jämförelsevärde saknas för {' och '.join(missing)}."
    return Table(
        id=table_id,
        title=title,
        columns=(
            Column("Mått", width=2.8),
            Column(_unbroken(facts.period.title.capitalize()), "right", number_format="General"),
            Column(_unbroken(facts.period.previous.title.capitalize()), "right", number_format="General"),
            Column(f"Förändring sedan {facts.period.previous.title}", "right", 1.2, "General"),
            Column(_unbroken(facts.period.same_last_year.title.capitalize()), "right", number_format="General"),
            Column(f"Förändring sedan {facts.period.same_last_year.title}", "right", 1.2, "General"),
        ),
        rows=tuple(rows),
        note=note.strip(),
        sheet=sheet,
    )


def per_breakdown(
    facts: Facts, indicator_ids: Sequence[str], breakdown: str, table_id: str, title: str, sheet: str
) -> Table:
    """Several indicators side by side for each code of a breakdown, with the total last."""
    indicators = [facts.indicators[indicator_id] for indicator_id in indicator_ids]
    counted = frozenset[str]().union(*(facts.current.codes(one.id, breakdown) for one in indicators))
    codes = [code for code in facts.labels.get(breakdown, {}) if code in counted]
    rows = [
        Row(
            (
                Cell(facts.label(breakdown, code)),
                *(value_cell(one, facts.current.get(one.id, **{breakdown: code})) for one in indicators),
            )
        )
        for code in codes
    ]
    total = Row(
        (Cell(ALL.get(breakdown, "Samtliga")), *(value_cell(one, facts.current.get(one.id)) for one in indicators)),
        is_total=True,
    )
    return Table(
        id=table_id,
        title=title,
        columns=(
            Column(HEADER[breakdown], width=2.2),
            *(Column(_value_title(one), "right", number_format=excel_format(one)) for one in indicators),
        ),
        rows=(*rows, total),
        note=f"{PROTECTED} = uppgiften visas inte, eftersom den kan röja en person. {MISSING} = inget att redovisa.",
        sheet=sheet,
    )


def crossed(facts: Facts, indicator_id: str, rows_by: str, columns_by: str, sheet: str) -> Table:
    """One indicator in two breakdowns at once."""
    indicator = facts.indicators[indicator_id]
    columns = facts.in_order(indicator_id, columns_by)
    rows = [
        Row(
            (
                Cell(facts.label(rows_by, code)),
                *(
                    value_cell(indicator, facts.current.get(indicator_id, **{rows_by: code, columns_by: other}))
                    for other in columns
                ),
            )
        )
        for code in facts.in_order(indicator_id, rows_by)
    ]
    return Table(
        id=f"{indicator_id}-{rows_by}-{columns_by}",
        title=f"{_value_title(indicator)} per {HEADER[rows_by].lower()} och {HEADER[columns_by].lower()}",
        columns=(
            Column(HEADER[rows_by], width=2.2),
            *(Column(facts.label(columns_by, c), "right", number_format=excel_format(indicator)) for c in columns),
        ),
        rows=tuple(rows),
        note=f"{PROTECTED} = uppgiften visas inte, eftersom den kan röja en person. {MISSING} = inget att redovisa.",
        sheet=sheet,
    )


def history(facts: Facts, indicator_id: str, table_id: str, title: str, sheet: str) -> Table:
    """The total of one indicator for every stored period of the same type."""
    indicator = facts.indicators[indicator_id]
    return Table(
        id=table_id,
        title=title,
        columns=(
            Column("Period", width=2),
            Column(_value_title(indicator), "right", number_format=excel_format(indicator)),
            Column("Antal", "right", number_format="#,##0"),
        ),
        rows=tuple(
            Row(
                (
                    Cell(period.title.capitalize()),
                    value_cell(indicator, stored.get(indicator_id)),
                    count_cell(stored.get(indicator_id)),
                )
            )
            for period, stored in facts.history
        ),
        sheet=sheet,
    )
