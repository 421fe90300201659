"""Folders that appear whole or not at all: a package at rest, a copy in the outbox."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_READ_ONLY = 0o444


def place_folder(target: Path, files: Mapping[str, bytes]) -> bool:
    """Make a folder with these files, in one step that a kill at any moment cannot halve.

    The files are read-only; the folder is not, since whoever owns the home must be able to remove it.

    Args:
        target: The folder; it is left alone when it is already there.
        files: File name to content; the names hold no folder.

    Returns:
        True when the folder was made, False when it was already there.
    """
    with _locked(target.parent):
        if target.exists():
            return False
        draft = target.with_name(f".{target.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)  # what a killed writer left: the lock says that it is not at work
        draft.mkdir()
        for name, content in files.items():
            _write(draft / name, content)
        _sync_folder(draft)
        draft.rename(target)
        _sync_folder(target.parent)
    return True


def place_file(target: Path, content: bytes) -> None:
    """Make or replace one read-only file in one step."""
    with _locked(target.parent):
        draft = target.with_name(f".{target.name}.draft")
        draft.unlink(missing_ok=True)
        _write(draft, content)
        draft.replace(target)
        _sync_folder(target.parent)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: one writer at a time, and a killed one lets go by dying."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(_READ_ONLY)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
