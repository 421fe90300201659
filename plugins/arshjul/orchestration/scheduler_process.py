"""A real Airflow on this machine, for the demo and the end-to-end tests.

Four processes, the same as in production: API server, scheduler (LocalExecutor), DAG processor and triggerer, with
their metadata in the database ``airflow`` on the warehouse's own PostgreSQL server. We start them one by one rather than by ``airflow
standalone``, because that binds its log servers to every address of the machine, goes on when one of its parts has
died, and leaves its children behind when it is killed.

Nothing here listens on anything but loopback, and nothing here starts in production (docker-compose.yaml does it
there, with the FAB auth manager).
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from arshjul.settings import REPOSITORY, VARIABLES, Settings
from arshjul.warehouse import server

HOST = "127.0.0.1"
DEFAULT_PORT = 8080
METADATA_DATABASE = "airflow"

USERS: Mapping[str, str] = {"datateam": "admin", "anna": "user", "bertil": "user"}
"""The demo's users and their roles in Airflow's simple auth manager: the data team, and two who approve."""

COMPONENTS: Mapping[str, tuple[str, ...]] = {
    "api-server": ("api-server",),
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
}
"""Command lines. The API server reads task logs from the shared folder: the two log servers, which cannot be bound to
loopback, are left out."""

START_SECONDS = 120
STOP_SECONDS = 20


class SchedulerError(RuntimeError):
    """Airflow could not be started or stopped; the message says what to do."""


@dataclass(frozen=True)
class Component:
    """One started process, recognisable also after its number has been given to another.

    Attributes:
        name: Key of :data:`COMPONENTS`.
        pid: Process id, and id of the session its children live in.
        created: Start time in seconds since the epoch, as the operating system tells it.
    """

    name: str
    pid: int
    created: float


@dataclass(frozen=True)
class RunningAirflow:
    """A started Airflow.

    Attributes:
        airflow_home: Its AIRFLOW_HOME: logs, secrets, passwords, state.
        port: The API server's port on loopback.
        components: What was started.
        passwords: User name → password.
    """

    airflow_home: Path
    port: int
    components: tuple[Component, ...]
    passwords: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"


def airflow_home(settings: Settings) -> Path:
    """Return the folder where this home's Airflow keeps its logs, secrets and state."""
    return settings.home / "airflow"


def start(settings: Settings, port: int = DEFAULT_PORT, dags_folder: Path | None = None) -> RunningAirflow:
    """Start Airflow and return when it is healthy; return the running one if there is one.

    The embedded server must be up (``arshjul.warehouse.server.up``).

    Args:
        settings: Whose Airflow: everything is kept below ``settings.home``.
        port: The API server's port on loopback; 0 takes a free one.
        dags_folder: The DAGs; the repository's by default.

    Raises:
        SchedulerError: In production; the port is taken; a part died or was not healthy within two minutes.
    """
    if settings.is_production:
        raise SchedulerError("production runs Airflow by docker-compose.yaml, not from here")
    if found := running(settings):
        return found
    stop(settings)
    chosen = _free_port(port)
    home = airflow_home(settings)
    (home / "logs").mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = build_environment(settings, chosen, dags_folder or REPOSITORY / "dags")
    passwords = _passwords(home)
    _migrate(settings, environment, home)
    components = []
    for name, arguments in COMPONENTS.items():
        components.append(_launch(name, arguments, environment, home))
        _write_private(_state_file(home), json.dumps([chosen, *map(asdict, components)]))
    airflow = RunningAirflow(home, chosen, tuple(components), passwords)
    try:
        _wait_until_healthy(airflow)
    except BaseException:
        stop(settings)
        raise
    return airflow


def running(settings: Settings) -> RunningAirflow | None:
    """Return this home's Airflow if every part of it is alive, else ``None``."""
    home = airflow_home(settings)
    state = _read_state(home)
    if state is None or not all(_is_alive(component) for component in state[1]):
        return None
    return RunningAirflow(home, state[0], state[1], _passwords(home))


