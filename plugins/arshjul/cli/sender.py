"""What a sender does at home, without a database: check a file, and get a template to fill."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from arshjul.cli.application import AsJson, app, as_dataset, say, show
from arshjul.settings import load_settings


@app.command()
def check(files: Annotated[list[Path], typer.Argument(exists=True)], json: AsJson = False) -> None:
    """Check delivery files offline: the same rules and sentences as the pipeline, no database needed."""
    from arshjul.intake.checker import check_files
    from arshjul.kit.offline import as_json, as_text, has_faults
    from arshjul.sources.folder import find_named

    checked = check_files(load_settings(), find_named(files))
    show(as_json(checked), json, as_text(checked))
    if has_faults(checked):
        raise typer.Exit(1)


@app.command()
def template(
    dataset: Annotated[Any, typer.Argument(parser=as_dataset, metavar="DATASET")],
    out: Annotated[Path, typer.Option("--out", dir_okay=False, help="The Excel file to write, .xlsx.")],
) -> None:
    """Write the sender's Excel template of a dataset, made from its contract."""
    from arshjul.catalogue.codelists import load_codelists
    from arshjul.catalogue.contracts import load_contracts
    from arshjul.kit.template import template as make_template

    if out.suffix.lower() != ".xlsx":
        raise typer.BadParameter("the template is an Excel file: --out must end with .xlsx")
    include = load_settings().include
    contracts = load_contracts(include)
    today = datetime.now(UTC).astimezone().date()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(make_template(contracts[dataset], load_codelists(include), today))
    say(str(out))
