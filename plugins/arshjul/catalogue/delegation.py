"""Who may decide what, from which day to which (``include/governing/delegation.yaml``).

Source: BIN 2016-134, 3 Ansvar (delegationsordning), note 10; R4.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal, get_args

import attrs

from arshjul.catalogue.yaml_files import Definition, key, read_definition

Right = Literal[
    "rapport",
    "begara_undantag",
    "undantag",
    "begara_aterkallelse",
    "aterkallelse",
    "rattelse",
    "namndbeslut",
    "begara_gallring",
    "gallring",
    "anordnararende",
]

RIGHT_WORDS: Mapping[Right, str] = {
    "rapport": "besluta om rapporter",
    "begara_undantag": "begära undantag från kontroller",
    "undantag": "besluta om undantag från kontroller",
    "begara_aterkallelse": "begära att rapporter återkallas",
    "aterkallelse": "besluta om återkallelser",
    "rattelse": "skriva vad en rapport rättar",
    "namndbeslut": "föra in nämndens beslut",
    "begara_gallring": "begära gallring",
    "gallring": "besluta om gallring",
    "anordnararende": "öppna och avsluta anordnares ärenden",
}
"""What each right is to do, as a refusal says it."""


class Delegation(Definition):
    """One person's role.

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

    def holds(self, day: date) -> bool:
        """Say whether it lasts on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


class DelegationRegister(Definition):
    """Everything in ``delegation.yaml``.

    Attributes:
        made_up: The persons are the demo's, which production refuses.
        source: The decision that the delegations rest on.
        rights: Which roles may do what; every right is there.
        delegations: The delegations, also those that have ended.
    """

    made_up: bool
    source: str
    rights: Mapping[str, tuple[str, ...]]
    delegations: tuple[Delegation, ...]

    def __attrs_post_init__(self) -> None:
        if wrong := set(self.rights) ^ set(get_args(Right)):
            raise ValueError(f"rights: {', '.join(sorted(wrong))} is missing or unknown")

    def roles(self, person: str, day: date) -> tuple[str, ...]:
        """List the roles that a person has on a day."""
        return tuple(dict.fromkeys(one.role for one in self._of(person) if one.holds(day)))

    def refusal(self, person: str, right: Right, day: date) -> str | None:
        """Say in a Swedish sentence why a person may not do something on a day; None when it may.

        Args:
            person: User name; letter case does not matter, as in the ledger.
            right: What it wants to do.
            day: The day of the decision.
        """
        own = [one for one in self._of(person) if one.role in self.rights[right]]
        if not own:
            return f"{person} har ingen delegation att {RIGHT_WORDS[right]}."
        if any(one.holds(day) for one in own):
            return None
        ended = [one.last for one in own if one.last is not None and one.last < day]
        if ended:
            return f"Delegationen för {person} upphörde efter {max(ended).isoformat()}."
        return f"Delegationen för {person} börjar {min(one.first for one in own).isoformat()}."

    def _of(self, person: str) -> list[Delegation]:
        return [one for one in self.delegations if one.person.lower() == person.lower()]


def load_delegations(include: Path) -> DelegationRegister:
    """Read ``include/governing/delegation.yaml``.

    Raises:
        CatalogueError: It is wrong.
    """
    return read_definition(include / "governing" / "delegation.yaml", DelegationRegister)
