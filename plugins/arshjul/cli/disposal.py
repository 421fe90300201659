"""``arshjul dispose``: destroy received files by the board's decision (gallring), and see first what would go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date as day_type
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arshjul.cli.application import LARGEST_NUMBER, AsJson, app, as_dataset, as_month, begun, refuse, require, show
from arshjul.lineage.expected import swedish_today
from arshjul.warehouse.engine import Role, transaction

if TYPE_CHECKING:
    from arshjul.intake.disposal import Candidate, Disposal, Selection

_HASH_DIGITS = 64


@app.command()
def dispose(
    by: Annotated[str, typer.Option(help="User name of who asks, or approves.")] = "",
    date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of the board's decision.")] = None,
    reference: Annotated[str, typer.Option(help="Its paragraph or registry number, such as 'AMN § 45'.")] = "",
    text: Annotated[str, typer.Option(help="The decision, as the minutes have it.")] = "",
    file: Annotated[list[str] | None, typer.Option(help="SHA-256 of a file, or number of a delivery.")] = None,
    dataset: Annotated[Any, typer.Option(parser=as_dataset, metavar="DATASET", help="All files of a dataset.")] = None,
    sender: Annotated[str | None, typer.Option(metavar="ORGNR", help="Of that dataset only this sender's.")] = None,
    first: Annotated[
        Any, typer.Option("--from", parser=as_month, metavar="MONTH", help="First delivery month.")
    ] = None,
    last: Annotated[Any, typer.Option("--to", parser=as_month, metavar="MONTH", help="Last delivery month.")] = None,
    approve: Annotated[
        int | None,
        typer.Option(
            metavar="NUMBER",
            min=1,
            max=LARGEST_NUMBER,
            help="Approve a request, or finish it, as another person: the files are destroyed.",
        ),
    ] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="Ask for it. Without, the files are only listed.")] = False,
    json: AsJson = False,
) -> None:
    """Destroy received files by the board's decision: list them, ask with --confirm, and let another person --approve."""
    described = any((date, reference, text, file, dataset, sender, first, last, confirm))
    if approve is not None:
        if described or not by:
            raise typer.BadParameter("takes --by and nothing else", param_hint="--approve")
        _approve(approve, by, json)
        return
    wanted = _selection(file or [], dataset, sender, first, last)
    if confirm and not (by and date and reference and text):
        raise typer.BadParameter("needs --by, --date, --reference and --text", param_hint="--confirm")
    _ask(wanted, by, date.date() if date else None, (reference, text), confirm, json)


def _ask(
    wanted: Selection, by: str, decided_on: day_type | None, words: tuple[str, str], is_confirmed: bool, json: bool
) -> None:
    """List what would be destroyed; when it is confirmed, ask for it."""
    from arshjul.intake.disposal import Decision, DisposalRefused, find_candidates, request_disposal

    asked = None
    with begun(Role.PUBLISH, None) as run:
        if is_confirmed:
            require(run.settings, by, "begara_gallring", f"gallring av {wanted.dataset or 'filer'}")
        try:
            with transaction(run.settings, Role.PUBLISH) as connection:
                found = find_candidates(connection, run.settings, wanted, swedish_today())
                if is_confirmed and decided_on:
                    decision = Decision(decided_on, *words)
                    asked = request_disposal(connection, found, decision, by=by, today=swedish_today())
        except DisposalRefused as refused:
            refuse(str(refused))
    told = {"filer": [one.as_json() for one in found], "gallring": asked.disposal_id if asked else None}
    show(told, json, "\n".join(_lines(found, asked)))


def _approve(disposal_id: int, by: str, json: bool) -> None:
    """Approve a request and destroy its files; a killed attempt is finished, by the same person or another."""
    from arshjul.delivery.rights import keep_refusal
    from arshjul.intake.disposal import DisposalRefused, approve_disposal, carry_out
    from arshjul.intake.office import open_office

    with begun(Role.PUBLISH, None) as run:
        attempt = require(run.settings, by, "gallring", f"gallring {disposal_id}")
        try:
            with transaction(run.settings, Role.PUBLISH) as connection:
                approve_disposal(connection, run.settings, disposal_id, by=by, today=swedish_today())
        except DisposalRefused as refused:
            keep_refusal(run.settings, attempt, str(refused))
            refuse(str(refused))
        with open_office(run.settings) as office:
            done = carry_out(office, disposal_id)
    counts = done.destroyed or {}
    told = {name: value if isinstance(value, int) else str(value) for name, value in asdict(done).items()}
    text = (
        f"Gallring {disposal_id} är gjord enligt beslut {done.reference} den {done.decided_on}. Det som inte finns kvar: "
        f"{', '.join(f'{name} {counts.get(name, 0)}' for name in ('filer', 'identiteter', 'texter'))}."
    )
    if kept := len({file["sha256"] for file in done.files}) - counts.get("filer", 0):
        text += f" Filer som finns kvar, för att samma innehåll har kommit igen: {kept}."
    show({**told, "files": list(done.files), "destroyed": counts}, json, text)


def _selection(files: list[str], dataset: str | None, sender: str | None, first: Any, last: Any) -> Selection:
    """Read which files are meant; anything but files, or a dataset with its months, is wrong usage."""
    from arshjul.intake.disposal import Selection

    of_dataset = (dataset, first, last)
    if bool(files) == any((*of_dataset, sender)) or (not files and not all(of_dataset)):
        raise typer.BadParameter("name files with --file, or a dataset with --dataset, --from and --to")
    hashes = tuple(one.lower() for one in files if len(one) == _HASH_DIGITS)
    others = [one for one in files if len(one) != _HASH_DIGITS]
    if wrong := [one for one in others if not (one.isascii() and one.isdigit() and int(one) <= LARGEST_NUMBER)]:
        raise typer.BadParameter(f"{wrong[0]} is no SHA-256 and no number of a delivery", param_hint="--file")
    return Selection(hashes, tuple(map(int, others)), dataset, sender, first, last)


def _lines(found: tuple[Candidate, ...], asked: Disposal | None) -> Iterator[str]:
    for one in found:
        month = one.period.isoformat()[:7] if one.period else None
        place = " ".join(filter(None, (one.dataset, one.sender, month))) or "okänd"
        yield f"{place} (leverans {one.delivery_id}): {one.file_name}, {one.rows_in or 0} rader, sha256 {one.sha256[:12]}"
        if one.refusal:
            yield f"  får inte gallras: {one.refusal}"
    free = sum(not one.refusal for one in found)
    if asked:
        yield f"Gallring {asked.disposal_id} är begärd. Filerna förstörs när en annan person har godkänt den."
    else:
        yield f"{free} av {len(found)} filer får gallras. Inget är förstört eller begärt."
