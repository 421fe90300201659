"""A real Airflow on this machine, for the demo and the end-to-end tests.

Four processes, the same as in production: API server, scheduler (LocalExecutor), DAG processor and triggerer, with
their metadata in a database of its own on the warehouse's server. They are started one by one rather than by
``airflow standalone``, which binds its log servers to every address of the machine, goes on when one of its parts has
died, and leaves its children behind when it is killed.

Nothing here listens on anything but loopback, and nothing here starts in production (docker-compose.yaml does it
there, with the FAB auth manager).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from arshjul.orchestration.airflow_environment import (
    HOST,
    airflow_home,
    build_environment,
    metadata_url,
    read_passwords,
    write_private,
)
from arshjul.settings import REPOSITORY, Settings
from arshjul.warehouse.engine import AIRFLOW

DEFAULT_PORT = 8080

COMPONENTS: Mapping[str, tuple[str, ...]] = {
    "api-server": (),
    "scheduler": ("--skip-serve-logs",),
    "dag-processor": (),
    "triggerer": ("--skip-serve-logs",),
}
"""Airflow's commands and their options. The API server reads task logs from the shared folder; the two log servers,
which cannot be bound to loopback, are left out."""

_START_SECONDS = 120
_STOP_SECONDS = (5, 2, 10)
"""How long to wait after asking the parts, after asking everybody, and after SIGKILL (the triggerer often needs it)."""


class SchedulerError(RuntimeError):
    """Airflow could not be started or stopped; the message says what to do."""


@dataclass(frozen=True)
class Component:
    """One started part of Airflow, recognisable also after its number has been given to another process.

    Attributes:
        name: Key of :data:`COMPONENTS`.
        pid: Process id, and id of the session its children live in.
        born: When the operating system started it, in clock ticks since the machine started.
    """

    name: str
    pid: int
    born: int


@dataclass(frozen=True)
class RunningAirflow:
    """A started Airflow.

    Attributes:
        home: Its AIRFLOW_HOME: logs, secrets, passwords, state.
        port: The API server's port on loopback.
        components: What was started.
        passwords: User name → password.
    """

    home: Path
    port: int
    components: tuple[Component, ...]
    passwords: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"


def start(settings: Settings, port: int = DEFAULT_PORT, dags_folder: Path | None = None) -> RunningAirflow:
    """Start Airflow and return when it is healthy; return the running one if there is one.

    The database server must be up.

    Args:
        settings: Whose Airflow: everything is kept below ``settings.home``.
        port: The API server's port on loopback; 0 takes a free one.
        dags_folder: The DAGs; the repository's by default.

    Raises:
        SchedulerError: In production; the port is taken; the database server is down; a part died or was not healthy
            within two minutes.
    """
    if settings.is_production:
        raise SchedulerError("production runs Airflow by docker-compose.yaml, not from here")
    if found := running(settings):
        return found
    stop(settings)
    chosen = _free_port(port)
    home = airflow_home(settings)
    environment = build_environment(settings, chosen, dags_folder or REPOSITORY / "dags")
    (home / "logs").mkdir(mode=0o700, exist_ok=True)
    passwords = read_passwords(home)
    _migrate(settings, environment, home)
    started = datetime.now(UTC)
    components: tuple[Component, ...] = ()
    try:
        for name, options in COMPONENTS.items():
            components += (_launch(name, options, environment, home),)
            write_private(_state_file(home), json.dumps([chosen, *map(asdict, components)]))
        airflow = RunningAirflow(home, chosen, components, passwords)
        _wait_until_healthy(airflow, started)
    except BaseException:
        stop(settings)
        raise
    return airflow


def running(settings: Settings) -> RunningAirflow | None:
    """Return this home's Airflow if every part of it is alive, else ``None``."""
    home = airflow_home(settings)
    port, components = _read_state(home)
    if not components or _dead(components):
        return None
    return RunningAirflow(home, port, components, read_passwords(home))


def stop(settings: Settings) -> bool:
    """Stop this home's Airflow, all of it, and see that nothing is left.

    Works from another process than the one that started it. Tasks put themselves in process groups of their own, so
    that ending the parts' groups would leave them running; they do stay in the sessions.

    Returns:
        Whether anything was running.

    Raises:
        SchedulerError: Something is still alive after SIGKILL.
    """
    home = airflow_home(settings)
    _, components = _read_state(home)
    found = _members(components)
    # The parts first: while the scheduler lives it replaces workers that have ended.
    _send({component.pid for component in components} & found, signal.SIGTERM)
    if not _gone(components, _STOP_SECONDS[0]):
        _send(_members(components), signal.SIGTERM)
    if not _gone(components, _STOP_SECONDS[1]):
        _send(_members(components), signal.SIGKILL)
    if not _gone(components, _STOP_SECONDS[2]):
        left = ", ".join(map(str, sorted(_members(components))))
        raise SchedulerError(f"Airflow's processes are alive after SIGKILL: {left}")
    _state_file(home).unlink(missing_ok=True)
    return bool(found)


