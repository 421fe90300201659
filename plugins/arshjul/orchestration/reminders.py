"""The steps of the daily reminders, as functions that tasks call."""

from __future__ import annotations

import logging
from datetime import date
from typing import TYPE_CHECKING

from arshjul.delivery.mail import MadeUpAddress
from arshjul.lineage.ledger import code_version, start_run
from arshjul.orchestration.alerts import Stopped
from arshjul.periods import Month
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine, transaction

if TYPE_CHECKING:
    from arshjul.delivery.reminders import Reminder
    from arshjul.lineage.expected import ExpectedDelivery, LandedSlice

log = logging.getLogger(__name__)

REMINDED_MONTHS = 4
"""How many delivery months back reminders go; what is older still stands in ``arshjul status``."""


def tell_deliveries(settings: Settings, today: date) -> dict[str, int]:
    """Log how every delivery of the reminded months stands, by sender: what the run's page in Airflow shows.

    Args:
        settings: Where the ledger, the landing and the calendar are.
        today: The day in Sweden.

    Returns:
        How many deliveries are in each state: numbers only, since it becomes an XCom.
    """
    from arshjul.lineage.expected import STATE_WORDS, day_in_words

    expected = _expected(settings, today)
    for one in expected:
        due = day_in_words(one.due)
        log.info("%s %s %s: %s, senast %s", one.sender, one.dataset, one.month.key, STATE_WORDS[one.state], due)
    return {state: sum(one.state == state for one in expected) for state in STATE_WORDS}


def senders_to_remind(settings: Settings, today: date) -> list[str]:
    """List the senders that are to have an e-mail today; none when it is no working day.

    Args:
        settings: Where the ledger, the landing and the calendar are.
        today: The day in Sweden.
    """
    return [one.sender for one in _reminders(settings, today)]


def remind_sender(settings: Settings, dag_id: str, dag_run_id: str, sender: str, today: date) -> bool:
    """Remind one sender of everything it owes, once a day.

    Args:
        settings: Where the ledger, the landing and the mail server are.
        dag_id: Airflow's DAG id.
        dag_run_id: Airflow's run id.
        sender: Ten-digit organisationsnummer.
        today: The day in Sweden.

    Returns:
        True when an e-mail was sent now.

    Raises:
        Stopped: The address is the demo's, in production.
        DeliveryError: The mail server did not take it, or the address cannot be used.
    """
    from arshjul.delivery.reminders import remind

    # Asked again, not handed over: what has come since the list was made is no longer owed.
    reminder = next((one for one in _reminders(settings, today) if one.sender == sender), None)
    if reminder is None:
        return False
    engine = open_engine(settings, Role.PUBLISH)
    try:
        with engine.begin() as connection:
            run_id = start_run(connection, dag_id, dag_run_id, None, code_version(settings))
        return remind(settings, engine, reminder, run_id)
    except MadeUpAddress as refused:
        raise Stopped(str(refused)) from None
    finally:
        engine.dispose()


def _reminders(settings: Settings, today: date) -> list[Reminder]:
    from arshjul.catalogue.deadlines import is_workday
    from arshjul.delivery.reminders import due_reminders

    return due_reminders(settings, _expected(settings, today), today) if is_workday(today) else []


def _expected(settings: Settings, today: date) -> tuple[ExpectedDelivery, ...]:
    from arshjul.lineage.expected import expected_deliveries, months_until

    months = months_until(Month.containing(today), REMINDED_MONTHS + 1)
    unread = _unread(settings)
    with transaction(settings, Role.AUDIT) as connection:
        return expected_deliveries(connection, settings, months, today, unread)


def _unread(settings: Settings) -> list[LandedSlice]:
    """List what lies unread in the landing and among what has been fetched, as far as the files' names say."""
    from arshjul.catalogue.contracts import load_contracts
    from arshjul.intake.file_names import named_slices
    from arshjul.lineage.expected import LandedSlice
    from arshjul.sources.folder import find_fetched, find_landed

    contracts = load_contracts(settings.include)
    try:
        files = [*find_landed(settings.landing), *find_fetched(settings.fetched)]
    except OSError as error:  # its text is a path, and a file's name may hold personal data
        raise Stopped(f"Landningen går inte att läsa ({type(error).__name__}). Kör om steget.") from None
    return [LandedSlice(*named) for named in named_slices(files, contracts)]
