"""Who signs a report that goes to the board, and in what capacity: the two approvals are the signatures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

UNIT = "Enheten för uppföljning"


@dataclass(frozen=True)
class Signatory:
    """One who signs.

    Attributes:
        step: The approval that is the signature.
        title: The person's function.
        unit: Where.
        meaning: What the signature says, in words.
    """

    step: Literal["granskning", "godkannande"]
    title: str
    unit: str
    meaning: str


SIGNATORIES = (
    Signatory("granskning", "Processutvecklare", UNIT, "Rapporten är granskad"),
    Signatory("godkannande", "Enhetschef", UNIT, "Rapporten är godkänd för nämnden"),
)
"""In the order they sign. The database refuses the same person for both (requirement R93)."""
