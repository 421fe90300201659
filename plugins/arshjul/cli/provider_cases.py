"""``arshjul case``: providers' comments and requests for correction, from the day they come to what was done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date as day_type
from datetime import datetime
from typing import Annotated

import typer

from arshjul.cli.application import LARGEST_NUMBER, AsJson, app, begun, ready, refuse, require, show
from arshjul.lineage.expected import swedish_today
from arshjul.registers.provider_cases import (
    KIND_WORDS,
    OUTCOME_WORDS,
    CaseRefused,
    Kind,
    Outcome,
    ProviderCase,
    close_case,
    open_case,
    read_cases,
    require_provider,
)
from arshjul.warehouse.engine import Role, transaction

group = typer.Typer(
    help="Providers' comments and requests for correction: opened, answered, closed.", no_args_is_help=True
)
app.add_typer(group, name="case")

By = Annotated[str, typer.Option(help="User name of who does it.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day; today by default.")]


@group.command("open")
def open_provider_case(
    provider: Annotated[str, typer.Argument(metavar="ORGNR", help="The provider.")],
    about: Annotated[str, typer.Option(help="What it is about, without personal data; the provider reads it.")],
    by: By,
    kind: Annotated[str, typer.Option(help=" or ".join(KIND_WORDS))] = "synpunkt",
    date: Day = None,
    json: AsJson = False,
) -> None:
    """Open a case when a provider has commented on its figures or says that something is wrong."""
    known: dict[str, Kind] = {one: one for one in KIND_WORDS}
    if kind not in known:
        raise typer.BadParameter(f"the kind is one of {', '.join(known)}", param_hint="--kind")
    today = swedish_today()
    with begun(Role.PUBLISH, None) as run:
        with _refusals(), transaction(run.settings, Role.AUDIT) as connection:
            require_provider(connection, provider)
        require(run.settings, by, "anordnararende", provider)
        with _refusals(), transaction(run.settings, Role.PUBLISH) as connection:
            case = open_case(
                connection,
                provider=provider,
                kind=known[kind],
                received_on=_day(date, today),
                subject=about,
                by=by,
                today=today,
            )
    show(case.as_json(), json, f"Ärende {case.provider_case_id} är öppnat.\n{_line(case)}")


@group.command("close")
def close_provider_case(
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, max=LARGEST_NUMBER, help="The case.")],
    outcome: Annotated[str, typer.Option(help=", ".join(OUTCOME_WORDS))],
    decision: Annotated[str, typer.Option(help="What was done and why, as the provider is told.")],
    by: By,
    date: Day = None,
    json: AsJson = False,
) -> None:
    """Close a case with what was done; a figure is mended by a new file or an entry of rattelser, not by this."""
    known: dict[str, Outcome] = {one: one for one in OUTCOME_WORDS}
    if outcome not in known:
        raise typer.BadParameter(f"the outcome is one of {', '.join(known)}", param_hint="--outcome")
    today = swedish_today()
    with begun(Role.PUBLISH, None) as run:
        require(run.settings, by, "anordnararende", f"ärende {number}")
        with _refusals(), transaction(run.settings, Role.PUBLISH) as connection:
            case = close_case(
                connection,
                number,
                outcome=known[outcome],
                decision=decision,
                closed_on=_day(date, today),
                by=by,
                today=today,
            )
    show(case.as_json(), json, f"Ärende {number} är avslutat.\n{_line(case)}")


@group.command("list")
def list_provider_cases(
    provider: Annotated[str | None, typer.Option(metavar="ORGNR", help="Only this provider's.")] = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only those that are not closed.")] = False,
    json: AsJson = False,
) -> None:
    """List cases in the order they came, with what was done."""
    with transaction(ready(), Role.AUDIT) as connection:
        found = read_cases(connection, day_type.min, day_type.max, provider=provider)
    told = [one for one in found if not open_only or one.closed_on is None]
    show([one.as_json() for one in told], json, "\n".join(map(_line, told)) or "Inga ärenden.")


def _line(case: ProviderCase) -> str:
    ended = f"{OUTCOME_WORDS[case.outcome]} {case.closed_on}: {case.decision}" if case.outcome else "Öppet"
    return f"{case.provider_case_id}  {case.provider}  {case.received_on}  {KIND_WORDS[case.kind]}: {case.subject}  {ended}"


def _day(given: datetime | None, today: day_type) -> day_type:
    return given.date() if given else today


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except CaseRefused as refused:
        refuse(str(refused))
