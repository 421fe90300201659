"""Mail to the data team: a task has failed, or a task waits for a person.

The mail names the DAG, the task and the period, and where to look. It never quotes an exception that is not our own:
a library's message may hold a value from a file. Our own exceptions hold none (house rule), so they are quoted.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Any

from airflow.sdk.bases.notifier import BaseNotifier
from airflow.sdk.exceptions import AirflowFailException

from arshjul.delivery.mail import DeliveryError, send_mail
from arshjul.periods import PeriodError, parse_period
from arshjul.settings import Settings, load_settings

log = logging.getLogger(__name__)


class Stopped(AirflowFailException):
    """Fails the task at once, without retries: trying again would not help.

    The message is Swedish, names no person and no value, and says what to do: it is what the data team reads.
    """


class FailureAlert(BaseNotifier):
    """``on_failure_callback``: the task has failed and will not be tried again."""

    def notify(self, context: Mapping[str, Any]) -> None:
        """Send the mail.

        Args:
            context: Airflow's task context.
        """
        step, period = _step(context), _period(context)
        text = [
            f"Steget ”{step}” i flödet ”{_flow(context)}” har misslyckats{_of(period)}.",
            f"Orsak: {describe(context.get('exception'))}",
            "Inget har publicerats av steget. Det som redan är inläst ligger kvar.",
            "Läs loggen, rätta orsaken och kör om steget (Clear): då fortsätter körningen där den stannade.",
        ]
        _send(load_settings(), f"Stopp: {_flow(context)}{_of(period)}", text, context)


class WaitingAlert(BaseNotifier):
    """``notifiers`` of an approval: a person is needed before the run can go on."""

    def notify(self, context: Mapping[str, Any]) -> None:
        """Send the mail.

        Args:
            context: Airflow's task context.
        """
        step, period = _step(context), _period(context)
        text = [f"Steget ”{step}” i flödet ”{_flow(context)}” väntar på ett beslut{_of(period)}."]
        try:
            _send(load_settings(), f"Väntar på beslut: {_flow(context)}{_of(period)}", text, context)
        except DeliveryError as error:
            # The question stands in Airflow all the same: a mail server that is down must not fail it.
            log.warning("the mail about a waiting decision could not be sent: %s", error)


def describe(exception: object) -> str:
    """Say what went wrong without repeating what may be data.

    Args:
        exception: What the task ended with, or what Airflow says about it.

    Returns:
        The message of an exception of ours; of any other only its class.
    """
    if not isinstance(exception, BaseException):
        return "okänd (se loggen)"
    if type(exception).__module__.partition(".")[0] == "arshjul" and str(exception):
        return str(exception)
    return type(exception).__name__


def _flow(context: Mapping[str, Any]) -> str:
    dag = context["dag"]
    return str(dag.dag_display_name or dag.dag_id)


def _step(context: Mapping[str, Any]) -> str:
    task, index = context["task"], context["ti"].map_index
    name = str(task.task_display_name or task.task_id)
    return name if index is None or index < 0 else f"{name}, del {index + 1}"


def _period(context: Mapping[str, Any]) -> str:
    # What the årshjul starts has its period among the parameters, and no partition.
    key = getattr(context["dag_run"], "partition_key", None) or context.get("params", {}).get("period") or ""
    try:
        return parse_period(str(key)).title
    except PeriodError:
        return ""


def _of(period: str) -> str:
    return f" för {period}" if period else ""


def _send(settings: Settings, subject: str, text: list[str], context: Mapping[str, Any]) -> None:
    mail = EmailMessage()
    mail["From"] = settings.smtp_sender
    mail["To"] = settings.data_team_email
    mail["Subject"] = f"Årshjul – {subject}"
    mail.set_content("\n\n".join([*text, f"Loggen: {context['ti'].log_url}"]) + "\n")
    send_mail(settings, mail)
