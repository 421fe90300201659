"""Receiving what came together: registers first, then parents before children, then by month."""

from __future__ import annotations

from collections.abc import Collection

from arshjul.intake.delivery import receive
from arshjul.intake.file_names import Landed
from arshjul.intake.office import Office
from arshjul.intake.order import in_order
from arshjul.intake.receipts import Receipt


def receive_all(office: Office, files: Collection[Landed], run_id: int) -> list[Receipt]:
    """Receive files that came together.

    Args:
        office: What intake works with.
        files: The files, in any order.
        run_id: The run in the ledger that receives them.

    Returns:
        One receipt for each file, in the order they were received.

    Raises:
        IntakeError, ArchiveError, WarehouseError: As :func:`arshjul.intake.delivery.receive`; what came before is kept.
    """
    return [receive(office, landed, run_id) for landed in in_order(files, office.contracts)]
