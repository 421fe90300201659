"""``arshjul status``: what is late, missing, failed or waiting for a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arshjul.cli.application import AsJson, app, as_month, ready, show
from arshjul.periods import Month
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction

if TYPE_CHECKING:
    from arshjul.lineage.expected import LandedSlice


@app.command()
def status(
    month: Annotated[
        Any, typer.Option(parser=as_month, metavar="MONTH", help="Delivery month; last month by default.")
    ] = None,
    json: AsJson = False,
) -> None:
    """What is late, missing, failed or waiting for a person."""
    from arshjul.lineage.expected import swedish_today
    from arshjul.lineage.status import status as look

    settings = ready()
    today = swedish_today()
    with transaction(settings, Role.AUDIT) as connection:
        found = look(connection, settings, month or Month.containing(today).previous, today, _unread(settings))
    late, missed = _behind(settings, today)
    report = {**found.as_json(), "arshjulet": {"forsenade": late, "missade": missed}}
    show(report, json, "\n\n".join([*_told(late, missed), found.text()]))
    if not found.chain.ok:
        raise typer.Exit(1)


def _behind(settings: Settings, day: date) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What of the årshjul is late, and what was missed lately."""
    from arshjul.catalogue.activities import load_activities
    from arshjul.wheel.letters import is_missed
    from arshjul.wheel.standing import read_around

    with transaction(settings, Role.AUDIT) as connection:
        standings = read_around(connection, load_activities(settings.include), day)
    missed = [one for one in standings if is_missed(one, day)]
    late = [one for one in standings if one.state == "forsenad" and one not in missed]
    return [one.as_json() for one in late], [one.as_json() for one in missed]


def _told(late: list[dict[str, Any]], missed: list[dict[str, Any]]) -> Iterator[str]:
    for title, found in (("Försenat i årshjulet", late), ("Blev inte av i årshjulet", missed)):
        if found:
            lines = (f"  {' '.join(filter(None, (one['titel'], one['del'])))}: senast {one['senast']}" for one in found)
            yield "\n".join((title, *lines))


def _unread(settings: Settings) -> list[LandedSlice]:
    """What has come but not been received, as far as the files' names say."""
    from arshjul.catalogue.contracts import load_contracts
    from arshjul.intake.file_names import named_slices
    from arshjul.lineage.expected import LandedSlice
    from arshjul.sources.folder import find_fetched, find_landed

    files = [*find_landed(settings.landing), *find_fetched(settings.fetched)]
    return [LandedSlice(*named) for named in named_slices(files, load_contracts(settings.include))]
