"""A waiver: one person asks for it by starting the run, another approves it, and the database refuses one for both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from arshjul.catalogue.yaml_files import CatalogueError
from arshjul.delivery.rights import Attempt, NotDelegated, keep_refusal, require_right
from arshjul.lineage.ledger import WaiverRefused, grant_waiver, person_name, valid_waiver
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.days import answered_on
from arshjul.orchestration.publication import APPROVE
from arshjul.periods import parse_period
from arshjul.quality.plan import Scope, plan_checks
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


def examine_request(settings: Settings, request: Mapping[str, Any], requested_by: str, day: date) -> None:
    """See that what is asked for exists before anybody is asked to approve it.

    Args:
        settings: Where the catalogue is.
        request: ``kontroll``, ``period``, ``skal``, ``galler_till``.
        requested_by: User name of who started the run.
        day: The day in Sweden.

    Raises:
        Stopped: Nobody asks or who asks may not (R4), the check is not one that can stop, or the period is none.
    """
    if not requested_by:
        raise Stopped("Undantaget behöver någon som begär det. Starta flödet inloggad med ditt eget namn.")
    try:
        period = parse_period(str(request["period"]))
        date.fromisoformat(str(request["galler_till"]))
        scopes = [Scope("staging", period), Scope("core", period, _NEVER, 0), Scope("indicator", period, _NEVER, 0)]
        planned = [check for scope in scopes for check in plan_checks(settings.include, scope)]
    except (ValueError, CatalogueError):
        raise Stopped("Perioden eller slutdatumet går inte att läsa.") from None
    if not any(check.id == request["kontroll"] and check.severity == "stopp" for check in planned):
        raise Stopped("Det finns ingen kontroll med det namnet som kan stoppa. Kopiera namnet ur grindens meddelande.")
    try:
        require_right(settings, Attempt(requested_by, "begara_undantag", _about(request), day))
    except NotDelegated as refused:
        raise Stopped(str(refused)) from None


def record_waiver(settings: Settings, request: Mapping[str, Any], requested_by: str, answer: Mapping[str, Any]) -> int:
    """Write an approved waiver to the ledger and return its number.

    Args:
        settings: Where the ledger is.
        request: As for :func:`examine_request`.
        requested_by: User name of who started the run.
        answer: What the human-in-the-loop task gave.

    Raises:
        Stopped: It was not approved, not by somebody else, or not by somebody who may that day (R4). A refusal is kept.
    """
    approved_by = answer["responded_by_user"]["name"]
    if answer["chosen_options"] != [APPROVE]:
        raise Stopped(f"Undantaget är inte godkänt av {approved_by}. Kontrollen gäller som vanligt.")
    attempt = Attempt(approved_by, "undantag", _about(request), answered_on(answer))
    try:
        require_right(settings, attempt)
        until = date.fromisoformat(str(request["galler_till"]))
        wanted = (str(request["skal"]), until, person_name(requested_by), person_name(approved_by))
        with transaction(settings, Role.PUBLISH) as connection:
            made = valid_waiver(connection, str(request["kontroll"]), str(request["period"]), until)
            if made and (made.reason, made.valid_until, made.requested_by, made.approved_by) == wanted:
                return made.waiver_id  # the task was run again after its waiver was kept
            return grant_waiver(
                connection,
                check_id=str(request["kontroll"]),
                period=str(request["period"]),
                reason=str(request["skal"]),
                valid_until=until,
                requested_by=requested_by,
                approved_by=approved_by,
            )
    except NotDelegated as refused:
        raise Stopped(str(refused)) from None
    except WaiverRefused as refused:
        keep_refusal(settings, attempt, str(refused))
        raise Stopped(str(refused)) from None


def _about(request: Mapping[str, Any]) -> str:
    return f"{request['kontroll']} {request['period']}"
