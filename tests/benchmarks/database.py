"""The benchmark's own server: embedded PostgreSQL as the house runs it, safe against power cuts, one database a run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from arshjul.warehouse import server

_SAMPLE_S = 0.05
_RIGHTS = "UPDATE pg_database SET datacl = (SELECT datacl FROM pg_database WHERE datname = %s) WHERE datname = %s"


@dataclass
class Memory:
    """The most private memory that the server's processes had together, in MB.

    Shared buffers are not counted: they are the same for every contender.
    """

    megabytes: float = 0.0


@dataclass
class Database:
    """One running server.

    Attributes:
        root: Its folder.
    """

    root: Path
    _administrator: psycopg.Connection[Any] = field(init=False, repr=False)

    def __enter__(self) -> Database:
        server.up(self.root)
        self._administrator = self.connect("postgres")
        return self

    def __exit__(self, *_: object) -> None:
        self._administrator.close()
        server.down(self.root)

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database."""
        return server.server_url(self.root, name)

    def connect(self, name: str) -> psycopg.Connection[Any]:
        """A superuser's connection, each statement a transaction of its own."""
        return psycopg.connect(plain_url(self.url(name)), autocommit=True)

    def create(self, name: str, template: str = "template1") -> None:
        """Make a database, whole and written to disk before anything is timed."""
        self._administrator.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._administrator.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        # A copy takes everything but the rights on the database itself.
        self._administrator.execute(_RIGHTS, (template, name))
        self._administrator.execute("CHECKPOINT")

    def drop(self, name: str) -> None:
        """Remove a database."""
        self._administrator.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def watched(self) -> Iterator[Memory]:
        """Sample the private memory of the server's processes while something runs."""
        memory, is_done = Memory(), threading.Event()
        postmaster = (self.root / "data" / "postmaster.pid").read_text().split("\n")[0]

        def watch() -> None:
            while not is_done.wait(_SAMPLE_S):
                memory.megabytes = max(memory.megabytes, _private_memory(postmaster))

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield memory
        finally:
            is_done.set()
            thread.join()


def plain_url(url: str) -> str:
    """The same URL as the driver itself reads it."""
    return url.replace("postgresql+psycopg:", "postgresql:")


def most_memory() -> float:
    """The most memory this process has had since it began, in MB.

    The kernel's high-water mark of this very program: ``ru_maxrss`` would also count the process it was started from.
    """
    return _field(Path("/proc/self/status"), "VmHWM:") / 1024


def _private_memory(postmaster: str) -> float:
    children = [path for path in Path("/proc").glob("[0-9]*/stat") if _parent(path) == postmaster]
    return sum(_field(path.with_name("status"), "RssAnon:") for path in children) / 1024


def _parent(stat: Path) -> str:
    try:
        return stat.read_text().rpartition(")")[2].split()[1]
    except (OSError, IndexError):
        return ""


def _field(status: Path, name: str) -> int:
    """A field of a process's status in kB; 0 when the process has ended."""
    try:
        lines = status.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(name)), 0)