def stop(settings: Settings) -> bool:
    """Stop this home's Airflow: every process of every part's session, and see that nothing is left.

    Works from another process than the one that started it. Tasks put themselves in process groups of their own, so
    that ending the group would leave them running; they stay in the session.

    Returns:
        Whether anything was running.

    Raises:
        SchedulerError: Something is still alive after SIGKILL.
    """
    home = airflow_home(settings)
    state = _read_state(home)
    if state is None:
        return False
    components = [component for component in state[1] if not _is_replaced(component)]
    members = _members(components)
    # The scheduler must be asked first: while it lives its executor replaces the workers that are ended.
    _signal([process for process in members if process.pid in {c.pid for c in components}], signal.SIGTERM)
    if not _gone(components, STOP_SECONDS / 4):
        _signal(_members(components), signal.SIGTERM)
    if not _gone(components, STOP_SECONDS / 4):
        _signal(_members(components), signal.SIGKILL)
    if not _gone(components, STOP_SECONDS / 2):
        left = ", ".join(str(process.pid) for process in _members(components))
        raise SchedulerError(f"Airflow processes are still alive after SIGKILL: {left}")
    _state_file(home).unlink(missing_ok=True)
    return bool(members)


def build_environment(settings: Settings, port: int, dags_folder: Path) -> dict[str, str]:
    """Return the whole environment of Airflow's processes: nothing is inherited but what is named here.

    Args:
        settings: What tasks read back with ``load_settings``.
        port: The API server's port on loopback.
        dags_folder: The DAGs.
    """
    home = airflow_home(settings)
    own = {v.name: str(getattr(settings, v.name.removeprefix("ARSHJUL_").lower()) or "") for v in VARIABLES}
    return {
        **own,
        "PATH": f"{Path(sys.executable).parent}:{os.defpath}",
        "HOME": str(Path.home()),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(REPOSITORY / "plugins"),
        # A proxy named on the machine must not get between a task and the API server.
        "NO_PROXY": "127.0.0.1,localhost",
        "AIRFLOW_HOME": str(home),
        **{f"AIRFLOW__{name.upper()}": value for name, value in _options(settings, port, dags_folder).items()},
        **{f"AIRFLOW__{name.upper()}": value for name, value in _secrets(home).items()},
    }


def _options(settings: Settings, port: int, dags_folder: Path) -> dict[str, str]:
    home = airflow_home(settings)
    return {
        "database__sql_alchemy_conn": _metadata_url(settings),
        "core__dags_folder": str(dags_folder),
        "core__plugins_folder": str(REPOSITORY / "plugins"),
        "core__executor": "LocalExecutor",
        "core__parallelism": "4",
        "core__load_examples": "False",
        "core__dags_are_paused_at_creation": "False",
        "core__default_timezone": "Europe/Stockholm",
        "core__simple_auth_manager_users": ",".join(f"{name}:{role}" for name, role in USERS.items()),
        "core__simple_auth_manager_passwords_file": str(_passwords_file(home)),
        "api__host": HOST,
        "api__port": str(port),
        "api__base_url": f"http://{HOST}:{port}",
        "api__instance_name": "Årshjul",
        "scheduler__scheduler_idle_sleep_time": "0.2",
        "dag_processor__parsing_processes": "1",
        "logging__base_log_folder": str(home / "logs"),
    }


def _metadata_url(settings: Settings) -> str:
    if settings.database_url is None:
        return server.server_url(settings.server_root, METADATA_DATABASE)
    from sqlalchemy import make_url

    url = make_url(settings.database_url).set(database=METADATA_DATABASE)
    return url.render_as_string(hide_password=False)


def _secrets(home: Path) -> dict[str, str]:
    """Return Airflow's own secrets, made the first time and kept so that sessions and variables outlive a restart."""
    file = home / "secrets.json"
    if not file.exists():
        from cryptography.fernet import Fernet

        made = {
            "core__fernet_key": Fernet.generate_key().decode(),
            "api__secret_key": secrets.token_urlsafe(32),
            "api_auth__jwt_secret": secrets.token_urlsafe(64),
        }
        _write_private(file, json.dumps(made))
    read: dict[str, str] = json.loads(file.read_text())
    return read


