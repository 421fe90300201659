"""SCB's database, PxWebApi v2: a table's description, then its cells, every dimension named.

What is left out of a selection SCB sums away or picks by default, without a sign; so the description decides first
whether the definition still names every dimension, and every answer must have exactly the codes that were asked for.
There is no fallback to v1: its paths and whole groups of tables disappear. Source: facts on SCB, §2.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from arshjul.catalogue.statistics import ScbSelection, Table
from arshjul.sources.json_stat import Cube, read_cube
from arshjul.sources.statistics_http import StatisticsHttp
from arshjul.sources.statistics_page import (
    OPEN_END,
    Area,
    Asked,
    Cell,
    Content,
    FetchFailed,
    Land,
    Request,
    Series,
    read_json,
    unexpected,
)

# What is asked for at a time when the service does not say how much it gives.
_CAREFUL_CELLS = 30_000
_LANGUAGE = "lang=sv"


def fetch_scb(http: StatisticsHttp, selection: ScbSelection, land: Land) -> None:
    """Fetch everything that is chosen, and land every page.

    Args:
        http: A session with SCB.
        selection: What is chosen.
        land: Keeps a page.

    Raises:
        FetchFailed: A page could not be had, is not what was asked for, or a table is no longer as it is defined.
    """
    most_cells = _limits(http, land)
    for table in selection.tables:
        codes = _plan(table, selection.areas, _describe(http, table, land))
        asked = Asked(
            series=tuple(table.series_id(measure) for measure in table.measures),
            areas=selection.areas,
            period_from=table.first_period,
            period_to=OPEN_END,
            dimensions=table.dimensions,
        )
        for part in split(codes, most_cells):
            path = f"/tables/{table.id}/data?{_LANGUAGE}&outputFormat=json-stat2"
            body = {"selection": [{"variableCode": name, "valueCodes": list(of)} for name, of in part.items()]}
            request = {"path": path, "body": body, "asked": asked.as_json(), **_roles(table)}
            answer = http.post(path, body)
            land("data", request, answer)
            read_scb("data", request, answer)


def read_scb(kind: str, request: Request, body: bytes) -> Content:
    """Read one landed page.

    Args:
        kind: ``config``, ``metadata`` or ``data``.
        request: What was asked.
        body: The page as it came.

    Raises:
        FetchFailed: It is not what was asked for.
    """
    if kind == "config":
        return Content()
    where = f"SCB {request['table']}"
    cube = read_cube(read_json(body, where), where)
    if kind == "metadata":
        return Content(series=tuple(_series(cube, request)))
    wanted = {one["variableCode"]: one["valueCodes"] for one in request["body"]["selection"]}
    if {name: sorted(of) for name, of in cube.codes.items()} != {name: sorted(of) for name, of in wanted.items()}:
        raise FetchFailed(
            "annan_storlek", f"{where}: svaret har andra dimensioner eller koder än de som efterfrågades."
        )
    areas = tuple(Area(code, title) for code, title in cube.labels(request["area"]).items())
    return Content(cells=tuple(_cells(cube, request)), areas=areas, asked=Asked.from_json(request["asked"]))


def split(codes: Mapping[str, Sequence[str]], most_cells: int) -> Iterator[dict[str, tuple[str, ...]]]:
    """Divide a selection into parts of at most so many cells, by halving the dimension with most codes.

    Args:
        codes: Dimension to its codes.
        most_cells: Largest number of cells in one answer, at least 1.
    """
    if math.prod(len(of) for of in codes.values()) <= most_cells:
        yield {name: tuple(of) for name, of in codes.items()}
        return
    longest = max(codes, key=lambda name: len(codes[name]))
    middle = len(codes[longest]) // 2
    for half in (codes[longest][:middle], codes[longest][middle:]):
        yield from split({**codes, longest: half}, most_cells)


def _limits(http: StatisticsHttp, land: Land) -> int:
    """Ask how much and how often we may ask; 0 means that the service does not say."""
    path = f"/config?{_LANGUAGE}"
    body = http.get(path)
    land("config", {"path": path}, body)
    config = read_json(body, "SCB")
    calls, window = _natural(config.get("maxCallsPerTimeWindow")), _natural(config.get("timeWindow"))
    if calls and window:
        http.pace(calls, window)
    return _natural(config.get("maxDataCells")) or _CAREFUL_CELLS


def _describe(http: StatisticsHttp, table: Table, land: Land) -> Cube:
    path = f"/tables/{table.id}/metadata?{_LANGUAGE}"
    request = {"path": path, "measures": list(table.measures), **_roles(table)}
    body = http.get(path)
    land("metadata", request, body)
    where = f"SCB {table.id}"
    return read_cube(read_json(body, where), where)


def _plan(table: Table, areas: tuple[str, ...], description: Cube) -> dict[str, tuple[str, ...]]:
    """Every dimension of the table with the codes to ask for, each once: SCB answers a repeated code with status 500."""
    asked = {table.area: areas, table.measure: tuple(table.measures), **table.dimensions}
    periods = tuple(code for code in description.codes.get(table.period, ()) if code >= table.first_period)
    chosen = {**asked, table.period: periods}
    if set(chosen) != set(description.codes):
        unnamed, unknown = set(description.codes) - set(chosen), set(chosen) - set(description.codes)
        raise FetchFailed(
            "dimensioner",
            f"SCB {table.id} har inte de dimensioner som definitionen anger. Saknas i definitionen: "
            f"{', '.join(sorted(unnamed)) or 'inga'}. Finns inte i tabellen: {', '.join(sorted(unknown)) or 'inga'}.",
        )
    for name, codes in chosen.items():
        missing = [code for code in codes if code not in description.codes[name]]
        if missing or not codes:
            raise FetchFailed(
                "kod_saknas",
                f"SCB {table.id} har inte de koder i {name} som definitionen anger: "
                f"{', '.join(missing) or 'ingen period från ' + table.first_period}.",
            )
    return {name: tuple(dict.fromkeys(chosen[name])) for name in description.codes}


def _roles(table: Table) -> dict[str, str]:
    return {"table": table.id, "area": table.area, "period": table.period, "measure": table.measure}


def _series(cube: Cube, request: Request) -> Iterator[Series]:
    """The chosen measures as the table describes them; notes only those that SCB says must be shown."""
    document, measure = cube.document, str(request["measure"])
    if measure not in cube.codes:
        raise unexpected(cube.where, f"dimensionen {measure} saknas")
    extension = document.get("extension") or {}
    mandatory = extension.get("noteMandatory") or {}
    notes = [note for place, note in enumerate(document.get("note") or []) if mandatory.get(str(place)) is True]
    units = document["dimension"][measure]["category"].get("unit") or {}
    periods = cube.codes.get(str(request["period"])) or ("",)
    labels = cube.labels(measure)
    for code in request["measures"]:
        if code in labels:
            attributes = {
                "table": document.get("label"),
                "unit": (units.get(code) or {}).get("base"),
                "updated": document.get("updated"),
                "first_period": min(periods),
                "last_period": max(periods),
                "notes": notes,
            }
            # "discontinued" is unreliable when it is null: then the last period tells (facts: SCB, trap 4).
            is_discontinued = extension.get("discontinued") is True
            yield Series(f"{request['table']}/{code}", labels[code], is_discontinued, attributes)


def _cells(cube: Cube, request: Request) -> Iterator[Cell]:
    roles = (request["measure"], request["area"], request["period"])
    for codes, value, mark in cube.cells():
        measure, area, period = (codes[role] for role in roles)
        rest = {name: code for name, code in codes.items() if name not in roles}
        yield Cell(f"{request['table']}/{measure}", area, period, rest, value, mark)


def _natural(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0
