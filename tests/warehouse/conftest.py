"""Fixtures for servers that a test starts, kills and stops by itself."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from arshjul.warehouse import server


@contextmanager
def folder_below(parent: Path) -> Iterator[Path]:
    """A server's folder that does not exist yet; what runs in it is stopped in the end."""
    base = Path(tempfile.mkdtemp(dir=parent))
    try:
        yield base / "postgres"
    finally:
        server.down(base / "postgres")
        shutil.rmtree(base)


@pytest.fixture
def root(servers_folder: Path) -> Iterator[Path]:
    """A server's folder that does not exist yet."""
    with folder_below(servers_folder) as root:
        yield root


@pytest.fixture(scope="session")
def stopped_server(servers_folder: Path) -> Path:
    """A server's folder that has been up once; only to copy from."""
    root = servers_folder / "stopped"
    server.up(root, fast=True)
    server.down(root)
    return root


@pytest.fixture
def ready(root: Path, stopped_server: Path) -> Path:
    """A server's folder with a cluster in it, stopped: spares a test the half second of making one."""
    shutil.copytree(stopped_server, root)
    return root


@pytest.fixture
def on_disk() -> Iterator[Path]:
    """As root, but where programs may be run: memory often forbids that."""
    with folder_below(Path(tempfile.gettempdir())) as root:
        yield root
