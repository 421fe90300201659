"""Kolada and SCB on the loopback: small worlds that answer as the services do, and misbehave when they are told to."""

from __future__ import annotations

import itertools
import json
import math
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Answer:
    """One HTTP answer. ``hang`` never answers; ``trickle`` sends a byte now and then; ``cut`` promises more than it sends."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False
    trickle: bool = False
    cut: bool = False


def as_json(document: object, status: int = 200) -> Answer:
    return Answer(json.dumps(document).encode(), status, {"Content-Type": "application/json"})


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    body: Any
    agent: str


@dataclass
class Mischief:
    """What is answered instead, for so many of the requests whose path holds a text."""

    path: str
    answer: Callable[[Asked], Answer]
    times: int


class FakeService:
    """A server on the loopback; use as a context manager. ``asked`` is what has been asked of it."""

    prefix = ""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._mischief: list[Mischief] = []
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Any:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{self.prefix}"

    def misbehave(self, path: str, answer: Answer | Callable[[Asked], Answer], times: int = 1_000_000) -> None:
        """Answer so to the next requests whose path holds ``path``; the latest mischief comes first."""
        make = answer if callable(answer) else lambda _: answer
        self._mischief.insert(0, Mischief(path, make, times))

    def wait(self, seconds: float) -> bool:
        """Wait for the server to be closed; True when it is."""
        return self._closing.wait(seconds)

    def answer_to(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        for mischief in self._mischief:
            if mischief.times and mischief.path in asked.path:
                mischief.times -= 1
                return mischief.answer(asked)
        return self.usual(asked)

    def usual(self, asked: Asked) -> Answer:
        raise NotImplementedError


def _handler(service: FakeService) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            parts = urlsplit(self.path)
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            path = unquote(parts.path).removeprefix(service.prefix)
            asked = Asked(self.command, path, parse_qs(parts.query), body, self.headers["User-Agent"])
            try:
                self._send(service.answer_to(asked))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        do_GET = do_POST = _serve  # noqa: N815 - the names that http.server looks for

        def _send(self, answer: Answer) -> None:
            if answer.hang:
                service.wait(60)
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body) + (10 if answer.cut else 0)))
            self.end_headers()
            if not answer.trickle:
                self.wfile.write(answer.body)
                return
            for byte in answer.body:
                if service.wait(0.02):
                    return
                self.wfile.write(bytes([byte]))
                self.wfile.flush()

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


class FakeKolada(FakeService):
    """KPIs, areas, groups and values; ``values`` maps (kpi, area, year) to what each gender's cell says."""

    prefix = "/v3"

    def __init__(self) -> None:
        super().__init__()
        self.kpis: dict[str, dict[str, Any]] = {}
        self.areas: dict[str, str] = {"0580": "Linköping", "0182": "Nacka", "0000": "Riket", "0680": "Jönköping"}
        self.groups: dict[str, tuple[str, list[str]]] = {}
        self.values: dict[tuple[str, str, int], dict[str, Any]] = {}
        self.page_size = 5000

    def kpi(self, kpi: str, title: str, **fields: Any) -> None:
        self.kpis[kpi] = {
            "id": kpi,
            "title": title,
            "description": "Källa: AKS",
            "is_divided_by_gender": 1,
            "municipality_type": "K",
            "prel_publication_date": None,
            "publication_date": "2026-10-01",
            "publ_period": 2025,
            **fields,
        }

    def value(self, kpi: str, area: str, year: int, **genders: Any) -> None:
        self.values[kpi, area, year] = genders

    def usual(self, asked: Asked) -> Answer:
        parts = asked.path.strip("/").split("/")
        if parts[0] == "kpi":
            rows = [self.kpis[one] for one in parts[1].split(",") if one in self.kpis]
        elif parts[0] == "municipality":
            rows = [{"id": one, "title": self.areas[one], "type": "K"} for one in parts[1].split(",")]
        elif parts[0] == "municipality_groups":
            [wanted] = asked.query.get("title", [""])
            rows = [self._group(one) for one, (title, _) in self.groups.items() if wanted.lower() in title.lower()]
        else:
            kpis, areas, years = (parts[place].split(",") for place in (2, 4, 6))
            if max(len(kpis), len(areas), len(years)) > 25:
                return as_json({"detail": "too many"}, 422)
            cells = itertools.product(kpis, areas, map(int, years))
            rows = [_kolada_row(*cell, self.values[cell]) for cell in cells if cell in self.values]
        return self._page(asked, rows)

    def _group(self, group: str) -> dict[str, Any]:
        title, members = self.groups[group]
        return {
            "id": group,
            "title": title,
            "members": [{"member_id": one, "member_title": self.areas.get(one, one)} for one in members],
        }

    def _page(self, asked: Asked, rows: list[Any]) -> Answer:
        page = int(asked.query.get("page", ["1"])[0])
        some = rows[(page - 1) * self.page_size : page * self.page_size]
        # Behind its proxy the service writes http:// and its public name.
        following = (
            f"{self.address}{asked.path}?page={page + 1}&per_page=5000" if page * self.page_size < len(rows) else None
        )
        return as_json({"values": some, "next_url": following, "previous_url": None, "count": len(some)})


