"""``arshjul sample``: the made-up municipality's deliveries."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from arshjul.cli.application import AsJson, app, show
from arshjul.settings import load_settings


@app.command()
def sample(
    year: Annotated[int, typer.Option(min=2001, max=2198)],
    out: Annotated[Path, typer.Option(help="Folder that gets one folder per sender.")],
    seed: int = 1,
    scale: Annotated[float, typer.Option(min=0.01, max=100)] = 1.0,
    json: AsJson = False,
) -> None:
    """Write a made-up municipality's deliveries (Exempelkommun); the same arguments give the same bytes."""
    from arshjul.sample import write_sample

    summary = write_sample(out, year, seed, scale, kommun_orgnr=load_settings().kommun_orgnr)
    told = {"mapp": str(out), "filer": len(summary.files), "anordnare": len(summary.providers)}
    show(told, json, f"{told['filer']} filer från {told['anordnare']} anordnare i {out}.")
