"""How the steps of the registers' moments tell somebody: the function that answers for the moment, or a named recipient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from arshjul.lineage.ledger import code_version, start_run
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.moments import Moment, moment_of
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine

if TYPE_CHECKING:
    from arshjul.delivery.notices import Notice


@dataclass(frozen=True)
class Step:
    """Which run of Airflow's a step belongs to, and which moment the run does."""

    dag_id: str
    dag_run_id: str
    moment: Moment


@dataclass(frozen=True)
class Receiver:
    """Somebody who can be told: its id in the catalogue, its name and its address."""

    id: str
    name: str
    address: str


def step_of(settings: Settings, context: Mapping[str, Any]) -> Step:
    """Say which run and moment a task belongs to.

    Args:
        settings: The catalogue and the warehouse.
        context: Airflow's task context.

    Raises:
        Stopped: The årshjul has no such moment.
    """
    dag_run = context["dag_run"]
    return Step(dag_run.dag_id, dag_run.run_id, moment_of(settings, dag_run.dag_id, context["params"]))


def responsible(settings: Settings, moment: Moment) -> Receiver:
    """Give the function that answers for a moment.

    Args:
        settings: The catalogue.
        moment: The moment.

    Raises:
        Stopped: The function has no address.
    """
    from arshjul.catalogue.activities import load_activities

    calendar = load_activities(settings.include)
    role_id = calendar[moment.activity].responsible
    role = calendar.roles[role_id]
    if not role.address:
        raise Stopped(f"Rollen {role_id} har ingen adress. Skriv in den i include/calendar/activities.yaml.")
    return Receiver(role_id, role.title, role.address)


def send(settings: Settings, step: Step, notice: Notice) -> bool:
    """Send a notice once; True when it was sent now.

    Args:
        settings: The mail server and the ledger.
        step: The run it belongs to.
        notice: The notice.

    Raises:
        DeliveryError: The mail server did not take it, or the address cannot be used.
    """
    from arshjul.delivery.notices import send_notice

    engine = open_engine(settings, Role.PUBLISH)
    try:
        with engine.begin() as connection:
            run_id = start_run(connection, step.dag_id, step.dag_run_id, step.moment.period, code_version(settings))
        return send_notice(settings, engine, notice, run_id)
    finally:
        engine.dispose()
