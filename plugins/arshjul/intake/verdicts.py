"""What can be said against a delivery: a refusal of the whole of it, or a reason why one row is not loaded."""

from __future__ import annotations

from typing import NamedTuple

from arshjul.intake.refusals import ReadRefused


class Refusal(NamedTuple):
    """Why nothing of a delivery is loaded.

    Attributes:
        rule: Which rule for deliveries it breaks.
        text: What the sender is told; holds no value from the file.
    """

    rule: str
    text: str


class Refused(Exception):
    """Nothing of the delivery is loaded: an answer to the sender, not an error of ours.

    Attributes:
        refusal: Why.
    """

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(rule)
        self.refusal = Refusal(rule, text)

    @classmethod
    def of_reading(cls, refused: ReadRefused) -> Refused:
        """Say what a reader says."""
        return cls(refused.code, refused.sentence)


class Reason(NamedTuple):
    """Why one row is not loaded.

    Attributes:
        row: Row number, 1 is the first row below the header.
        field: Field the rule is about; empty when it is about the whole row.
        rule: Rule that was broken.
        text: What the sender is told; holds no value from the file.
    """

    row: int
    field: str
    rule: str
    text: str
