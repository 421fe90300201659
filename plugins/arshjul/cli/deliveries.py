"""What comes in: receive deliveries."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from arshjul.cli.application import AsJson, app, begun, show
from arshjul.warehouse.engine import Role


@app.command()
def receive(paths: Annotated[list[Path], typer.Argument(exists=True)], json: AsJson = False) -> None:
    """Land, check and load deliveries (files or folders), parents first; prints receipts."""
    from arshjul.intake.office import open_office
    from arshjul.intake.queue import receive_all
    from arshjul.sources.folder import find_named

    with begun(Role.INTAKE, None) as run, open_office(run.settings) as office:
        # The typed rows stay in staging until the gate of their month has looked at them: only the DAGs run it.
        receipts = receive_all(office, find_named(paths), run.run_id)
    _print_receipts(receipts, json)
    if any(receipt.status == "avvisad" for receipt in receipts):
        raise typer.Exit(1)


def _print_receipts(receipts: list[Any], json: bool) -> None:
    text = "\n\n".join(receipt.as_text() for receipt in receipts) or "Inga filer att läsa."
    show([receipt.as_json() for receipt in receipts], json, text)
