"""A watch that stands outside Airflow: one look at whether anything has stopped, and a letter to the data team, once per stop.

Airflow cannot tell that Airflow has stopped. The look is started by something else (a service of its own, a timer, cron), asks
Airflow's own health page and the warehouse, and remembers what it has told in a file in the home, since a database that does not
answer cannot remember it. Source: R102.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from arshjul.catalogue.activities import load_activities
from arshjul.catalogue.letters import plain_text
from arshjul.delivery.mail import compose_mail, send_mail
from arshjul.lineage.expected import SWEDEN
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, database_url, transaction
from arshjul.warehouse.errors import WarehouseError
from arshjul.warehouse.server import ServerError
from arshjul.wheel.standing import Standing, read_around

PATIENCE = timedelta(minutes=10)
"""How long something may be silent before it is called stopped: a restart is no stop."""

_TIMEOUT_S = 15
_ROUND = "atgardsgenomgang"
"""What the daily round does every day of the year: the day it was last done is the round's sign of life."""

_LARGEST_ANSWER = 100_000
_PARTS = {
    "scheduler": "Airflows schemaläggare",
    "dag_processor": "den del av Airflow som läser flödena (dag-processor)",
    "triggerer": "den del av Airflow som väntar på svar (triggerer)",
}

Watched = Literal["airflow", "databasen", "dygnsronden"]


@dataclass(frozen=True)
class Stop:
    """Something that has stopped.

    Attributes:
        what: Which of the three things that are watched.
        words: What has happened, as a Swedish sentence.
        since: Since when, as far as it is known; when it was first seen otherwise. Of the daily round the last day it was done.
    """

    what: Watched
    words: str
    since: datetime


@dataclass(frozen=True)
class Look:
    """What one look found.

    Attributes:
        stopped: What stands still now, told or not yet.
        told: Subjects of the letters that were sent now.
    """

    stopped: tuple[Stop, ...]
    told: tuple[str, ...]


def watch(settings: Settings, now: datetime) -> Look:
    """Look once: tell of what has stopped, once per stop, and of what goes again.

    Args:
        settings: Airflow's address, the warehouse, the mail server, the home that remembers.
        now: The time.

    Raises:
        DeliveryError: The mail server did not take a letter: the next look sends it.
    """
    found, unknown = _look(settings, now)
    stopped: list[Stop] = []
    told: list[str] = []
    with _memory(settings.home / "watch.json") as memory:
        for stop in found:
            known = memory.stops.setdefault(stop.what, {"since": stop.since.isoformat(), "told": False})
            since = datetime.fromisoformat(known["since"])
            stopped.append(Stop(stop.what, stop.words, since))
            memory.keep()
            if not known["told"] and now - since >= PATIENCE:
                told.append(_send(settings, "vakt_stopp", stopped[-1], now))
                known["told"] = True
                memory.keep()
        for what in memory.stops.keys() - {stop.what for stop in found} - unknown:
            known = memory.stops[what]
            if known["told"]:
                stop = Stop(what, "", datetime.fromisoformat(known["since"]))
                told.append(_send(settings, "vakt_igang", stop, now))
            del memory.stops[what]
            memory.keep()
    return Look(tuple(stopped), tuple(told))


def _look(settings: Settings, now: datetime) -> tuple[list[Stop], set[Watched]]:
    """Ask Airflow and the warehouse; the second set is what could not be asked about."""
    stops = [stop for stop in [_airflow(settings, now)] if stop]
    try:
        with transaction(_impatient(settings), Role.AUDIT) as connection:
            day = now.astimezone(SWEDEN).date()
            standings = read_around(connection, load_activities(settings.include), day)
    except (SQLAlchemyError, WarehouseError, ServerError, OSError):
        return [*stops, Stop("databasen", "Databasen med alla uppgifter svarar inte.", now)], {"dygnsronden"}
    return [*stops, *(_round(one, now) for one in standings if _is_late_round(one))], set()


def _is_late_round(one: Standing) -> bool:
    return one.occurrence.activity.id == _ROUND and one.state == "forsenad"


def _round(standing: Standing, now: datetime) -> Stop:
    """The daily round that is late: a whole day has gone by without it, so no more patience is needed."""
    last = standing.done_on
    since = datetime.combine(last, time.min, SWEDEN) if last else now - timedelta(days=1)
    return Stop("dygnsronden", "Den dagliga genomgången har inte gjorts på över ett dygn.", since)


def _impatient(settings: Settings) -> Settings:
    """The same database, asked with an end to how long it is waited for: one that hangs is to be told of."""
    url = make_url(database_url(settings)).update_query_dict({"connect_timeout": str(_TIMEOUT_S)})
    url = url.update_query_dict({"options": f"-c statement_timeout={_TIMEOUT_S}s"}, append=True)
    return replace(settings, database_url=url.render_as_string(hide_password=False))


def _airflow(settings: Settings, now: datetime) -> Stop | None:
    address = f"{settings.airflow_url}/api/v2/monitor/health"
    try:
        # No proxy: the address is the municipality's own, and settings let through nothing but http and https.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(address, timeout=_TIMEOUT_S) as answer:
            health = json.loads(answer.read(_LARGEST_ANSWER))
        database = health["metadatabase"]["status"]
        beats = {part: _heartbeat(health, part) for part in _PARTS}
    except (OSError, HTTPException, ValueError, LookupError, TypeError, AttributeError):
        return Stop("airflow", "Airflow svarar inte.", now)
    if database != "healthy":
        return Stop("airflow", "Airflow når inte sin databas.", now)
    for part, name in _PARTS.items():
        beat = beats[part]
        if beat is None:
            return Stop("airflow", f"{name[0].upper()}{name[1:]} är inte igång.", now)
        if now - beat > PATIENCE:
            return Stop("airflow", f"{name[0].upper()}{name[1:]} har slutat höra av sig.", beat)
    return None


def _heartbeat(health: dict[str, Any], part: str) -> datetime | None:
    text = health[part][f"latest_{part}_heartbeat"]
    return datetime.fromisoformat(text) if text else None


def _send(settings: Settings, letter: str, stop: Stop, now: datetime) -> str:
    """Send a letter and return its subject. The same stop has the same Message-ID, should it have to be sent twice."""
    text = plain_text(
        settings.include,
        f"{letter}.txt.j2",
        vad=stop.what,
        ord=stop.words,
        sedan=f"{stop.since.astimezone(SWEDEN):{'%Y-%m-%d' if stop.what == 'dygnsronden' else '%Y-%m-%d kl. %H.%M'}}",
        kommun=settings.kommun_namn,
    )
    digest = hashlib.sha256(f"{letter}\n{stop.what}\n{stop.since.isoformat()}".encode()).hexdigest()
    reference = f"<vakt-{digest[:40]}@{settings.smtp_sender.rpartition('@')[2]}>"
    send_mail(settings, compose_mail(settings, text, to=settings.data_team_email, reference=reference, begun=now))
    return text.partition("\n")[0]


@dataclass
class _Memory:
    """What has been seen and told, in a file."""

    path: Path
    stops: dict[Watched, dict[str, Any]]

    def keep(self) -> None:
        draft = self.path.with_suffix(".draft")
        draft.write_text(json.dumps(self.stops), encoding="utf-8")
        draft.replace(self.path)


@contextmanager
def _memory(path: Path) -> Iterator[_Memory]:
    """Be alone with the file: two looks at once would tell of the same stop twice."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            stops = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            stops = {}
        yield _Memory(path, stops)
