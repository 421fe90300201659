"""``arshjul readings``: who has read what, for an auditor."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from arshjul.cli.application import AsJson, app, ready, show
from arshjul.lineage.expected import SWEDEN
from arshjul.lineage.trace_text import local_time
from arshjul.warehouse.engine import Role, transaction


@app.command()
def readings(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day; everything by default.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Who has been shown rows about single persons or unprotected figures, when, and what was asked for: the newest first."""
    from arshjul.lineage.readings import read_readings

    settings = ready()
    with transaction(settings, Role.AUDIT) as connection:
        found = read_readings(connection, since.replace(tzinfo=SWEDEN) if since else None)
    lines = [f"{local_time(one.read_at)}  {one.reader}  {one.command}  {one.what}  rader: {one.rows}" for one in found]
    show([one.as_json() for one in found], json, "\n".join(lines) or "Ingen har läst uppgifter om enskilda.")
