"""The board's decision, recorded from Airflow by whoever starts the run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from arshjul.delivery.decision import DecisionRefused, newest_publication, record_board_decision
from arshjul.delivery.publication import write_evidence
from arshjul.delivery.rights import Attempt, NotDelegated, require_right
from arshjul.orchestration.alerts import Stopped
from arshjul.periods import PeriodError, parse_period
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction


def record_from_form(settings: Settings, form: Mapping[str, Any], person: str, today: date) -> int:
    """Keep the decision that a person has filled in; return its number.

    Args:
        settings: Where the ledger is.
        form: ``rapport``, ``period``, ``datum``, ``paragraf``, ``beslut``.
        person: User name of who started the run.
        today: The day in Sweden.

    Raises:
        Stopped: Nobody records it or who does may not (R4), the report is not published, or the ledger refuses the decision.
    """
    if not person:
        raise Stopped("Beslutet behöver någon som för in det. Starta flödet inloggad med ditt eget namn.")
    try:
        period, day = parse_period(str(form["period"])).key, date.fromisoformat(str(form["datum"]))
    except (PeriodError, ValueError):
        raise Stopped("Perioden eller datumet går inte att läsa.") from None
    try:
        require_right(settings, Attempt(person, "namndbeslut", f"{form['rapport']}/{period}", today))
        with transaction(settings, Role.PUBLISH) as connection:
            publication_id = newest_publication(connection, str(form["rapport"]), period)
            decision_id = record_board_decision(
                connection,
                publication_id,
                decided_on=day,
                paragraph=str(form["paragraf"]),
                decision=str(form["beslut"]),
                recorded_by=person,
            ).decision_id
        with transaction(settings, Role.PUBLISH) as connection:
            write_evidence(settings, connection, publication_id)
            return decision_id
    except (DecisionRefused, NotDelegated) as refused:
        raise Stopped(str(refused)) from None
