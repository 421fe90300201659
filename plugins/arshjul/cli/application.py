"""The command line tool itself, and what its commands share: how they begin, tell and refuse."""

from __future__ import annotations

import json as json_format
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from arshjul.lineage.ledger import code_version, start_run
from arshjul.periods import Month, Period, PeriodError, parse_month, parse_period
from arshjul.settings import Settings, load_settings
from arshjul.warehouse.engine import Role, ensure_database, transaction
from arshjul.warehouse.migrations import migrate

if TYPE_CHECKING:
    from arshjul.catalogue.delegation import Right
    from arshjul.delivery.rights import Attempt

app = typer.Typer(
    help="The tertial line from the keyboard: receive, compute, export, report, trace, verify.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

LARGEST_NUMBER = 999_999_999
"""Of what the ledger numbers. What is refused is kept for ever: a personnummer typed as a number is no number."""

AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]


def as_period(text: str) -> Period:
    """Read the name of a period; anything else is wrong usage."""
    try:
        return parse_period(text)
    except PeriodError as error:
        raise typer.BadParameter(str(error)) from None


def as_month(text: str) -> Month:
    """Read the name of a month; anything else is wrong usage."""
    try:
        return parse_month(text)
    except PeriodError as error:
        raise typer.BadParameter(str(error)) from None


def as_dataset(text: str) -> str:
    """Read the name of a dataset that has a contract; anything else is wrong usage."""
    from arshjul.catalogue.contracts import load_contracts

    contracts = load_contracts(load_settings().include)
    if text not in contracts:
        raise typer.BadParameter(f"there is no dataset {text}; there is {', '.join(contracts)}")
    return text


def as_moment(text: str) -> datetime:
    """Read a timestamp with its time zone; anything else is wrong usage."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("a timestamp is written 2026-05-05T12:00:00+02:00") from None
    if moment.tzinfo is None:
        raise typer.BadParameter("the timestamp needs a time zone, such as +02:00 or Z")
    return moment


PeriodArgument = Annotated[Any, typer.Argument(parser=as_period, metavar="PERIOD", help="2026-03, 2026-T1 or 2026.")]


def say(text: str) -> None:
    """Tell something."""
    typer.echo(text)


def show(report: Any, json: bool, text: str) -> None:
    """Tell a result: ``report`` as JSON when it was asked for, else ``text``."""
    say(json_format.dumps(report, ensure_ascii=False, indent=2) if json else text)


def refuse(text: str) -> NoReturn:
    """Say why not, and end with exit code 1."""
    typer.echo(text, err=True)
    raise typer.Exit(1)


def warn(text: str | None) -> None:
    """Say on the error stream what whoever runs the command should know, if there is anything."""
    if text:
        typer.echo(text, err=True)


def require(settings: Settings, person: str, right: Right, about: str) -> Attempt:
    """End with exit code 1 when a person may not decide something today; the refusal is kept in the ledger (R4).

    Args:
        settings: Where the list of delegations and the ledger are.
        person: User name.
        right: What it takes.
        about: What it is about; no person.
    """
    from arshjul.delivery.rights import Attempt, NotDelegated, require_right
    from arshjul.lineage.expected import swedish_today

    attempt = Attempt(person, right, about, swedish_today())
    try:
        require_right(settings, attempt)
    except NotDelegated as refused:
        refuse(str(refused))
    return attempt


def ready() -> Settings:
    """Return settings with a database that is up and migrated."""
    settings = load_settings()
    ensure_database(settings)
    migrate(settings)
    return settings


@dataclass(frozen=True)
class Run:
    """One command's place in the ledger.

    Attributes:
        settings: The settings.
        run_id: The run's number.
    """

    settings: Settings
    run_id: int


@contextmanager
def begun(role: Role, period: str | None) -> Iterator[Run]:
    """Begin a command that leaves a trace in the ledger.

    Args:
        role: The database role that writes the run.
        period: What the command is about, where it is about one period.
    """
    settings = ready()
    with transaction(settings, role) as connection:
        run_id = start_run(connection, "cli", uuid.uuid4().hex, period, code_version(settings))
    yield Run(settings, run_id)
