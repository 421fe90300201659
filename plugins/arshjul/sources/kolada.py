"""Kolada, API v3: KPIs, areas, groups of municipalities and values, page by page.

The path form is used, since the query form ignores a misspelt parameter and answers with an empty list. At most 25 values
stand in one filter. Every page is landed before it is read. Source: facts on Kolada, §1.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from arshjul.catalogue.statistics import GENDER, KoladaSelection
from arshjul.sources.statistics_http import StatisticsHttp
from arshjul.sources.statistics_page import (
    Area,
    Asked,
    Cell,
    Content,
    FetchFailed,
    Land,
    Request,
    Series,
    batches,
    number,
    read_json,
    text,
    unexpected,
)

FILTER_VALUES = 25
PAGE_CEILING = 60
_PER_PAGE = 5000
_GENDERS = ("T", "K", "M")
_DISCONTINUED = re.compile(r"\(-([0-9]{4})\)", re.ASCII)
_WHERE = "Kolada"


def fetch_kolada(http: StatisticsHttp, selection: KoladaSelection, year: int, land: Land) -> None:
    """Fetch everything that is chosen, and land every page.

    Args:
        http: A session with Kolada.
        selection: What is chosen.
        year: Last year to ask for.
        land: Keeps a page.

    Raises:
        FetchFailed: A page could not be had, or is not what was asked for.
    """
    kpis = _known_kpis(http, selection, land)
    areas = [*selection.areas]
    for title in selection.groups:
        areas += _newest_group(http, title, land)
    for batch in batches(tuple(area for area in areas if not area.startswith("G")), FILTER_VALUES):
        _follow(http, "areas", {"path": _path("municipality", batch)}, land)
    years = tuple(str(one) for one in range(selection.first_year, year + 1))
    parts = (tuple(batches(of, FILTER_VALUES)) for of in (kpis, tuple(areas), years))
    for some_kpis, some_areas, some_years in itertools.product(*parts):
        asked = Asked(some_kpis, some_areas, some_years[0], some_years[-1], {GENDER: _GENDERS})
        path = _path("data/kpi", some_kpis) + _path("municipality", some_areas) + _path("year", some_years)
        _follow(http, "data", {"path": path, "asked": asked.as_json()}, land)


def read_kolada(kind: str, request: Request, body: bytes) -> Content:
    """Read one landed page.

    Args:
        kind: ``kpi``, ``groups``, ``areas`` or ``data``.
        request: What was asked.
        body: The page as it came.

    Raises:
        FetchFailed: It is not what was asked for.
    """
    values = _values(read_json(body, _WHERE))
    if kind == "kpi":
        return Content(series=tuple(_series(row) for row in values), named=tuple(request["kpis"]))
    if kind == "groups":
        return Content(areas=tuple(area for area, _ in _groups(values, request["title"])))
    if kind == "areas":
        return Content(areas=tuple(Area(_field(row, "id"), _field(row, "title")) for row in values))
    asked = Asked.from_json(request["asked"])
    cells = tuple(_cells(values))
    if any(not asked.covers(cell) for cell in cells):
        raise unexpected(_WHERE, "svaret har celler som ingen frågade efter")
    return Content(cells=cells, asked=asked)


def _known_kpis(http: StatisticsHttp, selection: KoladaSelection, land: Land) -> tuple[str, ...]:
    """The chosen KPIs that Kolada has: KPIs are removed without notice, and a path with an unknown one has no meaning."""
    chosen = tuple(selection.titles)
    known = {
        _field(row, "id")
        for batch in batches(chosen, FILTER_VALUES)
        for row in _follow(http, "kpi", {"path": _path("kpi", batch), "kpis": list(batch)}, land)
    }
    if not known & set(chosen):
        raise FetchFailed("tomt", "Kolada känner inte till något av de valda nyckeltalen.")
    return tuple(kpi for kpi in chosen if kpi in known)


def _newest_group(http: StatisticsHttp, title: str, land: Land) -> tuple[str, ...]:
    """The newest group whose title begins so, and its members: a new group is made each year."""
    path = "/municipality_groups"
    rows = _follow(http, "groups", {"path": path, "query": {"title": title}, "title": title}, land)
    found = _groups(rows, title)
    if not found:
        raise FetchFailed("grupp_saknas", f"Kolada har ingen kommungrupp med titeln {title}.")
    group, _ = max(found, key=lambda one: (one[1], one[0].area))
    return group.area, *group.members


def _follow(http: StatisticsHttp, kind: str, request: dict[str, Any], land: Land) -> list[Any]:
    """Land all pages of an answer and give their rows together.

    Raises:
        FetchFailed: The pages go in a circle or have no end; or as :func:`read_kolada`.
    """
    query = request.pop("query", {}) | {"per_page": _PER_PAGE}
    path: str | None = f"{request['path']}?{urlencode(query)}"
    seen: set[str] = set()
    rows: list[Any] = []
    while path:
        if path in seen:
            raise FetchFailed("sidor_i_ring", "Kolada hänvisar tillbaka till en sida som redan är hämtad.")
        if len(seen) >= PAGE_CEILING:
            raise FetchFailed("sidor_utan_slut", f"Kolada har mer än {PAGE_CEILING} sidor i ett svar.")
        seen.add(path)
        body = http.get(path)
        request = {**request, "path": path}
        land(kind, request, body)
        read_kolada(kind, request, body)
        document = read_json(body, _WHERE)
        values, following = _values(document), document.get("next_url")
        rows += values
        if following is not None and not isinstance(following, str):
            raise unexpected(_WHERE, "next_url är inte en adress")
        path = http.path_of(following, path) if following and values else None
    return rows


def _path(name: str, codes: Iterable[str]) -> str:
    return f"/{name}/{','.join(quote(code, safe='') for code in codes)}"


def _values(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    values = document.get("values")
    if not isinstance(values, list) or not all(isinstance(row, dict) for row in values):
        raise unexpected(_WHERE, "svaret saknar listan values")
    return values


def _field(row: Mapping[str, Any], name: str) -> str:
    return text(row.get(name), _WHERE, name)


def _series(row: Mapping[str, Any]) -> Series:
    title = _field(row, "title")
    ended = _DISCONTINUED.search(title)
    attributes = {
        "gender_split": _flag(row.get("is_divided_by_gender")),
        "area_type": row.get("municipality_type"),
        "publication_date": _optional(row.get("publication_date")),
        "preliminary_publication_date": _optional(row.get("prel_publication_date")),
        "publication_period": _optional(row.get("publ_period")),
        "last_period": ended[1] if ended else None,
        "description": _optional(row.get("description")),
    }
    return Series(_field(row, "id"), title, ended is not None, attributes)


def _groups(rows: Sequence[Mapping[str, Any]], title: str) -> list[tuple[Area, int]]:
    """The groups with this title and a year after it, with the year."""
    rule = re.compile(re.escape(title) + r",? ([0-9]{4})", re.ASCII)
    found = []
    for row in rows:
        match = rule.fullmatch(_field(row, "title").strip())
        members = row.get("members")
        if match and isinstance(members, list):
            codes = tuple(_member(one) for one in members)
            found.append((Area(_field(row, "id"), _field(row, "title"), codes), int(match[1])))
    return found


def _member(member: object) -> str:
    return text(member.get("member_id") if isinstance(member, dict) else None, _WHERE, "member_id")


def _cells(rows: Sequence[Mapping[str, Any]]) -> Iterator[Cell]:
    for row in rows:
        parts = row.get("values")
        if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
            raise unexpected(_WHERE, "en rad saknar listan values")
        for part in parts:
            # is_deleted was its name in v2.
            is_deleted = _flag(part.get("isdeleted", part.get("is_deleted")))
            value = number(part.get("value"), _WHERE)
            yield Cell(
                series_id=_field(row, "kpi"),
                area=_field(row, "municipality"),
                period=_year(row.get("period")),
                dimensions={GENDER: part.get("gender") or "T"},
                value=None if is_deleted else value,
                status=str(part.get("status") or ""),
                is_deleted=is_deleted,
                members=_count(part.get("count")),
            )


def _year(period: object) -> str:
    """The period is a number in v3 and was a text in v2."""
    year = str(period) if isinstance(period, str | int) and not isinstance(period, bool) else ""
    if not re.fullmatch(r"[0-9]{4}", year, re.ASCII):
        raise unexpected(_WHERE, "en period är inte ett år")
    return year


def _flag(value: object) -> bool:
    """true and false, also written 1 and 0; nothing is false."""
    if value in (None, False, True, 0, 1):
        return bool(value)
    raise unexpected(_WHERE, "ett ja eller nej går inte att läsa")


def _count(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise unexpected(_WHERE, "ett antal är inte ett heltal")


def _optional(value: object) -> str | None:
    return None if value in (None, "") else str(value)
