"""Secret keys live in files outside the database and outside Airflow: 32 random bytes each.

The demo makes its own keys the first time they are asked for. Production is given them: a key that were made there by
itself would hide that the real one is lost, and with it every archived file and every person's identity.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

KEY_BYTES = 32


class KeyFileError(RuntimeError):
    """A key file is missing or cannot be trusted; the message names the file, never the key."""


def load_or_create_key(path: Path, is_production: bool) -> bytes:
    """Return the key in ``path``; outside production it is made when missing.

    Args:
        path: File with exactly 32 bytes.
        is_production: Refuse a missing file, and one that others than its owner may read.

    Raises:
        KeyFileError: The file is missing (production), readable by group or others (production), or not 32 bytes.
    """
    if not is_production and not path.exists():
        _create(path)
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            key = file.read(KEY_BYTES + 1)
    except OSError as error:
        raise KeyFileError(f"the key file {path} cannot be read: {error.strerror}") from None
    if is_production and mode & 0o077:
        raise KeyFileError(f"the key file {path} is open to group or others: chmod 600 it")
    if len(key) != KEY_BYTES:
        raise KeyFileError(f"the key file {path} does not hold exactly {KEY_BYTES} bytes")
    return key


def _create(path: Path) -> None:
    """Make a key file that is complete from the moment it has its name, even when two processes make it at once."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its key is the key
    finally:
        draft.unlink()
