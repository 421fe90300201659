"""A publication that replaces an earlier one of the same report and period: what has changed, and who has an older version.

Source: requirements R94 and R103 (what has been reported is corrected openly); issue D, "Decisions back".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from arshjul.lineage.releases import Channel
from arshjul.lineage.statements import LEDGER
from arshjul.prose.swedish import listed

REASON_SECTION = "rattelse"
"""Under which a person's sentence about what is corrected is kept among the texts of the report."""


@dataclass(frozen=True)
class EarlierCopy:
    """How a reader last got an earlier version."""

    recipient_id: str
    channel: Channel
    address: str


def record_correction(connection: Connection, publication_id: int, run_id: int, causes: Sequence[str] = ()) -> None:
    """Note what a new publication replaces and what has changed; nothing, when it is the first of its report and period.

    What a person has written since the old version was published goes before what the figures say by themselves.

    Args:
        connection: Under the role that publishes, in the publication's own transaction, its figures frozen.
        publication_id: The new publication.
        run_id: The run that published it.
        causes: Why figures have changed, where that is known, in words.
    """
    replaces_id = LEDGER.fetch_value(connection, "published/previous_publication.sql", publication_id=publication_id)
    if replaces_id is None:
        return
    both = {"publication_id": publication_id, "replaces_id": replaces_id}
    given = LEDGER.fetch_value(connection, "published/given_reason.sql", replaces_id=replaces_id)
    if given is None:
        [count] = LEDGER.fetch_all(connection, "published/changed_figures.sql", **both)
        given = changes_sentence(count["changed"], count["figures"], causes)
    reason = " ".join(str(given).split())
    LEDGER.execute(connection, "published/insert_correction.sql", **both, run_id=run_id, reason=reason)


def changes_sentence(changed: int, figures: int, causes: Sequence[str]) -> str:
    """Say what has changed, as readers of both versions could count it.

    Args:
        changed: Figures that are not what they were.
        figures: Figures that the two versions have.
        causes: Why, in words.
    """
    if not changed:
        return "Siffrorna är desamma som i den förra versionen, men rapportens text är ändrad."
    why = f" på grund av {listed(list(causes))}" if causes else ""
    return f"{'En' if changed == 1 else changed} av {figures} siffror skiljer sig från den förra versionen{why}."


def earlier_copies(connection: Connection, publication_id: int) -> dict[str, EarlierCopy]:
    """Find everybody who has any version that a publication replaces, directly or through others, by recipient."""
    rows = LEDGER.fetch_all(connection, "published/earlier_copies.sql", publication_id=publication_id)
    return {row["recipient_id"]: EarlierCopy(**row) for row in rows}
