"""Files that lie in folders: the landing with one folder per sender, and what is named at the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

LANDING = "mapp"
COMMAND_LINE = "kommandorad"

_ORGNR = re.compile(r"[0-9]{10}", re.ASCII)
# Files that some program is still writing, or keeps beside the one it is editing.
_UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload")
_BESIDE = (".", "~")


@dataclass(frozen=True)
class LandedFile:
    """A file that has come in.

    Attributes:
        path: Where it lies.
        sender: The ten digits of the folder it was put in; ``None`` when it lies in no sender's folder.
        channel: ``mapp`` (the landing) or ``kommandorad`` (the command line): what the ledger says of how it came.
        stamp: What tells whether the file has been changed since it was found.
    """

    path: Path
    sender: str | None
    channel: str
    stamp: tuple[int, int, int] = (0, 0, 0)


def find_landed(landing: Path) -> list[LandedFile]:
    """Find what lies in the landing, in senders' folders and beside them, in name order.

    Args:
        landing: Folder with one folder per organisationsnummer; need not exist.
    """
    return list(_below(landing, LANDING)) if landing.is_dir() else []


def find_named(paths: Iterable[Path]) -> list[LandedFile]:
    """Find what is named at the keyboard: files, and everything below folders.

    Args:
        paths: Files and folders.

    Raises:
        FileNotFoundError: One of them is not there.
    """
    found: dict[Path, LandedFile] = {}
    for path in paths:
        absolute = path.absolute()
        if not absolute.exists():
            raise FileNotFoundError(f"there is no {path}")
        files = (
            _below(absolute, COMMAND_LINE) if absolute.is_dir() else [_landed(absolute, absolute.parent, COMMAND_LINE)]
        )
        found.update((one.path, one) for one in files)
    return list(found.values())


def take_away(file: LandedFile) -> bool:
    """Remove a received file from the landing, unless its sender has put another in its place meanwhile.

    Returns:
        True when it was removed.
    """
    if not file.path.is_file() or _stamp(file.path) != file.stamp:
        return False
    file.path.unlink()
    return True


def _below(folder: Path, channel: str) -> Iterator[LandedFile]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        # A link could lead to somebody else's folder.
        is_ours = not any(folder.joinpath(*parts[:depth]).is_symlink() for depth in range(1, len(parts) + 1))
        if (
            is_ours
            and path.is_file()
            and not any(part.startswith(_BESIDE) for part in parts)
            and not _is_unfinished(path)
        ):
            yield _landed(path, folder, channel)


def _is_unfinished(path: Path) -> bool:
    return path.name.lower().endswith(_UNFINISHED)


def _landed(path: Path, top: Path, channel: str) -> LandedFile:
    """The file with the sender whose folder is nearest above it, not higher than ``top``."""
    folders = [folder.name for folder in path.parents if folder == top or top in folder.parents]
    sender = next((name for name in folders if _ORGNR.fullmatch(name)), None)
    return LandedFile(path, sender, channel, _stamp(path))


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns
