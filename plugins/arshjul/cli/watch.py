"""``arshjul watch``: one look from outside Airflow, started by a timer."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from arshjul.cli.application import AsJson, app, refuse, show
from arshjul.settings import load_settings


@app.command()
def watch(json: AsJson = False) -> None:
    """See whether Airflow, the database or the daily round has stopped; the data team gets one letter per stop, and one after."""
    from arshjul.delivery.mail import DeliveryError
    from arshjul.delivery.watch import watch as look

    try:
        found = look(load_settings(), datetime.now(UTC))
    except DeliveryError as failed:
        refuse(str(failed))
    told = {
        "stannat": [{"vad": one.what, "text": one.words, "sedan": one.since.isoformat()} for one in found.stopped],
        "brev": list(found.told),
    }
    lines = [one.words for one in found.stopped] or ["Allt är igång."]
    show(told, json, "\n".join([*lines, *(f"Brev till datateamet: {subject}" for subject in found.told)]))
    if found.stopped:
        raise typer.Exit(1)
