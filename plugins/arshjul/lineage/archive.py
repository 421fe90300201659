"""The archive of everything that came in: content-addressed, encrypted at rest, written once.

``<root>/<first two of sha256>/<sha256>`` is a header (magic, random file id) followed by chunks of at most 1 MiB, each
sealed with AES-256-GCM under a key of the file's own. The chunk's number is its nonce, and whether it is the last one
is authenticated with it, so that a changed, reordered or cut file does not open. The file's key lies wrapped by the
archive key in ``<root>/keys/<sha256>.<file id>``: apart from the data, so that removing it destroys the content in
every backup of the data too (gallring, facts/privacy.md §2.4). Back up ``keys/`` by itself, with a short retention.

Memory is a few chunks however large the file is.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ARCHIVE_ERRORS = {
    "for_stor": "Filen är större än vad som tas emot.",
    "fullt": "Arkivets disk har inte plats för filen.",
    "saknas": "Filen finns inte i arkivet.",
    "nyckel_saknas": "Filens nyckel är borttagen, så innehållet går inte längre att läsa.",
    "skadad": "Den arkiverade filen är ändrad eller skadad, eller så är arkivnyckeln fel.",
}

CHUNK_BYTES = 1 << 20
# Left free for the database and the logs, which fare worse on a full disk than a file that has to wait.
_SPARE_BYTES = 128 << 20
_MAGIC = b"ARSHJUL1"
_HEADER_BYTES = len(_MAGIC) + 16
_KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


class ArchiveError(RuntimeError):
    """The archive cannot do what was asked. Holds a code from :data:`ARCHIVE_ERRORS`, never content."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Archived:
    """What was stored: the SHA-256 of the plain content in hexadecimal, and its size in bytes."""

    sha256: str
    size: int


