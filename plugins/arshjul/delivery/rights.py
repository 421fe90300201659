"""Whether a person may decide something on a day, by the list of delegations; a refusal is kept in the ledger with its reason.

Source: BIN 2016-134, 3 Ansvar (delegationsordning), note 10; R4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from arshjul.catalogue.delegation import Right, load_delegations
from arshjul.lineage.ledger import person_name
from arshjul.lineage.persons import fit_to_keep
from arshjul.lineage.statements import LEDGER
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction
from arshjul.warehouse.errors import WarehouseError


class NotDelegated(ValueError):
    """The person may not decide this on that day; the message is a Swedish sentence."""


@dataclass(frozen=True)
class Attempt:
    """What somebody wants to decide.

    Attributes:
        person: User name.
        right: What it takes.
        about: What it is about: a package, a report and period, a check; no person.
        day: The day of the decision, in Sweden.
    """

    person: str
    right: Right
    about: str
    day: date


def require_right(settings: Settings, attempt: Attempt) -> None:
    """Refuse whoever does not hold a role with the right on the day (R4), and keep the refusal.

    Args:
        settings: Where the list of delegations and the ledger are.
        attempt: Who wants to do what, and when.

    Raises:
        NotDelegated: There is no delegation, it has ended or not begun, or production has the demo's list.
    """
    register = load_delegations(settings.include)
    if settings.is_production and register.made_up:
        refusal: str | None = "Listan över delegationer är demons. Rätta include/governing/delegation.yaml."
    else:
        refusal = register.refusal(person_name(attempt.person), attempt.right, attempt.day)
    if refusal:
        keep_refusal(settings, attempt, refusal)
        raise NotDelegated(refusal)


def keep_refusal(settings: Settings, attempt: Attempt, reason: str) -> None:
    """Write to the ledger that somebody was refused, in a transaction of its own: what was refused is rolled back.

    Args:
        settings: Where the list of delegations and the ledger are.
        attempt: Who wanted to do what, and when.
        reason: Why not, as the person is told.
    """
    person = person_name(attempt.person)
    try:
        with transaction(settings, Role.PUBLISH) as connection:
            LEDGER.execute(
                connection,
                "delivery/insert_refusal.sql",
                action=attempt.right,
                about=fit_to_keep(attempt.about),
                person=person,
                roles=list(load_delegations(settings.include).roles(person, attempt.day)),
                reason=" ".join(reason.split())[:1000],
                day=attempt.day,
            )
    except WarehouseError as error:
        # Something that is no name cannot be kept as one, and has been refused all the same.
        if error.constraint_name != "person_check":
            raise
