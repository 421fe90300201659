"""What was not loaded: see why, and judge it again when a rule or a code list has been mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Annotated, Any

import typer

from arshjul.cli.application import AsJson, app, as_dataset, as_month, begun, ready, refuse, show
from arshjul.lineage.trace_text import local_time
from arshjul.warehouse.engine import Role, transaction

OfDataset = Annotated[Any, typer.Option("--dataset", parser=as_dataset, metavar="DATASET", help="Only this dataset.")]
OfSender = Annotated[str | None, typer.Option("--sender", metavar="ORGNR", help="Only this sender.")]
OfMonth = Annotated[
    Any, typer.Option("--month", parser=as_month, metavar="MONTH", help="Only this delivery month, such as 2026-03.")
]


@app.command()
def quarantine(
    dataset: OfDataset = None,
    sender: OfSender = None,
    month: OfMonth = None,
    rule: Annotated[str | None, typer.Option(help="Only rows kept out by this rule.")] = None,
    rows: Annotated[bool, typer.Option("--rows", help="Every row with its reasons.")] = False,
    left: Annotated[bool, typer.Option("--left", help="Reasons that no longer hold: when and why they went.")] = False,
    over_time: Annotated[bool, typer.Option("--over-time", help="How many at each month's end, and why.")] = False,
    corrections: Annotated[bool, typer.Option("--corrections", help="Corrections in force, and what they do.")] = False,
    json: AsJson = False,
) -> None:
    """What lies in quarantine and why: counts by delivery and rule, or one of the lists below."""
    from arshjul.intake import quarantine as look
    from arshjul.lineage.readings import record_reading
    from arshjul.warehouse.statements import Statements

    if rows + left + over_time + corrections > 1:
        raise typer.BadParameter("choose one of --rows, --left, --over-time and --corrections")
    settings = ready()
    which = look.Filter(dataset, sender, month, rule)
    statements = Statements(settings.include / "sql")
    with transaction(settings, Role.AUDIT) as connection:
        if rows:
            found, lines = look.rows(connection, statements, which), _row_lines
        elif left:
            found, lines = look.left_rows(connection, statements, which), _left_lines
        elif over_time:
            found, lines = look.over_time(connection, statements, which, datetime.now(UTC)), _time_lines
        elif corrections:
            found, lines = look.corrections(connection, statements, which), _correction_lines
        else:
            found, lines = look.by_rule(connection, statements, which), _count_lines
    if rows or left:
        asked = (dataset, sender, month.key if month else None, rule)
        command = "quarantine --rows" if rows else "quarantine --left"
        record_reading(settings, command, " ".join(filter(None, asked)) or "allt", len(found))
    show(found, json, "\n".join(lines(found)) or "Det finns inget att visa.")


@app.command()
def replay(
    delivery: Annotated[int | None, typer.Argument(metavar="DELIVERY_ID", help="Only this delivery.")] = None,
    dataset: OfDataset = None,
    sender: OfSender = None,
    month: OfMonth = None,
    everything: Annotated[bool, typer.Option("--all", help="Also deliveries without rows in quarantine.")] = False,
    json: AsJson = False,
) -> None:
    """Judge deliveries again: by default those whose rules or code lists have changed since they were judged."""
    from arshjul.intake.office import open_office
    from arshjul.intake.replay import Wanted, choose_deliveries, replay_deliveries

    is_narrowed = delivery is not None or any((dataset, sender, month))
    reach = "alla" if everything or delivery is not None else "karantan" if is_narrowed else "regler"
    wanted = Wanted(reach, delivery, dataset, sender, month)  # type: ignore[arg-type]
    with begun(Role.INTAKE, month.key if month else None) as run, open_office(run.settings) as office:
        with office.engine.begin() as connection:
            chosen = choose_deliveries(office, connection, wanted)
        if delivery is not None and not chosen:
            refuse(f"Leverans {delivery} finns inte eller gäller inte längre.")
        done = replay_deliveries(office, chosen)
    told = done.as_json() | {"kvittenser": [receipt.as_json() for receipt in done.receipts]}
    show(told, json, "\n".join(_replay_lines(done)))
    if done.refused or done.lost:
        raise typer.Exit(1)


def _local(moment: str) -> str:
    return local_time(datetime.fromisoformat(moment))


def _place(row: Mapping[str, Any]) -> str:
    return f"{row['dataset']} {row['sender']} {row['period']}"


def _rows(count: int) -> str:
    return f"{count} rad" if count == 1 else f"{count} rader"


def _count_lines(found: list[dict[str, Any]]) -> Iterator[str]:
    for (place, delivery_id, total), rules in groupby(
        found, key=lambda row: (_place(row), row["delivery_id"], row["rows_quarantined"])
    ):
        yield f"{place} (leverans {delivery_id}): {_rows(total)} i karantän"
        for row in rules:
            yield f"  {row['rule']}: {row['rows']}"


def _row_lines(found: list[dict[str, Any]]) -> Iterator[str]:
    for row in found:
        field = f", {row['field']}" if row["field"] else ""
        yield f"{_place(row)} (leverans {row['delivery_id']}) rad {row['row_no']}{field}, {row['rule']}: {row['text']}"


_BECAUSE = {
    "foralder": "den rad som den väntade på kom",
    "regler": "regler eller kodlistor ändrades",
    "rattelse": "en rättelse kom eller togs bort",
    "begaran": "leveransen prövades igen",
    "forsta": "leveransen prövades",
    "ersatt": "en ny leverans ersatte den",
}


def _left_lines(found: list[dict[str, Any]]) -> Iterator[str]:
    for row in found:
        field = f", {row['field']}" if row["field"] else ""
        yield (
            f"{_place(row)} (leverans {row['delivery_id']}) rad {row['row_no']}{field}, {row['rule']}: "
            f"gällde till {_local(row['left_at'])}, då {_BECAUSE[row['because']]}"
        )


def _time_lines(found: list[dict[str, Any]]) -> Iterator[str]:
    for row in found:
        if row["dataset"] is None:
            yield f"{_local(row['at'])}: {_rows(row['rows'])} i karantän"
        else:
            yield f"  {row['dataset']}, {row['rule']}: {row['rows']}"


_STATES = {
    "vantar": "väntar på leveransen",
    "behovs_inte": "behövs inte längre: ta bort den ur registret rättelser och skicka registret igen",
}


def _correction_lines(found: list[dict[str, Any]]) -> Iterator[str]:
    for row in found:
        used = f"tillämpas på {_rows(row['rows_corrected'])} i leverans {row['delivery_id']}"
        state = _STATES.get(row["state"], used)
        what = "utesluter en rad" if row["action"] == "uteslut" else f"ändrar {row['field']}"
        yield f"{row['rattelse_id']}: {what} i {_place(row)}, {state}"


def _replay_lines(done: Any) -> Iterator[str]:
    if not (done.receipts or done.refused or done.lost):
        yield "Inga leveranser behöver prövas igen."
    for receipt in done.receipts:
        month = receipt.month.key if receipt.month else ""
        yield (
            f"{receipt.dataset} {receipt.sender} {month} (leverans {receipt.delivery_id}): {receipt.rows_loaded} inlästa, "
            f"{receipt.rows_unchanged} oförändrade, {receipt.rows_quarantined} i karantän"
        )
    for number in done.refused:
        yield f"Leverans {number} godtas inte längre som helhet. Det som redan är inläst ligger kvar."
    for number in done.lost:
        yield f"Leverans {number} går inte att pröva igen: filen finns inte kvar i arkivet."
