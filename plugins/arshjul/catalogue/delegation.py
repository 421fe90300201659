"""Who may decide about reports, from which day to which (``include/governing/delegation.yaml``).

Source: BIN 2016-134, 3 Ansvar (delegationsordning), note 10; R4.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import attrs

from arshjul.catalogue.yaml_files import Definition, key, read_definition


class Delegation(Definition):
    """One person's right to decide.

    Attributes:
        person: User name.
        role: The function, an id of ``include/calendar/activities.yaml``.
        first: First day.
        last: Last day; empty while it lasts.
    """

    person: str
    role: str
    first: date = attrs.field(metadata=key("from"))
    last: date | None = attrs.field(default=None, metadata=key("to"))

    def __attrs_post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"{self.role}: a delegation ends before it begins")


class DelegationRegister(Definition):
    """Everything in ``delegation.yaml``.

    Attributes:
        made_up: The persons are the demo's, which production refuses.
        source: The decision that the delegations rest on.
        delegations: The delegations, also those that have ended.
    """

    made_up: bool
    source: str
    delegations: tuple[Delegation, ...]

    def refusal(self, person: str, day: date) -> str | None:
        """Say in a Swedish sentence why a person may not decide on a day; None when it may.

        Args:
            person: User name; letter case does not matter, as in the ledger.
            day: The day of the decision.
        """
        own = [one for one in self.delegations if one.person.lower() == person.lower()]
        if not own:
            return f"{person} har ingen delegation att besluta om rapporter."
        if any(one.first <= day and (one.last is None or day <= one.last) for one in own):
            return None
        ended = [one.last for one in own if one.last is not None and one.last < day]
        if ended:
            return f"Delegationen för {person} upphörde efter {max(ended).isoformat()}."
        return f"Delegationen för {person} börjar {min(one.first for one in own).isoformat()}."


def load_delegations(include: Path) -> DelegationRegister:
    """Read ``include/governing/delegation.yaml``.

    Raises:
        CatalogueError: It is wrong.
    """
    return read_definition(include / "governing" / "delegation.yaml", DelegationRegister)
