"""Official statistics: fetched from Kolada and SCB, landed page by page, and loaded from what was landed.

A fetch is all or nothing: every page is archived and entered in the ledger before it is read, and a page that could not
be had or is wrong refuses the whole fetch. Loading reads only landed pages, so that it can be done again without the
network. What is known is a full refresh of the chosen cells: a revised value closes the old version and opens a new one,
a cell that is gone is closed, an unchanged one stays as it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from io import BytesIO
from typing import Any

from sqlalchemy import Connection, RowMapping

from arshjul.catalogue.statistics import KnownCell, KoladaSelection, Selection, load_selection, selection_file
from arshjul.lineage.archive import Archive
from arshjul.lineage.keys import load_or_create_key
from arshjul.periods import Month
from arshjul.settings import Settings
from arshjul.sources.kolada import fetch_kolada, read_kolada
from arshjul.sources.scb import fetch_scb, read_scb
from arshjul.sources.statistics_http import Patience, StatisticsHttp
from arshjul.sources.statistics_page import Area, Asked, Cell, Content, FetchFailed, Request, Series
from arshjul.warehouse.engine import Role, open_engine, transaction
from arshjul.warehouse.statements import Statements

_BATCH = 5_000
_PAGE_BYTES = Patience().body_bytes


@dataclass(frozen=True)
class Difference:
    """What a fetch changed.

    Attributes:
        fetch_id: The fetch.
        source: The service.
        added: Cells that were not known.
        revised: Cells with another value or mark than before.
        gone: Cells that were asked for and that the service no longer has.
    """

    fetch_id: int
    source: str
    added: int
    revised: int
    gone: int


@dataclass(frozen=True)
class _Read:
    """Everything that the pages of a fetch say, each with the delivery and the place it was read from."""

    cells: Mapping[Any, tuple[Cell, int, int]]
    series: Mapping[str, tuple[Series, int]]
    areas: Mapping[str, tuple[Area, int]]
    asked: tuple[Asked, ...]
    lost: tuple[str, ...]


def fetch(settings: Settings, source: str, run_id: int, today: date, http: StatisticsHttp | None = None) -> int:
    """Fetch everything that is chosen from one service and land it; nothing is loaded.

    Args:
        settings: Names the catalogue, the archive and the database.
        source: ``kolada`` or ``scb``.
        run_id: The run it belongs to.
        today: Decides the month it is landed under, and the last year to ask Kolada for.
        http: A session with the service, if not the usual.

    Returns:
        The number of the fetch, for :func:`load`.

    Raises:
        FetchFailed: Nothing can be loaded of it; the reason is kept with the fetch.
        CatalogueError: The definition of what is chosen is wrong.
    """
    selection = load_selection(settings.include, source)
    with _only_fetch(settings, source) as statements:
        with transaction(settings, Role.INTAKE) as connection:
            fetch_id = statements.fetch_value(
                connection,
                "statistics/begin_fetch.sql",
                run_id=run_id,
                source=source,
                selection_sha256=_selection_hash(settings, source),
            )
        landing = _Landing(settings, statements, source, int(fetch_id), run_id, today)
        with (
            _refusing(settings, int(fetch_id)),
            http or StatisticsHttp(selection.title, selection.address, settings.data_team_email) as session,
        ):
            if isinstance(selection, KoladaSelection):
                fetch_kolada(session, selection, today.year, landing.land)
            else:
                fetch_scb(session, selection, landing.land)
        with transaction(settings, Role.INTAKE) as connection:
            statements.execute(connection, "statistics/end_fetch.sql", fetch_id=fetch_id)
    return int(fetch_id)


def load(settings: Settings, fetch_id: int) -> Difference:
    """Load a fetch from its landed pages; the network is not used. A fetch that is loaded already stays as it is.

    Args:
        settings: Names the catalogue, the archive and the database.
        fetch_id: From :func:`fetch` or :func:`replay`.

    Raises:
        FetchFailed: A page is not what was asked for, a known cell is missing or another, or the fetch was refused.
        ArchiveError: A landed page cannot be read.
    """
    statements = Statements(settings.include / "sql")
    with transaction(settings, Role.INTAKE) as connection:
        fetched = _loadable(statements.fetch_one(connection, "statistics/fetch.sql", fetch_id=fetch_id), fetch_id)
        if fetched["state"] == "inlast":
            return difference_of(connection, settings, fetch_id, fetched["source"])
        pages = statements.fetch_all(connection, "statistics/pages.sql", fetch_id=fetched["pages_of"])
    with _refusing(settings, fetch_id):
        selection = load_selection(settings.include, fetched["source"])
        read = _read_pages(settings, fetched["source"], pages)
        _require_known_cells(selection, read.cells)
        with transaction(settings, Role.INTAKE) as connection:
            statements.fetch_one(connection, "statistics/lock_load.sql", source=selection.source)
            statements.fetch_one(connection, "intake/lock_knowledge.sql")
            again = _loadable(statements.fetch_one(connection, "statistics/fetch.sql", fetch_id=fetch_id), fetch_id)
            if again["state"] != "inlast":
                _merge(connection, statements, selection.source, fetch_id, read)
            return difference_of(connection, settings, fetch_id, selection.source)


def replay(settings: Settings, source: str, run_id: int) -> int:
    """Begin to read the newest landed pages of a service again: after reading has been mended, for instance.

    Args:
        settings: Names the database.
        source: ``kolada`` or ``scb``.
        run_id: The run it belongs to.

    Returns:
        The number of the new fetch, for :func:`load`.

    Raises:
        FetchFailed: ``inget_landat``: no fetch of the service has ever been completed.
    """
    statements = Statements(settings.include / "sql")
    with transaction(settings, Role.INTAKE) as connection:
        landed = statements.fetch_value(connection, "statistics/newest_landed.sql", source=source)
        if landed is None:
            raise FetchFailed("inget_landat", "Det finns ingen fullständig hämtning att läsa om.")
        fetch_id = statements.fetch_value(
            connection,
            "statistics/begin_replay.sql",
            run_id=run_id,
            fetch_id=landed,
            selection_sha256=_selection_hash(settings, source),
        )
    return int(fetch_id)


def difference_of(connection: Connection, settings: Settings, fetch_id: int, source: str) -> Difference:
    """Count what a loaded fetch changed.

    Args:
        connection: Under a role that may read core.
        settings: Names the statements.
        fetch_id: The fetch.
        source: Its service.
    """
    [counts] = Statements(settings.include / "sql").fetch_all(
        connection, "statistics/count_changes.sql", fetch_id=fetch_id
    )
    return Difference(fetch_id, source, **counts)


class _Landing:
    """Archives the pages of a fetch and enters them in the ledger, one transaction for each."""

    def __init__(
        self, settings: Settings, statements: Statements, source: str, fetch_id: int, run_id: int, today: date
    ) -> None:
        self._settings = settings
        self._statements = statements
        self._archive = _archive(settings)
        self._source = source
        self._fetch_id = fetch_id
        self._run_id = run_id
        self._month = Month.containing(today)
        self._pages = 0

    def land(self, kind: str, request: Request, body: bytes) -> None:
        """Keep one page."""
        self._pages += 1
        archived = self._archive.store(BytesIO(body), _PAGE_BYTES)
        with transaction(self._settings, Role.INTAKE) as connection:
            self._statements.execute(
                connection,
                "statistics/land_page.sql",
                run_id=self._run_id,
                source=self._source,
                period=self._month.start,
                file_name=f"{self._source}_{self._month.key}_{self._fetch_id}_{self._pages:04}_{kind}.json",
                sha256=archived.sha256,
                size_bytes=archived.size,
                fetch_id=self._fetch_id,
                page_no=self._pages,
                kind=kind,
                request=json.dumps(request),
            )


@contextmanager
def _only_fetch(settings: Settings, source: str) -> Iterator[Statements]:
    """Be the only one that fetches from a source; what an earlier, killed one left is refused."""
    statements = Statements(settings.include / "sql")
    engine = open_engine(settings, Role.INTAKE)
    try:
        with engine.connect() as connection:
            # The lock belongs to the connection, not to a transaction that would stay open for an hour.
            connection.execution_options(isolation_level="AUTOCOMMIT")
            if not statements.fetch_value(connection, "statistics/lock_source.sql", source=source):
                raise FetchFailed("pagar", "En annan hämtning från samma tjänst pågår.", is_transient=True)
            interrupted = {"rule": "avbruten", "text": "Hämtningen avbröts innan alla sidor hade kommit."}
            statements.execute(connection, "statistics/close_interrupted.sql", source=source, **interrupted)
            yield statements
    finally:
        engine.dispose()


@contextmanager
def _refusing(settings: Settings, fetch_id: int) -> Iterator[None]:
    """Write why a fetch is refused before the failure goes on."""
    try:
        yield
    except FetchFailed as failure:
        with transaction(settings, Role.INTAKE) as connection:
            Statements(settings.include / "sql").execute(
                connection, "statistics/refuse_fetch.sql", fetch_id=fetch_id, rule=failure.code, text=failure.text
            )
        raise


def _loadable(fetched: Any, fetch_id: int) -> Mapping[str, Any]:
    if fetched is None:
        raise FetchFailed("okand_hamtning", f"Det finns ingen hämtning {fetch_id}.")
    if fetched["state"] in ("avvisad", "hamtar"):
        raise FetchFailed("avvisad", fetched["refusal_text"] or "Alla sidor har inte kommit.")
    if fetched["state"] != "inlast" and fetched["is_passed"]:
        raise FetchFailed("passerad", "En nyare hämtning från samma tjänst är redan inläst.")
    return dict(fetched)


def _read_pages(settings: Settings, source: str, pages: Sequence[RowMapping]) -> _Read:
    """Read all pages of a fetch. The same cell on two pages is no error, as long as they say the same."""
    archive, reader = _archive(settings), read_kolada if source == "kolada" else read_scb
    cells: dict[Any, tuple[Cell, int, int]] = {}
    series: dict[str, tuple[Series, int]] = {}
    areas: dict[str, tuple[Area, int]] = {}
    asked: dict[str, Asked] = {}
    named: dict[str, None] = {}
    for page in pages:
        with archive.open(page["sha256"]) as content:
            said: Content = reader(page["kind"], page["request"], content.read())
        for place, cell in enumerate(said.cells, start=1):
            earlier = cells.setdefault(cell.key, (cell, page["delivery_id"], place))[0]
            if earlier != cell:
                raise FetchFailed("motsagelse", f"{cell.series_id}: samma cell har två olika värden i hämtningen.")
        series.update((one.series_id, (one, page["delivery_id"])) for one in said.series)
        # A group's page also tells its members, which the page with areas' names does not.
        areas.update(
            (one.area, (one, page["delivery_id"])) for one in said.areas if one.members or one.area not in areas
        )
        if said.asked:
            asked[json.dumps(said.asked.as_json())] = said.asked
        named.update(dict.fromkeys(said.named))
    return _Read(cells, series, areas, tuple(asked.values()), tuple(one for one in named if one not in series))


def _require_known_cells(selection: Selection, cells: Mapping[Any, tuple[Cell, int, int]]) -> None:
    """An empty or shifted answer is no error to the services; a cell that is known to be there shows it.

    Raises:
        FetchFailed: ``kand_cell``: it is missing, has no value, or has another.
    """
    for known in selection.known_cells:
        key = Cell(known.series, known.area, known.period, known.dimensions, None).key
        found = cells[key][0].value if key in cells else None
        if found is None or (known.value is not None and abs(found - known.value) > known.tolerance):
            what = "saknas" if found is None else "har ett annat värde än väntat"
            raise FetchFailed("kand_cell", f"{_named(known)} {what}. Ingenting av hämtningen är inläst.")


def _named(known: KnownCell) -> str:
    codes = ", ".join(f"{name} {code}" for name, code in known.dimensions.items())
    return f"Den kända cellen {known.series} för {known.area}, {known.period} ({codes})"


def _merge(connection: Connection, statements: Statements, source: str, fetch_id: int, read: _Read) -> None:
    """Let what was read be what is known of the source from now on."""
    known_at = statements.fetch_value(connection, "intake/known_at.sql")
    statements.execute(connection, "statistics/create_incoming.sql")
    rows = [_cell_row(cell, delivery_id, place) for cell, delivery_id, place in read.cells.values()]
    for start in range(0, len(rows), _BATCH):
        batch = json.dumps(rows[start : start + _BATCH])
        statements.execute(connection, "statistics/insert_incoming.sql", cells=batch)
    asked = json.dumps([one.as_json() for one in read.asked])
    at = {"source": source, "known_at": known_at}
    statements.execute(connection, "statistics/close_values.sql", asked=asked, **at)
    statements.execute(connection, "statistics/open_values.sql", **at)
    series = _rows(read.series)
    statements.execute(connection, "statistics/close_series.sql", series=series, **at)
    statements.execute(connection, "statistics/open_series.sql", series=series, **at)
    statements.execute(connection, "statistics/close_lost_series.sql", series_ids=list(read.lost), **at)
    areas = _rows(read.areas)
    statements.execute(connection, "statistics/close_areas.sql", areas=areas, **at)
    statements.execute(connection, "statistics/open_areas.sql", areas=areas, **at)
    statements.execute(connection, "statistics/count_pages.sql", source=source)
    statements.execute(connection, "statistics/finish_fetch.sql", fetch_id=fetch_id, known_at=known_at)


def _rows(described: Mapping[str, tuple[Series, int]] | Mapping[str, tuple[Area, int]]) -> str:
    return json.dumps([asdict(one) | {"delivery_id": delivery} for one, delivery in described.values()], default=str)


def _cell_row(cell: Cell, delivery_id: int, place: int) -> dict[str, Any]:
    value = None if cell.value is None else str(cell.value)
    return {
        "series_id": cell.series_id,
        "area": cell.area,
        "period": cell.period,
        "dimensions": dict(cell.dimensions),
        "value": value,
        "status": cell.status,
        "is_deleted": cell.is_deleted,
        "members": cell.members,
        "delivery_id": delivery_id,
        "row_no": place,
    }


def _archive(settings: Settings) -> Archive:
    return Archive(settings.archive, load_or_create_key(settings.archive_key_file, settings.is_production))


def _selection_hash(settings: Settings, source: str) -> str:
    return hashlib.sha256(selection_file(settings.include, source).read_bytes()).hexdigest()
