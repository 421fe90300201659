"""Deliveries judged again from the archive: when a rule or a code list has been mended, or when somebody asks.

Nothing else decides what a replay gives than the files that count and the rules, code lists, parents and corrections of
today: a row may leave quarantine, and a loaded row may enter it, but it is never in both.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection

from arshjul.catalogue.fingerprints import rules_fingerprint
from arshjul.intake.delivery import Because, replay, retry_dependents
from arshjul.intake.office import Office
from arshjul.intake.parents import parents_of
from arshjul.intake.receipts import Receipt
from arshjul.intake.verdicts import Refused
from arshjul.lineage.archive import ArchiveError
from arshjul.periods import Month

Reach = Literal["regler", "karantan", "alla"]


@dataclass(frozen=True)
class Wanted:
    """Which deliveries are to be judged again, of those that count.

    Attributes:
        reach: ``regler``: whose rules or code lists have changed since, or whose rows wait for a parent that has been
            judged since; ``karantan``: those, and whoever has rows in
            quarantine; ``alla``: every one.
        delivery_id: Only this one.
        dataset: Only of this dataset.
        sender: Only from this sender.
        month: Only for this delivery month.
    """

    reach: Reach = "regler"
    delivery_id: int | None = None
    dataset: str | None = None
    sender: str | None = None
    month: Month | None = None


@dataclass(frozen=True)
class Chosen:
    """A delivery that is to be judged again, and why."""

    delivery_id: int
    month: Month
    because: Because


@dataclass(frozen=True)
class Replayed:
    """What became of deliveries that were judged again.

    Attributes:
        receipts: New receipts, in the order they were judged.
        refused: Deliveries whose file as a whole the rules of today do not accept: what was loaded stays.
        lost: Deliveries whose file the archive no longer has: what was loaded stays.
    """

    receipts: tuple[Receipt, ...]
    refused: tuple[int, ...]
    lost: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        """Return numbers for machines."""
        return {
            "provade": len(self.receipts),
            "rader_i_karantan": sum(receipt.rows_quarantined for receipt in self.receipts),
            "avvisade": list(self.refused),
            "saknar_fil": list(self.lost),
        }


def choose_deliveries(office: Office, connection: Connection, wanted: Wanted) -> list[Chosen]:
    """List the deliveries to judge again, parents before children, then by month.

    Args:
        office: What intake works with.
        connection: Any of intake's.
        wanted: Which.
    """
    fingerprints = {name: rules_fingerprint(one, office.codelists) for name, one in office.contracts.items()}
    parents = {
        name: sorted({key.contract.name for key in parents_of(one, office.contracts)})
        for name, one in office.contracts.items()
    }
    checks = [check for one in office.contracts.values() for check in office.checks(one)]
    found = office.statements.fetch_all(
        connection,
        "quarantine/to_replay.sql",
        reach=wanted.reach,
        delivery_id=wanted.delivery_id,
        dataset=wanted.dataset,
        sender=wanted.sender,
        period=wanted.month.start if wanted.month else None,
        fingerprints=json.dumps(fingerprints),
        parent_rules=sorted({check.rule for check in checks if check.parent is not None}),
        parents=json.dumps(parents),
    )
    known = [row for row in found if row["dataset"] in office.contracts]
    known.sort(
        key=lambda row: (office.contracts[row["dataset"]].rank, row["period"], row["sender"], row["delivery_id"])
    )
    return [
        Chosen(row["delivery_id"], Month.containing(row["period"]), "regler" if row["is_outdated"] else "begaran")
        for row in known
    ]


def replay_deliveries(office: Office, chosen: Iterable[Chosen]) -> Replayed:
    """Judge deliveries again, each in a transaction of its own, and the rows that they correct or that wait for them.

    Args:
        office: What intake works with.
        chosen: From :func:`choose_deliveries`. One that no longer counts is passed over.

    Raises:
        ArchiveError, IntakeError, WarehouseError: As :func:`arshjul.intake.delivery.replay`; what came before is kept.
    """
    receipts: list[Receipt] = []
    refused: list[int] = []
    lost: list[int] = []
    for one in chosen:
        try:
            receipt = replay(office, one.delivery_id, one.because)
        except Refused:
            refused.append(one.delivery_id)
        except ArchiveError as error:
            if error.code not in ("saknas", "nyckel_saknas"):
                raise
            lost.append(one.delivery_id)
        else:
            if receipt is not None:
                receipts.append(receipt)
                retry_dependents(office, receipt)
    return Replayed(tuple(receipts), tuple(refused), tuple(lost))
