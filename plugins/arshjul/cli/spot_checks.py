"""``arshjul spot-check``: promise, draw and record a sample of payments, and draw it again to see that nothing was chosen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arshjul.cli.application import AsJson, PeriodArgument, app, begun, ready, refuse, say, show
from arshjul.lineage.expected import SWEDEN
from arshjul.warehouse.engine import Role, transaction
from arshjul.warehouse.errors import WarehouseError

if TYPE_CHECKING:
    from arshjul.registers.drawing import DrawnPayment
    from arshjul.registers.spot_checks import Promise

group = typer.Typer(
    help="Spot checks of payments: a sample that is promised beforehand, drawn once, and can be drawn again.",
    no_args_is_help=True,
)
app.add_typer(group, name="spot-check")

_COLUMNS = (
    "urval", "anordnare", "namn", "insats_id", "manad", "betalat", "dagar", "dagpris", "utfall", "skal", "atgard_id",
)  # fmt: skip


@group.command()
def commit(period: PeriodArgument, json: AsJson = False) -> None:
    """Promise the sample of a period: fixes a secret number before the deliveries are to be in. Only its hash is shown."""
    from arshjul.registers.drawing import promise_sample

    with begun(Role.COMPUTE, period.key) as run, _refusals(), transaction(run.settings, Role.COMPUTE) as connection:
        promise = promise_sample(connection, run.settings, period, run_id=run.run_id, on_day=_today())
    text = f"Stickprovet för {period.title} är utfäst den {promise.on_day}: {promise.commitment}"
    show(_promise_json(promise), json, text)


@group.command()
def draw(period: PeriodArgument, json: AsJson = False) -> None:
    """Freeze the payments of a period and draw the promised sample, once, when everything is to be in."""
    from arshjul.registers.drawing import draw_sample

    with begun(Role.COMPUTE, period.key) as run, _refusals(), transaction(run.settings, Role.COMPUTE) as connection:
        promise = draw_sample(connection, run.settings, period, run_id=run.run_id, on_day=_today())
    made = promise.draw
    drawn = len(made.items) if made else 0
    text = f"{drawn} av {made.population if made else 0} utbetalningar för {period.title} är dragna."
    show(_promise_json(promise), json, text)


@group.command("worklist")
def list_work(
    period: PeriodArgument,
    out: Annotated[Path | None, typer.Option(metavar="FILE.csv", help="Write the list as CSV.")] = None,
    json: AsJson = False,
) -> None:
    """List what was drawn, for whoever checks it: the provider's own number of each enrolment, and what was paid."""
    from arshjul.lineage.readings import record_reading
    from arshjul.registers.drawing import worklist
    from arshjul.reports.table_csv import write_csv

    settings = ready()
    with _refusals(), transaction(settings, Role.AUDIT) as connection:
        rows = [_row(one) for one in worklist(connection, period)]
    record_reading(settings, "spot-check worklist", period.key, len(rows))
    if out:
        out.write_bytes(write_csv(_COLUMNS, [tuple(row.values()) for row in rows]))
        say(f"{len(rows)} rader skrivna till {out}")
        return
    lines = [
        f"{row['urval'][:12]}  {row['namn']}  {row['insats_id']}  {row['manad']}  {row['utfall'] or '-'}"
        for row in rows
    ]
    show(rows, json, "\n".join(lines))


@group.command()
def record(
    period: PeriodArgument,
    item: Annotated[str, typer.Argument(metavar="ITEM", help="What it is called in the worklist, or its beginning.")],
    outcome: Annotated[str, typer.Option(help="utan_avvikelse, avvikelse or ej_genomford.")],
    by: Annotated[str, typer.Option(metavar="PERSON", help="User name of who checked.")],
    reason: Annotated[
        str | None, typer.Option(help="What the fault is, or why nothing was checked; no personal data.")
    ] = None,
    action: Annotated[
        str | None, typer.Option(metavar="ATGARD_ID", help="The action that follows from a fault.")
    ] = None,
) -> None:
    """Record what was found of one drawn payment; a new result replaces the old one, which remains in the ledger."""
    from arshjul.registers.drawing import record_result
    from arshjul.registers.spot_checks import OUTCOME_WORDS, Outcome

    known: dict[str, Outcome] = {one: one for one in OUTCOME_WORDS}
    if outcome not in known:
        raise typer.BadParameter(f"the outcome is one of {', '.join(known)}")
    with begun(Role.COMPUTE, period.key) as run, _refusals(), transaction(run.settings, Role.COMPUTE) as connection:
        record_result(
            connection,
            period,
            item,
            known[outcome],
            reason=reason,
            action_id=action,
            recorded_by=by,
            run_id=run.run_id,
            on_day=_today(),
        )
    say(f"Infört: {OUTCOME_WORDS[known[outcome]]}.")


@group.command()
def verify(period: PeriodArgument, json: AsJson = False) -> None:
    """Draw the sample again from what was known then, and compare: exit 1 when something does not agree."""
    from arshjul.registers.drawing import is_played, verify_sample
    from arshjul.registers.spot_checks import find_promise

    settings = ready()
    with _refusals(), transaction(settings, Role.AUDIT) as connection:
        faults = list(verify_sample(connection, period))
        promise = find_promise(connection, period)
    played = promise is not None and is_played(promise)
    if played and settings.is_production:
        faults.append("Stickprovet är utfäst med en annan dag än dagens.")
    good = "Stickprovet går att dra om: utfästelsen, underlaget, fröet och urvalet stämmer."
    told = "\n".join(faults) or (f"{good} Dagen är spelad." if played else good)
    show({"stammer": not faults, "fel": faults, **(_promise_json(promise) if promise else {})}, json, told)
    if faults:
        raise typer.Exit(1)


@contextmanager
def _refusals() -> Iterator[None]:
    """End with the Swedish sentence of whoever refuses: our own rules, or the database's."""
    from arshjul.registers.drawing import SpotCheckRefused

    try:
        yield
    except SpotCheckRefused as refused:
        refuse(str(refused))
    except WarehouseError as refused:
        if not refused.sqlstate.startswith("AJ"):
            raise
        refuse(refused.message)


def _today() -> date:
    return datetime.now(SWEDEN).date()


def _promise_json(promise: Promise) -> dict[str, Any]:
    made = promise.draw
    told: dict[str, Any] = {
        "period": promise.period,
        "diarienummer": promise.diary,
        "utfast_dag": promise.on_day.isoformat(),
        "leveranserna_inne": promise.closes_on.isoformat(),
        "utfastelse_sha256": promise.commitment,
        "regler": dict(promise.rules),
    }
    if made is None:
        return told
    return told | {
        "dragen_dag": made.on_day.isoformat(),
        "kand_per": made.as_of.isoformat(),
        "hemligt_tal": made.nonce.hex(),
        "underlag_sha256": made.manifest_sha256,
        "fro": made.seed,
        "underlag": made.population,
        "urval": dict(made.items),
    }


def _row(one: DrawnPayment) -> dict[str, str]:
    found = one.result
    values = (
        one.item,
        one.provider,
        one.name,
        one.insats_id,
        one.month.key,
        format(one.paid, "f"),
        str(one.payable_days),
        "" if one.price is None else format(one.price, "f"),
        found.outcome if found else "",
        (found.reason or "") if found else "",
        (found.action_id or "") if found else "",
    )
    return dict(zip(_COLUMNS, values, strict=True))