def _kolada_row(kpi: str, area: str, year: int, genders: Mapping[str, Any]) -> dict[str, Any]:
    cells = []
    for gender, said in genders.items():
        cell = {"gender": gender, "count": 1, "status": "", "value": said, "isdeleted": False}
        cell |= said if isinstance(said, dict) else {}
        cells.append(cell)
    return {"kpi": kpi, "period": year, "municipality": area, "values": cells}


class FakeScb(FakeService):
    """One table; ``values`` maps the codes of all dimensions, in order, to a value, and all others are null."""

    prefix = "/api/v2"

    def __init__(self) -> None:
        super().__init__()
        self.config: dict[str, Any] = {"maxDataCells": 150_000, "maxCallsPerTimeWindow": 1000, "timeWindow": 1}
        self.dimensions: dict[str, dict[str, str]] = {
            "Region": {"00": "Riket", "0580": "Linköping", "0182": "Nacka"},
            "Kon": {"1+2": "totalt", "1": "män", "2": "kvinnor"},
            "ContentsCode": {"000006II": "arbetslöshet", "000006IK": "sysselsättningsgrad"},
            "Tid": {"2025M12": "2025M12", "2026M01": "2026M01", "2026M02": "2026M02"},
        }
        self.values: dict[tuple[str, ...], Any] = {}
        self.marks: dict[tuple[str, ...], str] = {}
        self.is_sparse = False
        self.updated = "2026-03-10T07:00:00Z"
        self.discontinued: bool | None = None

    def cells(self) -> Iterator[tuple[str, ...]]:
        return itertools.product(*self.dimensions.values())

    def usual(self, asked: Asked) -> Answer:
        if asked.path == "/config":
            return as_json(self.config)
        if asked.path == "/tables/TAB6260/metadata":
            return as_json(self._document(self.dimensions, values=False))
        if asked.path != "/tables/TAB6260/data":
            return as_json({"type": "Parameter error", "title": "Non-existent table", "status": 404}, 404)
        wanted = {one["variableCode"]: one["valueCodes"] for one in asked.body["selection"]}
        if any(len(codes) != len(set(codes)) for codes in wanted.values()):
            return Answer(status=500)
        if math.prod(map(len, wanted.values())) > (self.config["maxDataCells"] or 150_000):
            return as_json({"type": "Parameter error", "title": "Too many cells selected", "status": 400}, 400)
        # A dimension that is not named is summed away: its total is all that is left.
        picked = {
            name: {code: label for code, label in labels.items() if code in wanted.get(name, list(labels)[:1])}
            for name, labels in self.dimensions.items()
        }
        return as_json(self._document(picked, values=True))

    def _document(self, dimensions: Mapping[str, Mapping[str, str]], *, values: bool) -> dict[str, Any]:
        cells = list(itertools.product(*dimensions.values()))
        dense = [self.values.get(cell) for cell in cells]
        marks = {str(place): self.marks[cell] for place, cell in enumerate(cells) if cell in self.marks}
        sparse = {str(place): value for place, value in enumerate(dense) if value is not None}
        return {
            "version": "2.0",
            "class": "dataset",
            "label": "Befolkningen efter arbetsmarknadsstatus, preliminär",
            "source": "SCB",
            "updated": self.updated,
            "note": ["Slumpmässig osäkerhet är införd.", "En upplysning."],
            "role": {"time": ["Tid"], "metric": ["ContentsCode"]},
            "id": list(dimensions),
            "size": [len(labels) for labels in dimensions.values()],
            "dimension": {name: _dimension(name, labels) for name, labels in dimensions.items()},
            "extension": {"noteMandatory": {"0": True}, "discontinued": self.discontinued},
            "value": (sparse if self.is_sparse else dense) if values else None,
            **({"status": marks} if values and marks else {}),
        }