def _passwords_file(home: Path) -> Path:
    return home / "passwords.json"


def _passwords(home: Path) -> dict[str, str]:
    """Return every user's password. Made here, since Airflow prints those that it makes itself in its log."""
    file = _passwords_file(home)
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    if missing := USERS.keys() - known.keys():
        known |= {name: secrets.token_urlsafe(12) for name in missing}
        _write_private(file, json.dumps(known))
    return known


def _write_private(file: Path, text: str) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = file.with_name(f"{file.name}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    temporary.replace(file)


def _free_port(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise SchedulerError(
                f"port {port} on {HOST} is taken: stop what holds it, or choose another port for Airflow"
            ) from None
        number: int = probe.getsockname()[1]
        return number


def _migrate(settings: Settings, environment: Mapping[str, str], home: Path) -> None:
    _create_database(settings)
    log = home / "logs" / "migrate.log"
    with log.open("wb") as stream:
        done = subprocess.run(
            [sys.executable, "-m", "airflow", "db", "migrate"],
            env=environment,
            stdout=stream,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise SchedulerError(f"Airflow's metadata database could not be made: see {log}")


def _create_database(settings: Settings) -> None:
    from sqlalchemy import create_engine, make_url, text

    url = make_url(_metadata_url(settings))
    engine = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if not connection.scalar(text("select 1 from pg_database where datname = :name"), {"name": url.database}):
            connection.execute(text(f"create database {METADATA_DATABASE}"))
    engine.dispose()


def _launch(name: str, arguments: Iterable[str], environment: Mapping[str, str], home: Path) -> Component:
    with (home / "logs" / f"{name}.log").open("ab") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "airflow", *arguments],
            env=environment,
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Component(name, process.pid, psutil.Process(process.pid).create_time())


def _wait_until_healthy(airflow: RunningAirflow) -> None:
    import requests

    session = requests.Session()
    session.trust_env = False
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if dead := [component.name for component in airflow.components if not _is_alive(component)]:
            logs = airflow.airflow_home / "logs"
            raise SchedulerError(f"Airflow's {dead[0]} died while starting: see {logs / dead[0]}.log")
        try:
            answer = session.get(f"{airflow.url}/api/v2/monitor/health", timeout=5)
            if answer.ok and _is_healthy(answer.json(), airflow):
                return
        except requests.RequestException:
            pass  # not listening yet
        time.sleep(0.2)
    raise SchedulerError(f"Airflow was not healthy within {START_SECONDS} s: see {airflow.airflow_home / 'logs'}")


def _is_healthy(health: Mapping[str, Mapping[str, str | None]], airflow: RunningAirflow) -> bool:
    """Whether each part has been heard from since we started it (an earlier life's heartbeat counts for 30 s)."""
    from datetime import UTC, datetime

    started = datetime.fromtimestamp(min(component.created for component in airflow.components), UTC)
    for name in ("scheduler", "dag_processor", "triggerer"):
        heard = health.get(name, {}).get(f"latest_{name}_heartbeat")
        if health.get(name, {}).get("status") != "healthy" or not heard or datetime.fromisoformat(heard) < started:
            return False
    return True


def _state_file(home: Path) -> Path:
    return home / "processes.json"


def _read_state(home: Path) -> tuple[int, tuple[Component, ...]] | None:
    try:
        port, *components = json.loads(_state_file(home).read_text())
    except FileNotFoundError:
        return None
    return port, tuple(Component(**component) for component in components)


def _is_alive(component: Component) -> bool:
    try:
        process = psutil.Process(component.pid)
        return process.create_time() == component.created and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _is_replaced(component: Component) -> bool:
    """Whether the number now belongs to another process; then nothing of ours is left in that session."""
    try:
        return psutil.Process(component.pid).create_time() != component.created
    except psutil.NoSuchProcess:
        return False


def _members(components: Iterable[Component]) -> list[psutil.Process]:
    sessions = {component.pid for component in components}
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) in sessions and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (ProcessLookupError, PermissionError, psutil.NoSuchProcess):
            continue
    return found


def _signal(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue


def _gone(components: Iterable[Component], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while _members(components):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
