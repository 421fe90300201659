"""Whose row a foreign key names, and which rows wait for which: what the database, the checker and the queue agree on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from arshjul.catalogue.contracts import SENDER, Contract

ENROLMENTS = "insatser"
ENROLMENT_RULES = ("inom_insatsen", "insatsen_avslutad")


@dataclass(frozen=True)
class ParentKey:
    """One foreign key of a contract.

    Attributes:
        place: Its place among the contract's foreign keys.
        contract: The parent's.
        fields: The child's fields; all of them given means that there must be a parent.
        reference: The parent's fields they are compared with, in the same order; ``sender`` is who delivered it.
        is_own: The parent must have been delivered by the child's own sender.
        has_days: A rule asks for the parent enrolment's first and last day.
    """

    place: int
    contract: Contract
    fields: tuple[str, ...]
    reference: tuple[str, ...]
    is_own: bool
    has_days: bool

    @property
    def told_on(self) -> str:
        """The field a reason is told on."""
        return self.fields[-1]


def parents_of(contract: Contract, contracts: Mapping[str, Contract]) -> tuple[ParentKey, ...]:
    """List a contract's foreign keys.

    Args:
        contract: The child's.
        contracts: Every contract, by name.
    """
    asks_days = any(rule.rule in ENROLMENT_RULES for rule in contract.rules)
    found = []
    for place, key in enumerate(contract.foreign_keys):
        parent = contracts[key.reference.resource]
        found.append(
            ParentKey(
                place=place,
                contract=parent,
                fields=key.fields,
                reference=key.reference.fields,
                is_own=parent.sender == contract.sender and SENDER not in key.reference.fields,
                has_days=asks_days and parent.name == ENROLMENTS,
            )
        )
    return tuple(found)


def abroad(contract: Contract, contracts: Mapping[str, Contract]) -> tuple[list[str], bool]:
    """Tell across which senders a contract's rows meet others.

    Returns:
        The datasets that hold its parents from other senders, and whether others' rows have their parent in it.
    """
    parents = sorted({key.contract.name for key in parents_of(contract, contracts) if not key.is_own})
    is_parent = any(
        key.contract.name == contract.name and not key.is_own
        for child in contracts.values()
        for key in parents_of(child, contracts)
    )
    return parents, is_parent
