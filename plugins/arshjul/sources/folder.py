"""Files that lie in folders: the landing and what has been fetched, with one folder per sender, and what is named."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

LANDING = "mapp"
HTTPS = "https"
SFTP = "sftp"
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
        channel: How it came, as the ledger says it: ``mapp`` (the landing), ``https``, ``sftp`` or ``kommandorad`` (the
            command line).
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


def find_fetched(fetched: Path) -> list[LandedFile]:
    """Find what has been fetched and not yet received, in name order.

    Args:
        fetched: Folder with one folder per channel and, in it, one per organisationsnummer; need not exist.
    """
    return [
        file for channel in (HTTPS, SFTP) if (fetched / channel).is_dir() for file in _below(fetched / channel, channel)
    ]


def is_quiet(file: LandedFile, seconds: float) -> bool:
    """Say whether nobody has written to a file for a while: somebody may still be copying it to its place.

    By the time of the last change of any kind, which a program that copies cannot set back as it can the time of writing.

    Args:
        file: The file.
        seconds: For how long; 0 asks nothing.
    """
    try:
        return time.time() - file.path.stat().st_ctime >= seconds
    except FileNotFoundError:  # somebody has taken it away since it was found
        return False


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
            and not is_unfinished(path.name)
        ):
            yield _landed(path, folder, channel)


def is_unfinished(name: str) -> bool:
    """Say whether a file's name is one that programs give to what they are still writing."""
    return name.lower().endswith(_UNFINISHED) or name.startswith(_BESIDE)


def _landed(path: Path, top: Path, channel: str) -> LandedFile:
    """The file with the sender whose folder is nearest above it, not higher than ``top``."""
    folders = [folder.name for folder in path.parents if folder == top or top in folder.parents]
    sender = next((name for name in folders if _ORGNR.fullmatch(name)), None)
    return LandedFile(path, sender, channel, _stamp(path))


def _stamp(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns
