"""Fetching from senders' servers, as functions that tasks call: one channel at a time, landed and nothing more.

Token, login and keys come from an Airflow connection and go nowhere but to the channel's own address.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from airflow.sdk import BaseHook
from airflow.sdk.exceptions import AirflowSkipException

from arshjul.lineage.statements import LEDGER
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.days import day_of
from arshjul.orchestration.runs import RunKey
from arshjul.periods import Month, parse_month
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction

if TYPE_CHECKING:
    from arshjul.catalogue.channels import Channel
    from arshjul.sources.https import Patience
    from arshjul.sources.inbox import Inbox, Tally

WATCHED_MONTHS = 13
"""Months that the watch asks for over HTTPS: the one that runs and the twelve before, for late files and corrections."""

_TOLD_AGAIN_AFTER = timedelta(hours=24)
_CONNECT_SECONDS = 20
log = logging.getLogger(__name__)


class DatedRun(Protocol):
    """What a task gets as ``dag_run``: of interest here is when it was to begin."""

    run_after: datetime


def running_month(dag_run: DatedRun) -> Month:
    """Return the month that was running in Sweden when a run of the watch was to begin: one answer for all its tasks."""
    return Month.containing(day_of(dag_run.run_after))


def remote_channels(settings: Settings) -> list[str]:
    """List the ids of all channels that something is fetched from.

    Raises:
        Stopped: A definition is wrong.
    """
    from arshjul.catalogue.channels import load_channels
    from arshjul.catalogue.yaml_files import CatalogueError

    try:
        channels = load_channels(settings.include)
    except CatalogueError as error:
        raise Stopped(f"En kanal är fel beskriven: {error}") from None
    if settings.is_production and (bare := [one.id for one in channels.values() if not one.is_encrypted]):
        raise Stopped(f"I produktion hämtas ingenting utan kryptering: {', '.join(bare)}.")
    return list(channels)


def fetch_month(settings: Settings, run: RunKey, channel_id: str, patience: Patience | None = None) -> dict[str, int]:
    """Fetch what one channel has for the run's month; a delivery that was refused for our own sake is fetched again.

    Args:
        settings: Names the home and the catalogue.
        run: The run; its period is the month.
        channel_id: The channel.
        patience: How long an HTTPS server is waited for, if not the usual.

    Returns:
        Counts only, since it becomes an XCom.

    Raises:
        FetchError: The server does not answer; trying again may help.
        Stopped: It would not: the message says what to do.
    """
    channel = _channel(settings, channel_id)
    with transaction(settings, Role.INTAKE) as connection:
        refused = LEDGER.fetch_all(connection, "lineage/mendable_refusals.sql", sender=channel.sender)
    again = frozenset(row["sha256"] for row in refused)
    with _alone_with(settings, channel) as inbox, _named(channel):
        return _counts(_fetch(channel, inbox, [parse_month(run.period)], again, patience))


def fetch_recent(
    settings: Settings, run: RunKey, channel_id: str, now: datetime, patience: Patience | None = None
) -> dict[str, int]:
    """Fetch what one channel has of the run's month and those before it, for the watch.

    A server that is down is not tried again at once, since the watch soon comes back, and is told of once a day.

    Args:
        settings: Names the home and the catalogue.
        run: The run; its period is the month that runs.
        channel_id: The channel.
        now: With time zone.
        patience: How long an HTTPS server is waited for, if not the usual.

    Returns:
        Counts only, since it becomes an XCom.

    Raises:
        Stopped: It did not work; the message says what to do.
        AirflowSkipException: It still does not work, and that has been told.
    """
    from arshjul.sources.inbox import FetchError

    channel = _channel(settings, channel_id)
    months = [parse_month(run.period)]
    while len(months) < WATCHED_MONTHS:
        months.append(months[-1].previous)
    with _alone_with(settings, channel) as inbox:
        try:
            with _named(channel):
                counts = _counts(_fetch(channel, inbox, months, frozenset(), patience))
        except (FetchError, Stopped) as error:
            told_at = inbox.told_at
            if told_at and now - datetime.fromisoformat(told_at) < _TOLD_AGAIN_AFTER:
                raise AirflowSkipException(str(error)) from None
            inbox.tell(now.isoformat())
            raise Stopped(str(error)) from None
        inbox.tell("")
        return counts


def _channel(settings: Settings, channel_id: str) -> Channel:
    from arshjul.catalogue.channels import load_channels

    return load_channels(settings.include)[channel_id]


@contextmanager
def _alone_with(settings: Settings, channel: Channel) -> Iterator[Inbox]:
    """Open the channel's inbox, for one run at a time."""
    from arshjul.sources.inbox import Inbox

    with sender_alone(settings, channel.sender):
        yield Inbox(settings.fetched / channel.way / channel.sender, channel.id)


@contextmanager
def sender_alone(settings: Settings, sender: str) -> Iterator[None]:
    """Let no other run fetch or receive a sender's deliveries meanwhile.

    Args:
        settings: Names the database.
        sender: Ten-digit organisationsnummer, or a word for the unknown.
    """
    with transaction(settings, Role.INTAKE) as connection:
        LEDGER.fetch_value(connection, "lineage/lock_sender_intake.sql", sender=sender)
        yield