class Archive:
    """One archive folder under one key.

    Args:
        root: The archive's folder; made when missing.
        key: The archive key, 32 bytes; it wraps every file's own key.
    """

    def __init__(self, root: Path, key: bytes) -> None:
        self._root = root
        self._keys = root / "keys"
        self._drafts = root / "tmp"
        self._master = _cipher(key)

    def store(self, source: BinaryIO, limit_bytes: int) -> Archived:
        """Read ``source`` to its end and keep it; content that is already kept is not written again.

        Args:
            source: Where to read; reading starts at its current position. One that can be read again is first only
                hashed: when its content is kept already, nothing at all is written.
            limit_bytes: Largest content that is kept.

        Raises:
            ArchiveError: ``for_stor``, or ``fullt`` before anything is written; nothing is kept then.
        """
        self._sweep()
        if source.seekable():
            start = source.tell()
            found = _hash(source, limit_bytes)
            if self.holds(found.sha256):
                return found
            source.seek(start)
        _make_folder(self._root)
        if shutil.disk_usage(self._root).free < _size_left(source) + _SPARE_BYTES:
            raise ArchiveError("fullt")
        path, draft = self._draft()
        try:
            with draft:
                header, key = _MAGIC + secrets.token_bytes(_HEADER_BYTES - len(_MAGIC)), secrets.token_bytes(_KEY_BYTES)
                archived = _seal(source, draft, header, _cipher(key), limit_bytes)
                if not self.holds(archived.sha256):
                    self._keep_key(archived.sha256, header, key)
                    _sync(draft)
                    # The content comes last: what has its name here has its key, whenever the writer is killed.
                    kept = self._path(archived.sha256)
                    _make_folder(kept.parent)
                    path.replace(kept)
                    _sync_folder(kept.parent)
        finally:
            path.unlink(missing_ok=True)
        return archived

    def holds(self, sha256: str) -> bool:
        """Say whether a content is kept, with its key."""
        try:
            file, header = self._open_sealed(sha256)
        except ArchiveError:
            return False
        file.close()
        return self._key_path(sha256, header).exists()

    def open(self, sha256: str) -> io.BufferedReader:
        """Return the plain content as a stream to read from start to end.

        Reading from it raises :class:`ArchiveError` (``skadad``) at the first chunk that is not what was stored.

        Raises:
            ArchiveError: ``saknas``, ``nyckel_saknas`` or ``skadad``.
        """
        file, header = self._open_sealed(sha256)
        try:
            content = _Content(file, header, self._file_cipher(sha256, header))
        except ArchiveError:
            file.close()
            raise
        return io.BufferedReader(content, buffer_size=CHUNK_BYTES)

    def verify(self, sha256: str) -> None:
        """Read everything again and compare with the name it is kept under.

        Raises:
            ArchiveError: ``saknas``, ``nyckel_saknas`` or ``skadad``.
        """
        digest = hashlib.sha256()
        with self.open(sha256) as content:
            while chunk := content.read(CHUNK_BYTES):
                digest.update(chunk)
        if digest.hexdigest() != sha256:
            raise ArchiveError("skadad")

    def forget(self, sha256: str) -> None:
        """Destroy one file's key and its data: what backups still hold of the data can no longer be read."""
        path = self._path(sha256)
        for wrapped in self._keys.glob(f"{sha256}.*"):
            wrapped.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        # On the disk before anybody is told that it is gone.
        for folder in (self._keys, path.parent):
            if folder.exists():
                _sync_folder(folder)

    def _path(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ArchiveError("saknas")
        return self._root / sha256[:2] / sha256

    def _draft(self) -> tuple[Path, BinaryIO]:
        """A new temporary file, locked while it is open: an unlocked one belongs to no living writer."""
        _make_folder(self._drafts)
        while True:
            descriptor, name = tempfile.mkstemp(dir=self._drafts)
            path, draft = Path(name), os.fdopen(descriptor, "wb")
            fcntl.flock(draft, fcntl.LOCK_EX)
            if path.exists():
                return path, draft
            draft.close()  # another writer swept it away before it was locked

    def _sweep(self) -> None:
        """Remove what killed writers left behind."""
        for path in self._drafts.glob("*"):
            try:
                with path.open("rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    path.unlink()
            except (BlockingIOError, FileNotFoundError):
                continue

    def _open_sealed(self, sha256: str) -> tuple[BinaryIO, bytes]:
        try:
            file = self._path(sha256).open("rb")
        except FileNotFoundError:
            raise ArchiveError("saknas") from None
        header = file.read(_HEADER_BYTES)
        if len(header) != _HEADER_BYTES or not header.startswith(_MAGIC):
            file.close()
            raise ArchiveError("skadad")
        return file, header

    def _key_path(self, sha256: str, header: bytes) -> Path:
        return self._keys / f"{sha256}.{header[len(_MAGIC) :].hex()}"

    def _keep_key(self, sha256: str, header: bytes, key: bytes) -> None:
        _make_folder(self._keys)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        # Bound to the content's hash: a file that is moved to another file's name does not open there.
        wrapped = nonce + self._master.encrypt(nonce, key, header + bytes.fromhex(sha256))
        with self._key_path(sha256, header).open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(wrapped)
            _sync(file)
        _sync_folder(self._keys)

    def _file_cipher(self, sha256: str, header: bytes) -> AESGCM:
        try:
            wrapped = self._key_path(sha256, header).read_bytes()
        except FileNotFoundError:
            raise ArchiveError("nyckel_saknas") from None
        nonce, sealed = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
        return _cipher(_decrypt(self._master, nonce, sealed, header + bytes.fromhex(sha256)))


class _Content(io.RawIOBase):
    """The plain bytes of a sealed file, opened chunk by chunk as they are read."""

    def __init__(self, file: BinaryIO, header: bytes, cipher: AESGCM) -> None:
        body = os.fstat(file.fileno()).st_size - _HEADER_BYTES
        self._file = file
        self._header = header
        self._cipher = cipher
        self._number = 0
        # At least one: an empty content is one empty chunk, and a file cut down to its header has lost it.
        self._count = max(1, -(-body // (CHUNK_BYTES + _TAG_BYTES)))
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        while not self._rest and self._number < self._count:
            is_last = self._number == self._count - 1
            sealed = self._file.read(CHUNK_BYTES + _TAG_BYTES)
            nonce, bound = _chunk_nonce(self._number), _bound(self._header, is_last)
            self._rest = memoryview(_decrypt(self._cipher, nonce, sealed, bound))
            self._number += 1
        target = memoryview(buffer).cast("B")
        size = min(len(target), len(self._rest))
        target[:size], self._rest = self._rest[:size], self._rest[size:]
        return size

    def close(self) -> None:
        self._file.close()
        super().close()


def _hash(source: BinaryIO, limit_bytes: int) -> Archived:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK_BYTES):
        size += len(chunk)
        if size > limit_bytes:
            raise ArchiveError("for_stor")
        digest.update(chunk)
    return Archived(digest.hexdigest(), size)


def _seal(source: BinaryIO, target: BinaryIO, header: bytes, cipher: AESGCM, limit_bytes: int) -> Archived:
    digest, size = hashlib.sha256(), 0
    target.write(header)
    for number, (chunk, is_last) in enumerate(_chunks(source)):
        size += len(chunk)
        if size > limit_bytes:
            raise ArchiveError("for_stor")
        digest.update(chunk)
        target.write(cipher.encrypt(_chunk_nonce(number), chunk, _bound(header, is_last)))
    return Archived(digest.hexdigest(), size)


def _size_left(source: BinaryIO) -> int:
    """Bytes from the current position to the end; 0 where the source cannot tell."""
    if not source.seekable():
        return 0
    here = source.tell()
    end = source.seek(0, os.SEEK_END)
    source.seek(here)
    return end - here


def _chunks(source: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Full chunks and whether each is the last; an empty source is one empty chunk."""
    chunk = _read_full(source)
    while True:
        following = _read_full(source) if len(chunk) == CHUNK_BYTES else b""
        yield chunk, not following
        if not following:
            return
        chunk = following


def _read_full(source: BinaryIO) -> bytes:
    """As many bytes as a chunk holds, from a source that may hand them out in smaller pieces."""
    pieces, missing = [], CHUNK_BYTES
    while missing and (piece := source.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _chunk_nonce(number: int) -> bytes:
    # Never used twice under one key: every file has its own.
    return number.to_bytes(_NONCE_BYTES, "big")


def _bound(header: bytes, is_last: bool) -> bytes:
    """What is authenticated together with a chunk."""
    return header + (b"\x01" if is_last else b"\x00")


def _cipher(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _decrypt(cipher: AESGCM, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        return cipher.decrypt(nonce, sealed, bound)
    except (InvalidTag, ValueError):
        raise ArchiveError("skadad") from None


def _make_folder(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
