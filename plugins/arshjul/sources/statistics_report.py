"""What is known of official statistics: series, latest values, revisions, what has ended and what has gone silent."""

from __future__ import annotations

import calendar
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from arshjul.catalogue.statistics import SOURCES, Selection, load_selection
from arshjul.periods import PeriodError, parse_period
from arshjul.settings import Settings
from arshjul.sources.statistics import Difference, difference_of
from arshjul.warehouse.statements import Statements

_MOST_CHANGES = 40
_MOST_FETCHES = 5
_SHOWN_DECIMALS = 2
_STATES = {
    "hamtar": "sidorna hämtas",
    "hamtad": "alla sidor har kommit men är inte inlästa",
    "inlast": "inläst",
    "avvisad": "avvisad",
}


@dataclass(frozen=True)
class StatisticsReport:
    """What is known. Rows are what the statements in ``include/sql/statistics`` say that one row is.

    Attributes:
        selections: What is fetched, by service.
        series: Every series: ``titel``, latest period, revisions, whether it has ended or gone silent, latest values.
        fetches: The latest fetches, newest first within each service.
        differences: What the newest loaded fetch of each service changed.
        changes: The cells it revised or lost, by service; those that are only new are counted, not listed.
    """

    selections: Mapping[str, Selection]
    series: tuple[Mapping[str, Any], ...]
    fetches: tuple[Mapping[str, Any], ...]
    differences: tuple[Difference, ...]
    changes: Mapping[str, tuple[Mapping[str, Any], ...]]

    def as_json(self) -> dict[str, Any]:
        """The report for machines."""
        return {
            "serier": [_plain(row) for row in self.series],
            "hamtningar": [_plain(row) for row in self.fetches],
            "skillnader": [
                {
                    "kalla": one.source,
                    "hamtning": one.fetch_id,
                    "nya": one.added,
                    "reviderade": one.revised,
                    "borta": one.gone,
                    "celler": [_plain(row) for row in self.changes[one.source]],
                }
                for one in self.differences
            ],
        }

    def text(self) -> str:
        """The report in Swedish."""
        blocks = ["\n".join(self._block(source)) for source in self.selections]
        return "\n\n".join(blocks)

    def _block(self, source: str) -> Iterator[str]:
        selection = self.selections[source]
        yield f"{selection.title} ({selection.source_line})"
        rows = [row for row in self.series if row["kalla"] == source]
        if not rows:
            yield f"  Ingenting är inläst. Kör arshjul fetch {source}."
        for row in rows:
            yield f"  {row['serie']}  {row['titel']}"
            if row["tjanstens_titel"] not in (None, row["titel"]):
                yield f"    {selection.title}: {row['tjanstens_titel']}"
            yield f"    {_series_line(row)}"
            if row["senaste"]:
                yield f"    {'; '.join(_latest(one) for one in row['senaste'])}"
        for fetch in (one for one in self.fetches if one["source"] == source):
            yield f"  Hämtning {fetch['fetch_id']}, {fetch['started_at']:%Y-%m-%d}: {_state(fetch)}"
        for difference in (one for one in self.differences if one.source == source):
            yield f"  {difference_text(difference)}"
            yield from (f"    {change_text(row)}" for row in self.changes[source])


def statistics_report(connection: Connection, settings: Settings, today: date) -> StatisticsReport:
    """Find out what is known.

    Args:
        connection: Under the auditor's role, for instance.
        settings: Names the catalogue.
        today: Decides which series have been silent for too long.
    """
    statements = Statements(settings.include / "sql")
    selections = {source: load_selection(settings.include, source) for source in SOURCES}
    fetches = statements.fetch_all(connection, "statistics/fetches.sql", most=_MOST_FETCHES)
    newest = {row["source"]: row for row in reversed(fetches) if row["state"] == "inlast"}
    differences = []
    changes = {}
    for source in (one for one in SOURCES if one in newest):
        fetch_id = newest[source]["fetch_id"]
        differences.append(difference_of(connection, settings, fetch_id, source))
        changes[source] = changes_of(connection, settings, fetch_id)
    return StatisticsReport(
        selections=selections,
        series=tuple(_series(connection, statements, selections, today)),
        fetches=tuple(dict(row) for row in fetches),
        differences=tuple(differences),
        changes=changes,
    )


def changes_of(connection: Connection, settings: Settings, fetch_id: int) -> tuple[Mapping[str, Any], ...]:
    """Give the cells that a fetch revised or lost, at most forty; new ones are counted, not listed."""
    rows = Statements(settings.include / "sql").fetch_all(
        connection, "statistics/changes.sql", fetch_id=fetch_id, kinds=["reviderad", "borta"], most=_MOST_CHANGES
    )
    return tuple(dict(row) for row in rows)


