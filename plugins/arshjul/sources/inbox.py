"""Where a sender's fetched files land, and what is remembered of them, so that the same is not fetched again.

A file is written beside its place, whole, and then renamed: whoever reads the folder sees all of it or nothing. What is
remembered is a convenience: without it everything is fetched again, and the ledger recognises what it has.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


class FetchError(RuntimeError):
    """Something could not be fetched. The message is Swedish, names no file, no token and no value.

    Attributes:
        may_pass: Trying again later can help.
    """

    def __init__(self, message: str, *, may_pass: bool = False) -> None:
        super().__init__(message)
        self.may_pass = may_pass


@dataclass
class Tally:
    """What came of asking one sender.

    Attributes:
        fetched: Files that have landed.
        unchanged: Files that are as when they were fetched before.
        missing: What the sender does not have yet.
        faults: What could not be fetched while the rest could, in Swedish.
    """

    fetched: int = 0
    unchanged: int = 0
    missing: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Seen:
    """What is remembered of a fetched file.

    Attributes:
        mark: What its server says of its version: an ETag, or size and time.
        sha256: Hash of its content.
    """

    mark: str
    sha256: str


class Inbox:
    """One channel's folder of one sender."""

    def __init__(self, folder: Path, channel_id: str) -> None:
        """Open it, and remember what the channel has fetched before.

        Args:
            folder: The sender's folder of the channel; made when missing.
            channel_id: Whose memory this is; two channels of a sender may share the folder.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self._memory = folder / f".{channel_id}.json"
        self._channel_id = channel_id
        known = self._read()
        self._seen = {key: Seen(**seen) for key, seen in known.get("seen", {}).items()}
        self._begun: dict[str, str] = known.get("begun", {})
        self.told_at: str = known.get("told_at", "")

    def seen(self, key: str) -> Seen | None:
        """Return what is remembered of a file by the name the channel gives it."""
        return self._seen.get(_key(key))

    def remember(self, key: str, seen: Seen) -> None:
        """Remember a file that has landed."""
        self._seen[_key(key)] = seen
        self._begun.pop(_key(key), None)
        self._write()

    def forget_others(self, keys: Iterable[str]) -> None:
        """Forget files that the server no longer has."""
        kept = {_key(key) for key in keys}
        self._seen = {key: seen for key, seen in self._seen.items() if key in kept}
        self._write()

    def begun(self, key: str) -> str:
        """Return the version of a download that was begun and not ended; empty when there is none to go on with."""
        return self._begun.get(_key(key), "") if self.part(key).exists() else ""

    def begin(self, key: str, version: str) -> None:
        """Remember the version of a download that now begins, so that it can be gone on with after a cut."""
        self._begun[_key(key)] = version
        self._write()

    def tell(self, at: str) -> None:
        """Remember when somebody was last told that the channel does not work; empty when it does."""
        if at != self.told_at:
            self.told_at = at
            self._write()

    def part(self, key: str) -> Path:
        """Return where a download is written until it is whole. Its name holds nothing that came from a server."""
        return self.folder / f".{self._channel_id}-{_key(key)[:32]}.part"

    def drop(self, key: str) -> None:
        """Throw an unfinished download away."""
        self._begun.pop(_key(key), None)
        self.part(key).unlink(missing_ok=True)

    def land(self, key: str, name: str) -> None:
        """Let a whole download be seen under its name; another of the same name that waits is replaced.

        Args:
            key: The download.
            name: A file's name without folders.
        """
        if Path(name).name != name:
            raise ValueError("a name with folders in it")
        part = self.part(key)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(self.folder / name)

    def _read(self) -> dict[str, Any]:
        try:
            known = json.loads(self._memory.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}

    def _write(self) -> None:
        told = {
            "seen": {key: asdict(seen) for key, seen in self._seen.items()},
            "begun": self._begun,
            "told_at": self.told_at,
        }
        temporary = self._memory.with_name(f"{self._memory.name}.part")
        temporary.write_text(json.dumps(told), encoding="utf-8")
        temporary.replace(self._memory)


def sha256_of(path: Path) -> str:
    """Return the hash of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def extension_of(head: bytes) -> str:
    """Say by its first bytes what kind of delivery a file is; what is neither workbook nor JSON is read as CSV.

    Args:
        head: At least the first 512 bytes, or all of them.
    """
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):  # a zip file; the older kind and what has a password
        return "xlsx"
    return "json" if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[") else "csv"


def read_head(path: Path) -> bytes:
    """Return a file's first bytes, enough for :func:`extension_of`."""
    with path.open("rb") as file:
        return file.read(512)


def _key(text: str) -> str:
    # A name on a server may hold personal data: what is kept is its hash.
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