def _dimension(name: str, labels: Mapping[str, str]) -> dict[str, Any]:
    category: dict[str, Any] = {"index": {code: place for place, code in enumerate(labels)}, "label": dict(labels)}
    if name == "ContentsCode":
        category["unit"] = {code: {"base": "procent", "decimals": 1} for code in labels}
    return {"label": name, "category": category, "extension": {"elimination": name == "Kon"}}


def write_selection(include: Any, kolada: str = "http://127.0.0.1:9", scb: str = "http://127.0.0.1:9") -> None:
    """Write what is fetched: two KPIs, one group, one table; each with a cell that is known to be there."""
    head = {"stale_after_months": 6, "own_areas": ["0580"]}
    known = {"area": "0580", "value": 44.0, "tolerance": 1.0}
    of_kolada = {
        "source": "kolada",
        "title": "Kolada",
        "address": kolada,
        "source_line": "Källa: Kolada",
        "areas": ["0580", "0182", "0000"],
        "groups": ["Liknande kommuner arbetsmarknad, Linköping"],
        "first_year": 2020,
        "kpis": [{"id": "U40455", "title": "Börjat arbeta eller studera"}, {"id": "N03920", "title": "Arbetslöshet"}],
        "known_cells": [{"series": "U40455", "period": "2021", "dimensions": {"gender": "T"}, **known}],
        **head,
    }
    of_scb = {
        "source": "scb",
        "title": "SCB",
        "address": scb,
        "source_line": "Källa: SCB",
        "areas": ["00", "0580"],
        "tables": [
            {
                "id": "TAB6260",
                "title": "Arbetsmarknadsstatus",
                "area": "Region",
                "period": "Tid",
                "measure": "ContentsCode",
                "first_period": "2026M01",
                "measures": {"000006II": "arbetslöshet", "000006IK": "sysselsättningsgrad"},
                "dimensions": {"Kon": ["1+2", "1", "2"]},
            }
        ],
        "known_cells": [
            {"series": "TAB6260/000006II", "area": "0580", "period": "2026M01", "dimensions": {"Kon": "1+2"}}
        ],
        **head,
    }
    folder = include / "statistics"
    folder.mkdir(parents=True, exist_ok=True)
    for name, definition in (("kolada", of_kolada), ("scb", of_scb)):
        # JSON is YAML too.
        (folder / f"{name}.yaml").write_text(json.dumps(definition), encoding="utf-8")


def fill_kolada(kolada: FakeKolada) -> None:
    """Give Kolada what the selection asks for."""
    kolada.kpi("U40455", "Deltagare som börjat arbeta eller studera, andel (%)")
    kolada.kpi("N03920", "Arbetslöshet 18-65 år, årsmedel, andel (%) av bef.", is_divided_by_gender=True)
    kolada.groups = {
        "G216219": ("Liknande kommuner arbetsmarknad, Linköping, 2024", ["0680"]),
        "G100001": ("Liknande kommuner arbetsmarknad, Linköping, 2023", ["0182"]),
        "G216245": ("Liknande kommuner arbetsmarknad, Nacka, 2024", ["0182"]),
    }
    kolada.value("U40455", "0580", 2021, T=44.03409091, K=41.5, M={"value": None, "status": "Missing"})
    kolada.value("U40455", "0580", 2022, T=32.6)
    kolada.value("U40455", "0680", 2021, T=30.58)
    kolada.value("U40455", "G216219", 2021, T={"value": 37.3, "count": 7})
    kolada.value("N03920", "0182", 2021, T=0.0, K=0, M=4)


def fill_scb(scb: FakeScb) -> None:
    """Give SCB a value in every cell but one."""
    for place, cell in enumerate(scb.cells()):
        scb.values[cell] = 4 + place / 10
    empty = ("00", "2", "000006IK", "2026M02")
    scb.values[empty], scb.marks[empty] = None, ".."