def difference_text(difference: Difference) -> str:
    """One sentence on what a fetch changed."""
    counts = (
        (difference.added, "ny cell", "nya celler"),
        (difference.revised, "reviderad", "reviderade"),
        (difference.gone, "borta", "borta"),
    )
    said = ", ".join(_counted(*count) for count in counts if count[0])
    return (
        f"Hämtning {difference.fetch_id} ändrade {said}." if said else f"Hämtning {difference.fetch_id} ändrade inget."
    )


def change_text(row: Mapping[str, Any]) -> str:
    """One changed cell: where it stands, what it was, what it is."""
    codes = ", ".join(f"{name} {code}" for name, code in sorted(row["dimensions"].items()))
    where = f"{row['series_id']} {row['area_title'] or row['area']} {row['period']} ({codes})"
    if row["change"] == "borta":
        return f"{where}: {_number(row['old_value'])} är borta hos tjänsten"
    return f"{where}: {_number(row['old_value'])} → {_number(row['new_value'])}"


def _series(
    connection: Connection, statements: Statements, selections: Mapping[str, Selection], today: date
) -> Iterator[dict[str, Any]]:
    totals = [
        {"source": source, "series_id": series, "dimensions": dict(codes), "areas": list(selection.own_areas)}
        for source, selection in selections.items()
        for series, codes in selection.totals.items()
    ]
    latest: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in statements.fetch_all(connection, "statistics/latest.sql", totals=json.dumps(totals)):
        one = {"omrade": row["area"], "namn": row["area_title"], "period": row["period"], "varde": row["value"]}
        latest.setdefault((row["source"], row["series_id"]), []).append(one)
    for row in statements.fetch_all(connection, "statistics/series.sql"):
        source, series_id, attributes = row["source"], row["series_id"], row["attributes"]
        selection = selections[source]
        yield {
            "kalla": source,
            "serie": series_id,
            "titel": selection.titles.get(series_id, row["title"]),
            "tjanstens_titel": row["title"],
            "vald": series_id in selection.titles,
            "avslutad": row["is_discontinued"],
            "borttagen": bool(attributes.get("is_removed")),
            "tyst": not row["is_discontinued"] and _is_silent(row["last_period"], today, selection.stale_after_months),
            "forsta_period": row["first_period"],
            "senaste_period": row["last_period"],
            "nasta_publicering": (coming := attributes.get("publication_date")),
            "forsenad": coming is not None and str(coming) < today.isoformat(),
            "anmarkningar": attributes.get("notes") or [],
            "celler": row["cells"],
            "med_varde": row["cells_with_value"],
            "revideringar": row["revisions"],
            "senaste": sorted(
                latest.get((source, series_id), []), key=lambda one: selection.own_areas.index(one["omrade"])
            ),
        }


def _is_silent(period: str | None, today: date, months: int) -> bool:
    """No period has come for so long that somebody should ask: services do not announce that a series ends."""
    if period is None:
        return True
    try:
        end = parse_period(period.replace("M", "-")).end
    except PeriodError:
        return False
    month = end.month - 1 + months
    year, month = end.year + month // 12, month % 12 + 1
    return today > date(year, month, calendar.monthrange(year, month)[1])


def _series_line(row: Mapping[str, Any]) -> str:
    parts = [f"{row['forsta_period']}–{row['senaste_period']}" if row["senaste_period"] else "inga värden"]
    parts.append(f"{row['med_varde']} av {row['celler']} celler har värde")
    if row["revideringar"]:
        parts.append(_counted(row["revideringar"], "revidering", "revideringar"))
    if row["borttagen"]:
        parts.append("BORTTAGEN hos tjänsten")
    elif row["avslutad"]:
        parts.append("AVSLUTAD")
    elif row["tyst"]:
        parts.append("TYST: inget nytt på länge")
    if row["nasta_publicering"]:
        parts.append(f"{'skulle ha kommit' if row['forsenad'] else 'nästa publicering'} {row['nasta_publicering']}")
    if row["anmarkningar"]:
        parts.append(_counted(len(row["anmarkningar"]), "anmärkning", "anmärkningar") + " som måste visas")
    if not row["vald"]:
        parts.append("hämtas inte längre")
    return ", ".join(parts)


def _latest(one: Mapping[str, Any]) -> str:
    rounded = round(one["varde"], _SHOWN_DECIMALS).normalize()
    return f"{one['namn'] or one['omrade']} {_number(rounded)} ({one['period']})"


def _state(fetch: Mapping[str, Any]) -> str:
    why = f": {fetch['refusal_text']}" if fetch["refusal_text"] else ""
    again = f" (om igen från hämtning {fetch['pages_of']})" if fetch["pages_of"] else ""
    return f"{_STATES[fetch['state']]}{again}{why}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _number(value: Decimal | None) -> str:
    return "inget värde" if value is None else f"{value:f}".replace(".", ",")


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _json_value(value) for name, value in row.items()}


def _json_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    return [_plain(one) for one in value] if isinstance(value, list) and value and isinstance(value[0], dict) else value
