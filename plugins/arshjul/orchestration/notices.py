"""How the steps of the year's moments tell somebody: the function that answers for the moment, a role or a recipient."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arshjul.delivery.mail import MadeUpAddress
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.moments import Moment
from arshjul.orchestration.runs import RunKey, ledger_run
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from arshjul.delivery.notices import Notice

DATA_TEAM = "datateam"


@dataclass(frozen=True)
class Receiver:
    """Somebody who can be told: its id in the catalogue, its name and its address."""

    id: str
    name: str
    address: str


def receivers(settings: Settings, names: Iterable[str]) -> tuple[Receiver, ...]:
    """Find roles and recipients that can be told by e-mail; who has no such address is left out, and nobody gets two.

    Args:
        settings: The catalogue, and the data team's address.
        names: Ids of roles (``include/calendar/activities.yaml``) and recipients (``include/recipients``).
    """
    from arshjul.catalogue.activities import load_activities
    from arshjul.catalogue.recipients import load_recipients

    roles, recipients = load_activities(settings.include).roles, load_recipients(settings.include)
    found: list[Receiver] = []
    for name in dict.fromkeys(names):
        if name == DATA_TEAM:
            found.append(data_team(settings))
        elif name in roles and roles[name].address:
            found.append(Receiver(name, roles[name].title, roles[name].address))
        elif name in recipients and recipients[name].channel == "e-post":
            found.append(Receiver(name, recipients[name].title, recipients[name].address))
    return tuple(found)


def data_team(settings: Settings) -> Receiver:
    """Give the data team, which answers for what nobody else does."""
    return Receiver(DATA_TEAM, "Datateamet", settings.data_team_email)


def responsible(settings: Settings, moment: Moment) -> Receiver:
    """Give the function that answers for a moment.

    Args:
        settings: The catalogue.
        moment: The moment.

    Raises:
        Stopped: The function has no address.
    """
    from arshjul.catalogue.activities import load_activities

    role = load_activities(settings.include)[moment.activity].responsible
    found = receivers(settings, [role])
    if not found:
        raise Stopped(f"Rollen {role} har ingen adress. Skriv in den i include/calendar/activities.yaml.")
    return found[0]


def send(
    settings: Settings, run: RunKey, notice: Notice, then: Callable[[Connection, int], None] | None = None
) -> bool:
    """Send a notice once; True when it was sent now.

    Args:
        settings: The mail server and the ledger.
        run: The run it belongs to.
        notice: The notice.
        then: What else is written to the ledger when it has been sent, by the run of that number.

    Raises:
        Stopped: The address is the demo's, in production.
        DeliveryError: The mail server did not take it, or the address cannot be used.
    """
    from arshjul.delivery.notices import send_notice

    engine = open_engine(settings, Role.PUBLISH)
    try:
        with engine.begin() as connection:
            run_id = ledger_run(settings, connection, run)
        return send_notice(settings, engine, notice, run_id, then=then)
    except MadeUpAddress as refused:
        raise Stopped(str(refused)) from None
    finally:
        engine.dispose()
