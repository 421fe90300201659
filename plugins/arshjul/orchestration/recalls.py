"""A recall: one person asks for it by starting the run, another approves it, and everybody who got the version is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from arshjul.delivery.decision import DecisionRefused, find_board_decision, newest_publication
from arshjul.delivery.publication import write_evidence
from arshjul.delivery.recall import RecallRefused, approve_recall, find_recall, request_recall, tell_of_recall
from arshjul.delivery.rights import Attempt, NotDelegated, keep_refusal, require_right
from arshjul.lineage.ledger import code_version, start_run
from arshjul.lineage.standing import find_standing
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.days import answered_on
from arshjul.orchestration.publication import APPROVE
from arshjul.periods import PeriodError, parse_period
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine, transaction


def examine_recall(settings: Settings, form: Mapping[str, Any], requested_by: str, day: date) -> int:
    """See that there is something to recall before anybody is asked to approve it; give the publication's number.

    Args:
        settings: Where the ledger is.
        form: ``rapport``, ``period``, ``skal``.
        requested_by: User name of who started the run.
        day: The day in Sweden.

    Raises:
        Stopped: Nobody asks or who asks may not (R4), the report is not published, the board has decided about it, or it is
            recalled already.
    """
    if not requested_by:
        raise Stopped("Återkallelsen behöver någon som begär den. Starta flödet inloggad med ditt eget namn.")
    try:
        period = parse_period(str(form["period"])).key
        require_right(settings, Attempt(requested_by, "begara_aterkallelse", f"{form['rapport']}/{period}", day))
        with transaction(settings, Role.PUBLISH) as connection:
            publication_id = newest_publication(connection, str(form["rapport"]), period)
            if find_board_decision(connection, publication_id) is not None:
                raise Stopped(
                    "Nämnden har beslutat om den senaste versionen, så den kan inte återkallas. Rätta rapporten och publicera "
                    "en ny version."
                )
            if find_standing(connection, publication_id).recalled_at is not None:
                raise Stopped("Den senaste versionen är redan återkallad.")
    except PeriodError:
        raise Stopped("Perioden går inte att läsa.") from None
    except NotDelegated as refused:
        raise Stopped(str(refused)) from None
    except DecisionRefused:
        raise Stopped("Rapporten är inte publicerad för den perioden, så det finns inget att återkalla.") from None
    return publication_id


def record_recall(
    settings: Settings, publication_id: int, form: Mapping[str, Any], requested_by: str, answer: Mapping[str, Any]
) -> int:
    """Write an approved recall to the ledger; give the publication's number.

    Args:
        settings: Where the ledger is.
        publication_id: From :func:`examine_recall`.
        form: As there.
        requested_by: User name of who started the run.
        answer: What the human-in-the-loop task gave.

    Raises:
        Stopped: It was not approved, not by somebody else or not by somebody who may that day (R4), or the board has decided
            since. A refusal is kept.
    """
    approved_by = answer["responded_by_user"]["name"]
    if answer["chosen_options"] != [APPROVE]:
        raise Stopped(f"Återkallelsen är inte godkänd av {approved_by}. Rapporten gäller som förut.")
    attempt = Attempt(approved_by, "aterkallelse", f"publicering {publication_id}", answered_on(answer))
    try:
        require_right(settings, attempt)
        with transaction(settings, Role.PUBLISH) as connection:
            made = find_recall(connection, publication_id)
            if made is None or made.approved_at is None:
                request_recall(connection, publication_id, reason=str(form["skal"]), by=requested_by)
            approve_recall(connection, publication_id, by=approved_by)
        with transaction(settings, Role.PUBLISH) as connection:
            write_evidence(settings, connection, publication_id)
    except NotDelegated as refused:
        raise Stopped(str(refused)) from None
    except RecallRefused as refused:
        keep_refusal(settings, attempt, str(refused))
        raise Stopped(str(refused)) from None
    return publication_id


def tell(settings: Settings, publication_id: int, dag_id: str, dag_run_id: str, period: str) -> int:
    """Tell everybody who got the version, once each; return how many they are."""
    engine = open_engine(settings, Role.PUBLISH)
    try:
        with engine.begin() as connection:
            run_id = start_run(connection, dag_id, dag_run_id, parse_period(period).key, code_version(settings))
        return len(tell_of_recall(settings, engine, publication_id, run_id))
    finally:
        engine.dispose()