@contextmanager
def _named(channel: Channel) -> Iterator[None]:
    """Say which channel something is wrong with, and fail a task at once where trying again would not help."""
    from arshjul.sources.inbox import FetchError

    try:
        yield
    except (FetchError, Stopped) as error:
        text = f"{channel.title}: {error}"
        if isinstance(error, FetchError) and error.may_pass:
            raise FetchError(text, may_pass=True) from None
        raise Stopped(text) from None


def _fetch(
    channel: Channel,
    inbox: Inbox,
    months: list[Month],
    again: frozenset[str],
    patience: Patience | None,
) -> Tally:
    from arshjul.intake.refusals import ReadLimits

    limits = ReadLimits()
    most_bytes = max(limits.csv_bytes, limits.json_bytes, limits.xlsx_bytes)
    if channel.way == "sftp":
        tally = _fetch_sftp(channel, inbox, most_bytes, again)
    else:
        tally = _fetch_https(channel, inbox, months, most_bytes, again, patience)
    log.info(
        "%s: %d fetched, %d unchanged, %d not there yet", channel.id, tally.fetched, tally.unchanged, tally.missing
    )
    return tally


def _fetch_https(
    channel: Channel,
    inbox: Inbox,
    months: list[Month],
    most_bytes: int,
    again: frozenset[str],
    patience: Patience | None,
) -> Tally:
    from airflow.sdk.log import mask_secret

    from arshjul.sources.https import HttpsSource, Patience, Request

    token = (_connection(channel).password or "").strip()
    mask_secret(token)
    source = HttpsSource(
        channel.address, channel.sender, token, inbox, most_bytes, again=again, patience=patience or Patience()
    )
    return source.fetch(Request(dataset, month) for month in months for dataset in channel.datasets)


def _fetch_sftp(channel: Channel, inbox: Inbox, most_bytes: int, again: frozenset[str]) -> Tally:
    from arshjul.sources.sftp import SftpSource

    source = SftpSource(channel.folder, inbox, most_bytes, again=again, remove_fetched=channel.remove_fetched)
    with _sftp_client(channel) as client:
        return source.fetch(client)


@contextmanager
def _sftp_client(channel: Channel) -> Iterator[Any]:
    """Open the channel's server by Airflow's own hook, sure of who it is."""
    from airflow.providers.sftp.hooks.sftp import SFTPHook
    from airflow.sdk.exceptions import AirflowException

    _connection(channel)
    try:
        hook = SFTPHook(
            ssh_conn_id=channel.connection,
            remote_host=channel.host,
            port=channel.port,
            conn_timeout=_CONNECT_SECONDS,
            auth_timeout=_CONNECT_SECONDS,
            banner_timeout=_CONNECT_SECONDS,
            conn_retry_attempts=1,  # the task is tried again
        )
    except (AirflowException, ValueError) as error:
        raise Stopped(
            f"Airflows anslutning {channel.connection} går inte att använda ({type(error).__name__}). "
            "Kontrollera användarnamn, nyckel och host_key."
        ) from None
    if hook.no_host_key_check or hook.allow_host_key_change:
        raise Stopped(
            f"Airflows anslutning {channel.connection} stänger av kontrollen av serverns nyckel. "
            "Ta bort no_host_key_check och allow_host_key_change, och ange nyckeln i host_key."
        )
    hook.look_for_keys = False  # only the connection's own key is shown to the server
    with ExitStack() as opened:
        with _reaching():
            client = opened.enter_context(hook.get_managed_conn())
        yield client


@contextmanager
def _reaching() -> Iterator[None]:
    """Say in Swedish why a server cannot be reached, and whether trying again may help."""
    from paramiko import AuthenticationException, BadHostKeyException, SSHException

    from arshjul.sources.inbox import FetchError

    try:
        yield
    except BadHostKeyException:
        raise Stopped(
            "Serverns nyckel är en annan än den som anslutningen anger. Lita inte på den: fråga avsändaren."
        ) from None
    except AuthenticationException:
        raise Stopped(
            "Servern släpper inte in oss. Kontrollera användarnamn och nyckel i Airflows anslutning."
        ) from None
    except SSHException as error:
        if "known_hosts" in str(error):
            raise Stopped("Serverns nyckel är okänd. Ange den i fältet host_key i Airflows anslutning.") from None
        raise FetchError(f"Servern svarar inte som den ska ({type(error).__name__}).", may_pass=True) from None
    except (OSError, EOFError) as error:
        raise FetchError(f"Servern svarar inte ({type(error).__name__}).", may_pass=True) from None


def _connection(channel: Channel) -> Any:
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        connection = BaseHook.get_connection(channel.connection)
    except AirflowNotFoundException:
        raise Stopped(
            f"Airflow saknar anslutningen {channel.connection}. Lägg in den under Admin, Connections."
        ) from None
    named = connection.host or ""
    if named and (urlsplit(named).hostname or named) != channel.host:
        raise Stopped(
            f"Airflows anslutning {channel.connection} är till en annan server än kanalen {channel.id}. "
            "Hemligheten skickas inte: rätta den ena."
        )
    return connection


def _counts(tally: Tally) -> dict[str, int]:
    if tally.faults:
        raise Stopped("\n".join(tally.faults))
    return {"hamtade": tally.fetched, "oforandrade": tally.unchanged, "ej_levererade": tally.missing}
