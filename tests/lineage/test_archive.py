from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from arshjul.lineage.archive import ARCHIVE_ERRORS, CHUNK_BYTES, Archive, ArchiveError

KEY = bytes(range(32))
LIMIT = 1 << 30
HEADER_BYTES = 24
SEALED_BYTES = CHUNK_BYTES + 16
CANARY = b"kanariefagel;191212121212\n"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive", KEY)


def keep(archive: Archive, content: bytes) -> str:
    return archive.store(io.BytesIO(content), LIMIT).sha256


def data_path(tmp_path: Path, sha256: str) -> Path:
    return tmp_path / "archive" / sha256[:2] / sha256


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(ArchiveError) as caught:
        action()
    assert caught.value.code in ARCHIVE_ERRORS
    assert str(caught.value) == caught.value.code
    return caught.value.code


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])
def test_what_is_stored_comes_back_whole(archive: Archive, size: int) -> None:
    content = (CANARY * (size // len(CANARY) + 1))[:size]
    archived = archive.store(io.BytesIO(content), LIMIT)
    assert (archived.sha256, archived.size) == (hashlib.sha256(content).hexdigest(), size)
    archive.verify(archived.sha256)
    with archive.open(archived.sha256) as stream:
        assert stream.read(7) + stream.read() == content


def test_content_lies_under_its_hash_and_only_encrypted(archive: Archive, tmp_path: Path) -> None:
    sha256 = keep(archive, CANARY * 100)
    files = files_in(tmp_path / "archive")
    assert data_path(tmp_path, sha256) in files
    assert len(files) == 2
    for path in files:
        assert CANARY not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0


def test_the_same_content_twice_changes_nothing(archive: Archive, tmp_path: Path) -> None:
    first = keep(archive, CANARY)
    before = {path: path.read_bytes() for path in files_in(tmp_path)}
    assert keep(archive, CANARY) == first
    assert {path: path.read_bytes() for path in files_in(tmp_path)} == before


def test_two_archives_with_the_same_content_share_no_ciphertext(tmp_path: Path) -> None:
    first, second = Archive(tmp_path / "a", KEY), Archive(tmp_path / "b", KEY)
    sha256 = keep(first, CANARY)
    keep(second, CANARY)
    sealed = [(tmp_path / name / sha256[:2] / sha256).read_bytes() for name in "ab"]
    assert sealed[0] != sealed[1]


def test_content_over_the_limit_leaves_nothing_behind(archive: Archive, tmp_path: Path) -> None:
    assert code_of(lambda: archive.store(io.BytesIO(bytes(11)), 10)) == "for_stor"
    assert not files_in(tmp_path)
    assert archive.store(io.BytesIO(bytes(10)), 10).size == 10


def test_a_source_that_fails_leaves_nothing_behind(archive: Archive, tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        archive.store(Broken(), LIMIT)
    assert not files_in(tmp_path)


def test_a_source_may_hand_out_small_pieces(archive: Archive) -> None:
    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 400_001))

    content = CANARY * 100_000
    sha256 = archive.store(Slow(content), LIMIT).sha256
    assert sha256 == hashlib.sha256(content).hexdigest()
    archive.verify(sha256)


def sealed_chunks(path: Path) -> tuple[bytes, list[bytes]]:
    sealed = path.read_bytes()
    body = sealed[HEADER_BYTES:]
    return sealed[:HEADER_BYTES], [body[at : at + SEALED_BYTES] for at in range(0, len(body), SEALED_BYTES)]


@pytest.mark.parametrize(
    "damage",
    [
        lambda header, chunks: header + chunks[0] + chunks[1],  # the last chunk is gone
        lambda header, chunks: header + chunks[0],
        lambda header, _: header,
        lambda header, _: header[:-1],
        lambda *_: b"",
        lambda header, chunks: header + chunks[1] + chunks[0] + chunks[2],
        lambda header, chunks: header + chunks[0] + chunks[2],
        lambda header, chunks: header + b"".join(chunks)[:-1],
        lambda header, chunks: header + b"".join(chunks) + b"\x00",
        lambda header, chunks: header + b"".join(chunks) + chunks[2],
        lambda header, chunks: header + b"".join(chunks)[:100] + b"\xff" + b"".join(chunks)[101:],
    ],
)
def test_any_change_to_an_archived_file_is_found(
    archive: Archive, tmp_path: Path, damage: Callable[[bytes, list[bytes]], bytes]
) -> None:
    sha256 = keep(archive, bytes(2 * CHUNK_BYTES + 5))
    path = data_path(tmp_path, sha256)
    path.write_bytes(damage(*sealed_chunks(path)))
    assert code_of(lambda: archive.verify(sha256)) == "skadad"


def test_one_file_under_anothers_name_does_not_open(archive: Archive, tmp_path: Path) -> None:
    mine, other = keep(archive, b"min"), keep(archive, b"annan")
    data_path(tmp_path, mine).write_bytes(data_path(tmp_path, other).read_bytes())
    keys = tmp_path / "archive" / "keys"
    (wrapped,) = keys.glob(f"{other}.*")
    (keys / wrapped.name.replace(other, mine)).write_bytes(wrapped.read_bytes())
    assert code_of(lambda: archive.open(mine)) == "skadad"


def test_another_archive_key_opens_nothing(archive: Archive, tmp_path: Path) -> None:
    sha256 = keep(archive, CANARY)
    assert code_of(lambda: Archive(tmp_path / "archive", bytes(32)).open(sha256)) == "skadad"


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", "A" * 64, "0" * 63 + "\n"])
def test_what_is_not_there_is_said_to_be_missing(archive: Archive, name: str) -> None:
    assert code_of(lambda: archive.open(name)) == "saknas"
    assert code_of(lambda: archive.verify(name)) == "saknas"


def test_a_forgotten_file_cannot_be_read_from_a_backup_of_the_data(archive: Archive, tmp_path: Path) -> None:
    sha256 = keep(archive, CANARY)
    path = data_path(tmp_path, sha256)
    backup = path.read_bytes()
    archive.forget(sha256)
    assert code_of(lambda: archive.open(sha256)) == "saknas"
    path.write_bytes(backup)
    assert code_of(lambda: archive.open(sha256)) == "nyckel_saknas"
    assert keep(archive, CANARY) == sha256
    archive.verify(sha256)


def test_writers_at_the_same_time_keep_one_readable_copy(tmp_path: Path) -> None:
    content = CANARY * 50_000
    with ThreadPoolExecutor(6) as pool:
        hashes = set(pool.map(lambda _: keep(Archive(tmp_path / "archive", KEY), content), range(12)))
    (sha256,) = hashes
    Archive(tmp_path / "archive", KEY).verify(sha256)
    assert not files_in(tmp_path / "archive" / "tmp")


def test_a_killed_writers_leavings_are_cleaned_by_the_next(archive: Archive, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from arshjul.lineage.archive import Archive\n"
        "Archive(Path(sys.argv[1]), bytes(range(32))).store(sys.stdin.buffer, 1 << 30)"
    )
    plugins = Path(__file__).parents[2] / "plugins"
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(plugins)!r})\n{script}"]
    drafts = tmp_path / "archive" / "tmp"
    with subprocess.Popen([*command, str(tmp_path / "archive")], stdin=subprocess.PIPE) as writer:
        assert writer.stdin is not None
        # More than two chunks through the pipe: the writer has its draft open when this returns.
        writer.stdin.write(bytes(3 * CHUNK_BYTES))
        writer.stdin.flush()
        left = files_in(drafts)
        assert len(left) == 1
        keep(archive, b"medan den lever")
        assert files_in(drafts) == left
        writer.kill()
        writer.wait()
    keep(archive, b"efterat")
    assert not files_in(drafts)


def test_a_living_writer_is_left_alone_by_its_neighbours(archive: Archive) -> None:
    reading, may_end = threading.Event(), threading.Event()

    class Waiting(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            reading.set()
            may_end.wait(10)
            return super().read(size)

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(archive.store, Waiting(CANARY), LIMIT)
        assert reading.wait(10)
        keep(archive, b"granne")
        may_end.set()
        archive.verify(slow.result().sha256)


def test_memory_does_not_grow_with_the_file(archive: Archive) -> None:
    class Zeros(io.RawIOBase):
        left = 48 * CHUNK_BYTES

        def read(self, size: int = -1, /) -> bytes:
            given = min(size, self.left)
            self.left -= given
            return bytes(given)

    tracemalloc.start()
    try:
        archived = archive.store(Zeros(), LIMIT)  # type: ignore[arg-type]
        archive.verify(archived.sha256)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert archived.size == 48 * CHUNK_BYTES
    assert peak < 8 * CHUNK_BYTES
