"""The hash chain: recomputed in the database, cut out for evidence, and checked again without a database.

A row's seal is SHA-256 over seq, time, actor, event, the hash of its data, and the seal before it (the database
function ``lineage.seal``). Since only the *hash* of the data is sealed, a segment can leave out the data of rows that
do not concern its reader and still be checked.

What a chain cannot see is a tail that was cut off, or a rewrite of everything: for that, every publication carries
the chain's head of its moment away with it (facts/privacy.md §4).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from arshjul.lineage.statements import LEDGER

_START = "0" * 64


@dataclass(frozen=True)
class ChainHead:
    """The last row of the log: its number, its time (ISO 8601, UTC) and its seal in hexadecimal."""

    seq: int
    at: str
    hash: str


@dataclass(frozen=True)
class ChainVerdict:
    """What a check of the whole log found.

    Attributes:
        head: The last row; None for an empty log.
        gaps: Rows before which a number is missing.
        unlinked: Rows that do not follow from the row before.
        changed: Rows whose own content is not what was sealed.
        disagreements: Ledger rows (table, key) that are not what the log last said of them.
    """

    head: ChainHead | None
    gaps: tuple[int, ...] = ()
    unlinked: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    disagreements: tuple[tuple[str, str], ...] = ()

    @property
    def ok(self) -> bool:
        return not (self.gaps or self.unlinked or self.changed or self.disagreements)

    def sentences(self) -> tuple[str, ...]:
        """Say what is wrong in Swedish; nothing when all is well."""
        numbers = {
            "Nummer saknas i loggen före rad": self.gaps,
            "Loggens kedja är bruten vid rad": self.unlinked,
            "Loggens innehåll är ändrat på rad": self.changed,
        }
        said = [f"{what} {', '.join(map(str, rows))}." for what, rows in numbers.items() if rows]
        return (*said, *(f"Huvudboken stämmer inte med loggen: {table} {key}." for table, key in self.disagreements))


@dataclass(frozen=True)
class SegmentVerdict:
    """What a check of a cut-out piece of the log found, without any database.

    Attributes:
        head: The piece's last row; None for an empty piece.
        broken: Numbers of rows that are changed, do not follow from the row before, or lack what the seal is made of.
    """

    head: ChainHead | None
    broken: tuple[int, ...]

    @property
    def ok(self) -> bool:
        return self.head is not None and not self.broken


def verify_chain(connection: Connection) -> ChainVerdict:
    """Recompute every seal of the log, in the database, and compare the ledger's tables with what it says of them."""
    broken = LEDGER.fetch_all(connection, "lineage/broken_seals.sql")
    head = LEDGER.fetch_one(connection, "lineage/chain_head.sql")
    different = LEDGER.fetch_all(connection, "lineage/find_disagreements.sql")
    return ChainVerdict(
        head=ChainHead(**head) if head else None,
        gaps=tuple(row["seq"] for row in broken if row["is_gap"]),
        unlinked=tuple(row["seq"] for row in broken if row["is_unlinked"]),
        changed=tuple(row["seq"] for row in broken if row["is_changed"]),
        disagreements=tuple((row["ledger_table"], row["row_key"]) for row in different),
    )


def export_segment(
    connection: Connection,
    first_seq: int,
    last_seq: int,
    concerns: Callable[[Mapping[str, Any]], bool] | None = None,
) -> list[dict[str, Any]]:
    """Cut a piece out of the log in a form that is checked without a database.

    Args:
        connection: Where the log is.
        first_seq: Number of the first row.
        last_seq: Number of the last row.
        concerns: Given a row, says whether its data goes along; by default all data does.

    Returns:
        For each row ``seq``, ``at`` (ISO 8601, UTC, microseconds), ``actor``, ``event``, ``data_sha256``,
        ``previous_hash`` and ``hash`` in hexadecimal, and ``data``: jsonb's own text, byte for byte what was sealed.
    """
    entries = []
    for row in LEDGER.fetch_all(connection, "lineage/segment.sql", first_seq=first_seq, last_seq=last_seq):
        entry = {**row, "data_sha256": _sha256(row["data"])}
        if concerns is not None and not concerns(entry):
            del entry["data"]
        entries.append(entry)
    return entries


def verify_segment(entries: Iterable[Mapping[str, Any]]) -> SegmentVerdict:
    """Check a piece from :func:`export_segment` with nothing but its own text.

    Args:
        entries: The rows, in order. What is not a row at all counts as broken, under number 0.
    """
    broken: list[int] = []
    head: ChainHead | None = None
    for entry in entries:
        try:
            seq, sealed = entry["seq"], entry["hash"]
            follows = entry["previous_hash"] == (head.hash if head else entry["previous_hash"])
            in_step = seq == (head.seq + 1 if head else seq) and (seq > 1 or entry["previous_hash"] == _START)
            untouched = "data" not in entry or _sha256(entry["data"]) == entry["data_sha256"]
            head = ChainHead(seq, entry["at"], sealed)
            if not (follows and in_step and untouched and seal(entry) == sealed):
                broken.append(seq)
        except (KeyError, TypeError, AttributeError):
            broken.append(0)
    return SegmentVerdict(head, tuple(broken))


def seal(entry: Mapping[str, Any]) -> str:
    """Compute one row's seal in hexadecimal, as the database function ``lineage.seal`` does."""
    names = ("seq", "at", "actor", "event", "data_sha256", "previous_hash")
    return _sha256("\n".join(str(entry[name]) for name in names))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
