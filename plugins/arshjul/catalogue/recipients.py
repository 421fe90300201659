"""Recipients: who gets which report, how. One file in ``include/recipients`` per recipient."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from arshjul.catalogue.yaml_files import CatalogueError, Definition, read_folder


class Recipient(Definition):
    """One recipient of reports.

    Attributes:
        id: Stem of its file.
        title: Who it is, in Swedish.
        channel: ``e-post`` or ``mapp`` (a folder that the recipient's own system reads).
        address: A function's e-mail address, or the folder's name in the outbox; never a person's own address.
        reports: Reports the recipient gets.
    """

    id: str
    title: str
    channel: Literal["e-post", "mapp"]
    address: str
    reports: tuple[str, ...]


def load_recipients(include: Path) -> dict[str, Recipient]:
    """Read ``include/recipients``.

    Raises:
        CatalogueError: A recipient is wrong or its id is not its file's stem.
    """
    recipients = read_folder(include / "recipients", Recipient)
    for stem, recipient in recipients.items():
        if recipient.id != stem:
            raise CatalogueError(f"{stem}.yaml: id is {recipient.id}")
    return recipients
