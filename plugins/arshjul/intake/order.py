"""Which of the files that came together is received first: registers, then parents before children, then by month."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from arshjul.catalogue.contracts import Contract
from arshjul.intake.file_names import Landed, read_address

AnyLanded = TypeVar("AnyLanded", bound=Landed)


def in_order(files: Collection[AnyLanded], contracts: Mapping[str, Contract]) -> list[AnyLanded]:
    """Put files in the order they are to be received: registers, parents, children; then month, sender and name.

    Args:
        files: What has come in.
        contracts: Every contract, by name. Files of no known dataset go last: they will be refused.
    """

    def rank(landed: AnyLanded) -> tuple[object, ...]:
        address = read_address(landed, contracts)
        contract = contracts.get(address.dataset or "")
        return (
            contract is None,
            contract.rank if contract else (True, 0),
            address.month.key if address.month else "",
            address.sender or "",
            landed.path.name,
            str(landed.path),
        )

    return sorted(files, key=rank)