def _free_port(port: int) -> int:
    with socket.socket() as probe:
        # As the API server does: a port that was just left is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise SchedulerError(
                f"Airflow cannot have port {port} on {HOST} ({os.strerror(error.errno or 0)}): stop what holds it, or"
                " choose another port"
            ) from None
        chosen: int = probe.getsockname()[1]
        return chosen


def _migrate(settings: Settings, environment: Mapping[str, str], home: Path) -> None:
    _create_database(settings)
    log = home / "logs" / "migrate.log"
    with log.open("wb") as stream:
        command = [sys.executable, "-m", "airflow", "db", "migrate"]
        done = subprocess.run(command, env=environment, stdout=stream, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise SchedulerError(f"Airflow's metadata database could not be made: see {log}")


def _create_database(settings: Settings) -> None:
    from sqlalchemy import create_engine, make_url, text
    from sqlalchemy.exc import OperationalError

    url = make_url(metadata_url(settings)).set(database="postgres")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            known = text("SELECT 1 FROM pg_database WHERE datname = :name")
            if connection.scalar(known, {"name": AIRFLOW}) is None:
                connection.execute(text(f'CREATE DATABASE "{AIRFLOW}"'))
    except OperationalError:
        raise SchedulerError("the database server does not answer: start it with `arshjul db up`") from None
    finally:
        engine.dispose()


def _launch(name: str, options: Iterable[str], environment: Mapping[str, str], home: Path) -> Component:
    with (home / "logs" / f"{name}.log").open("ab") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "airflow", name, *options],
            env=environment,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    born = next((seen.born for seen in _processes() if seen.pid == process.pid), 0)
    # It outlives us; without this Python warns that the handle is dropped while the process runs.
    process.returncode = 0
    return Component(name, process.pid, born)


def _wait_until_healthy(airflow: RunningAirflow, started: datetime) -> None:
    import requests

    session = requests.Session()
    session.trust_env = False  # no proxy between us and loopback
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if dead := _dead(airflow.components):
            log = airflow.home / "logs" / f"{dead[0].name}.log"
            raise SchedulerError(f"Airflow's {dead[0].name} died while starting: see {log}")
        try:
            answer = session.get(f"{airflow.url}/api/v2/monitor/health", timeout=5)
            if answer.ok and _is_healthy(answer.json(), started):
                return
        except requests.RequestException:
            pass  # not listening yet
        time.sleep(0.2)
    raise SchedulerError(f"Airflow was not healthy within {_START_SECONDS} s: see {airflow.home / 'logs'}")


def _is_healthy(health: Mapping[str, Mapping[str, str | None]], started: datetime) -> bool:
    """Tell whether each part has been heard from since ``started``: an earlier life's heartbeat counts for 30 s."""
    for part in ("scheduler", "dag_processor", "triggerer"):
        heard = health.get(part, {}).get(f"latest_{part}_heartbeat")
        if not heard or datetime.fromisoformat(heard) < started:
            return False
    return True


def _state_file(home: Path) -> Path:
    return home / "processes.json"


def _read_state(home: Path) -> tuple[int, tuple[Component, ...]]:
    try:
        port, *components = json.loads(_state_file(home).read_text())
    except FileNotFoundError:
        return 0, ()
    return port, tuple(Component(**component) for component in components)


@dataclass(frozen=True)
class _Process:
    pid: int
    session: int
    born: int


def _processes() -> Iterator[_Process]:
    """Yield every living process of the machine (a zombie is not: in a container nobody may ever collect it)."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            # proc(5): pid (name) state ppid pgrp session … starttime is the 22nd; a name may hold blanks and brackets.
            fields = file.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we read
        if fields[0] not in ("Z", "X"):
            yield _Process(int(file.parent.name), int(fields[3]), int(fields[19]))


def _dead(components: Iterable[Component]) -> list[Component]:
    alive = {(process.pid, process.born) for process in _processes()}
    return [component for component in components if (component.pid, component.born) not in alive]


def _members(components: Iterable[Component]) -> set[int]:
    """Return the ids of the living processes in the components' sessions.

    A session's number is not given out again while anything lives in it: where it belongs to a process of another age,
    nothing of ours is left there.
    """
    processes = list(_processes())
    born = {process.pid: process.born for process in processes}
    sessions = {component.pid for component in components if born.get(component.pid, component.born) == component.born}
    return {process.pid for process in processes if process.session in sessions}


def _send(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _gone(components: Iterable[Component], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while _members(components):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
