"""Our own value beside official statistics: the municipality, its group of similar municipalities, and the country.

The two are set beside each other, never subtracted: the definitions differ, and how they differ is said each time. What we
have counted ourselves is "egen bearbetning" and is never attributed to the service (Kolada's terms of use,
facts/kolada-scb.md §1.1). Values that are missing, old or of a series that has ended are told as such, never filled in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy import Connection

from arshjul.catalogue.comparisons import Peers, PeerSeries
from arshjul.catalogue.indicators import Indicator
from arshjul.catalogue.statistics import Selection
from arshjul.comparison.numbers import MISSING, number, rounded
from arshjul.comparison.values import PublicValue, shown, words
from arshjul.periods import Period, parse_period
from arshjul.settings import REPOSITORY
from arshjul.warehouse.statements import Statements

STATEMENTS = Statements(REPOSITORY / "include" / "sql")

_MONTHS_IN_A_YEAR = 12

Place = Literal["kommunen", "liknande", "riket"]


@dataclass(frozen=True)
class PeerValue:
    """One cell of official statistics.

    Attributes:
        series_title: The service's own title of the series.
        is_discontinued: The service says that no more values come.
        area: Code of the area.
        area_title: Its name.
        is_group: It is a group of municipalities.
        period: The service's code of the period: ``2023`` or ``2026M04``.
        value: In the service's unit; ``None`` when it says that there is none.
        members: How many municipalities a group's value is the mean of.
        delivery_id: The fetched page it stands on.
        row_no: Its number there.
    """

    series_title: str | None
    is_discontinued: bool
    area: str
    area_title: str | None
    is_group: bool
    period: str
    value: Decimal | None
    members: int | None
    delivery_id: int
    row_no: int


@dataclass(frozen=True)
class PeerRow:
    """One row of the table: who, for which period, and what.

    Attributes:
        place: Ours (``egen``), or which of the service's areas.
        label: ``Linköping``, ``Exempelkommun (egen bearbetning)``.
        period: The period in words.
        value: As shown, percent for percent; ``None`` when there is none or it is protected.
        mark: The value as text: ``44``, ``..``, ``–``.
        source: ``Egen bearbetning`` or the service's own line, such as ``Källa: Kolada``.
    """

    place: Literal["egen"] | Place
    label: str
    period: str
    value: Decimal | None
    mark: str
    source: str


@dataclass(frozen=True)
class PeerComparison:
    """Our value and those of the service.

    Attributes:
        series_id: The service's series.
        series_title: Its title there.
        rows: Ours first, then the municipality, the group and the country.
        sentences: What must be said beside them: whose they are, how the definitions differ, periods, what is missing.
    """

    series_id: str
    series_title: str
    rows: tuple[PeerRow, ...]
    sentences: tuple[str, ...]


def read_peer_values(
    connection: Connection, as_of: datetime, peers: Peers, series: PeerSeries
) -> tuple[PeerValue, ...]:
    """Read one series for the municipality and its peers as known at a time, newest period first.

    Args:
        connection: Under a role that may read reports.
        as_of: Point of knowledge of the figures they stand beside.
        peers: Whom the municipality is set beside.
        series: One of theirs.
    """
    rows = STATEMENTS.fetch_all(
        connection,
        "comparison/peer_values.sql",
        as_of=as_of,
        source=series.source,
        series=series.series,
        dimensions=json.dumps(dict(series.dimensions)),
        areas=[peers.area, peers.country],
        group_title=peers.group,
    )
    return tuple(PeerValue(**row) for row in rows)


def beside_peers(
    indicator: Indicator,
    own: PublicValue | None,
    period: Period,
    municipality: str,
    found: Sequence[PeerValue],
    peers: Peers,
    series: PeerSeries,
    selection: Selection,
) -> PeerComparison:
    """Set our value beside the service's, all of the service's for one period: the newest the municipality has.

    Args:
        indicator: The definition of our value.
        own: Our public value.
        period: Its period.
        municipality: The municipality's name.
        found: From :func:`read_peer_values`.
        peers: Whom the municipality is set beside.
        series: The series.
        selection: What is fetched from the service: its name, its line, and when a series is old.
    """
    chosen = _period(found, peers.area)
    rows = [
        PeerRow("egen", f"{municipality} (egen bearbetning)", period.title, *_own(indicator, own), "Egen bearbetning")
    ]
    places: tuple[tuple[Place, str, PeerValue | None], ...] = (
        ("kommunen", _name(found, peers.area), _of(found, chosen, peers.area)),
        ("liknande", peers.group, _group(found, chosen)),
        ("riket", _name(found, peers.country, "Riket"), _of(found, chosen, peers.country)),
    )
    for place, name, one in places:
        value = None if one is None or one.value is None else rounded(one.value, indicator.decimals)
        mark = MISSING if value is None else number(value, indicator.decimals)
        label = one.area_title or name if one else name
        rows.append(
            PeerRow(place, f"{label[:1].upper()}{label[1:]}", _title(chosen), value, mark, selection.source_line)
        )
    title = next((one.series_title for one in found if one.series_title), selection.titles[series.series])
    missing = [one.area_title or name if one else name for _, name, one in places if one is None or one.value is None]
    sentences = [
        f"Värdet för {municipality} är egen bearbetning och kommer inte från {selection.title}.",
        f"De andra värdena är serien {series.series}, ”{title}”. {selection.source_line}.",
        series.difference,
        *_on_periods(period, chosen, selection),
        *_on_rows(places, missing, selection),
    ]
    return PeerComparison(series.series, title, tuple(rows), tuple(sentences))


def _own(indicator: Indicator, own: PublicValue | None) -> tuple[Decimal | None, str]:
    return shown(indicator, own), words(indicator, own)


def _period(found: Sequence[PeerValue], area: str) -> str | None:
    """The newest period with a value for the municipality; where it has none, the newest with any value."""
    own = [one.period for one in found if one.value is not None and one.area == area]
    return max(own or [one.period for one in found if one.value is not None], default=None)


def _of(found: Sequence[PeerValue], period: str | None, area: str) -> PeerValue | None:
    return next((one for one in found if one.area == area and one.period == period), None)


def _group(found: Sequence[PeerValue], period: str | None) -> PeerValue | None:
    """The newest group: a service makes a new one each year, and its title ends with the year."""
    groups = [one for one in found if one.is_group and one.period == period]
    return max(groups, key=lambda one: (re.findall(r"[0-9]{4}", one.area_title or ""), one.area), default=None)


def _name(found: Sequence[PeerValue], area: str, otherwise: str = "kommunen") -> str:
    return next((one.area_title for one in found if one.area == area and one.area_title), otherwise)


def _title(period: str | None) -> str:
    return MISSING if period is None else parse_period(period.replace("M", "-")).title


def _on_periods(period: Period, chosen: str | None, selection: Selection) -> list[str]:
    if chosen is None:
        return []
    theirs = parse_period(chosen.replace("M", "-"))
    if theirs == period:
        return []
    found = [f"Värdena gäller olika perioder, {period.title} och {theirs.title}: ej jämförbar period."]
    months = (period.end.year - theirs.end.year) * _MONTHS_IN_A_YEAR + period.end.month - theirs.end.month
    if months > selection.stale_after_months:
        found.append(f"{selection.title} har inga nyare värden än för {theirs.title}.")
    return found


def _on_rows(
    places: Sequence[tuple[Place, str, PeerValue | None]], missing: Sequence[str], selection: Selection
) -> list[str]:
    found = []
    if any(one.is_discontinued for _, _, one in places if one):
        found.append(f"{selection.title} har slutat att uppdatera serien.")
    if missing:
        found.append(f"{selection.title} har inget värde för {_listed(missing)}.")
    for _, _, one in places:
        if one and one.is_group and one.value is not None and one.members:
            found.append(f"Värdet för gruppen av liknande kommuner är ett ovägt medelvärde av {one.members} kommuner.")
    return found


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} och {names[-1]}"
