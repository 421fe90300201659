"""What becomes of a publication: the board's decision, what a new version corrects, and a recall."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy import Engine

from arshjul.cli.application import LARGEST_NUMBER, AsJson, PeriodArgument, app, as_period, begun, refuse, require, show
from arshjul.reports.library import REPORTS
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine, transaction

if TYPE_CHECKING:
    from arshjul.catalogue.delegation import Right

_SHORTEST, _LONGEST = 10, 1000


@app.command()
def decide(
    publication: Annotated[
        list[str], typer.Argument(metavar="PUBLICATION | REPORT PERIOD", help="A publication's number, or its report.")
    ],
    date: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day of the meeting.")],
    paragraph: Annotated[str, typer.Option(help="Paragraph of the minutes, such as '§ 45'.")],
    text: Annotated[str, typer.Option(help="The decision, as the minutes have it.")],
    by: Annotated[str, typer.Option(help="User name of who records it.")],
    json: AsJson = False,
) -> None:
    """Record what the board decided about a published report: bound to its exact content, once."""
    from arshjul.delivery.decision import DecisionRefused, newest_publication, record_board_decision
    from arshjul.delivery.publication import write_evidence

    report_id, period = _named(publication)
    with begun(Role.PUBLISH, period or None) as run:
        require(run.settings, by, "namndbeslut", _about(report_id, period))
        try:
            with transaction(run.settings, Role.PUBLISH) as connection:
                number = newest_publication(connection, report_id, period) if period else int(report_id)
                kept = record_board_decision(
                    connection, number, decided_on=date.date(), paragraph=paragraph, decision=text, recorded_by=by
                )
            with transaction(run.settings, Role.PUBLISH) as connection:
                write_evidence(run.settings, connection, number)
        except DecisionRefused as refused:
            refuse(str(refused))
    told = {name: str(value) for name, value in asdict(kept).items()}
    sentence = f"Beslutet {kept.paragraph} den {kept.decided_on} är infört för publicering {kept.publication_id}."
    show(told, json, f"{sentence}\nInnehållets kontrollsumma: {kept.content_sha256}")


@app.command()
def correct(
    report_id: Annotated[str, typer.Argument(metavar="REPORT", help=", ".join(REPORTS))],
    period: PeriodArgument,
    reason: Annotated[str, typer.Option(help="What is corrected, as a Swedish sentence that readers are told.")],
    by: Annotated[str, typer.Option(help="User name of who writes it.")],
    json: AsJson = False,
) -> None:
    """Say what the next version of a published report corrects; without it the figures speak for themselves."""
    from arshjul.delivery.correction import REASON_SECTION
    from arshjul.delivery.decision import DecisionRefused, newest_publication
    from arshjul.prose.texts import Wanted, record_text

    sentence = " ".join(reason.split())
    if report_id not in REPORTS:
        raise typer.BadParameter(f"there is {', '.join(REPORTS)}", param_hint="REPORT")
    if not _SHORTEST <= len(sentence) <= _LONGEST or not by.strip():
        refuse("Skälet ska ha mellan 10 och 1 000 tecken, och den som skriver det måste anges med namn.")
    with begun(Role.PUBLISH, period.key) as run:
        require(run.settings, by, "rattelse", f"{report_id}/{period.key}")
        try:
            with transaction(run.settings, Role.PUBLISH) as connection:
                number = newest_publication(connection, report_id, period.key)
                record_text(
                    connection,
                    run_id=run.run_id,
                    report_id=report_id,
                    period=period.key,
                    wanted=Wanted(REASON_SECTION, None, "Vad som är rättat"),
                    markdown=sentence,
                    author=by,
                    person=by,
                )
        except DecisionRefused as refused:
            refuse(str(refused))
    told = {"ersatter": number, "skal": sentence}
    show(told, json, f"Skälet är infört. Nästa version ersätter publicering {number}: {sentence}")


@app.command()
def recall(
    publication: Annotated[
        list[str], typer.Argument(metavar="PUBLICATION | REPORT PERIOD", help="A publication's number, or its report.")
    ],
    by: Annotated[str, typer.Option(help="User name of who asks for it, or approves it.")],
    reason: Annotated[str, typer.Option(help="Why, as everybody who got it is told; leave it out to approve.")] = "",
    json: AsJson = False,
) -> None:
    """Recall a published report: one person asks for it with --reason, another approves it without, and readers are told."""
    from arshjul.delivery.decision import DecisionRefused, newest_publication
    from arshjul.delivery.mail import DeliveryError
    from arshjul.delivery.publication import write_evidence
    from arshjul.delivery.recall import RecallRefused, approve_recall, request_recall, tell_of_recall
    from arshjul.delivery.rights import keep_refusal

    report_id, period = _named(publication)
    with begun(Role.PUBLISH, period or None) as run, _engine(run.settings) as engine:
        right: Right = "begara_aterkallelse" if reason else "aterkallelse"
        attempt = require(run.settings, by, right, _about(report_id, period))
        try:
            with engine.begin() as connection:
                number = newest_publication(connection, report_id, period) if period else int(report_id)
                if reason:
                    made = request_recall(connection, number, reason=reason, by=by)
                else:
                    made = approve_recall(connection, number, by=by)
            if not reason:
                with engine.begin() as connection:
                    write_evidence(run.settings, connection, number)
            copies = () if reason else tell_of_recall(run.settings, engine, number, run.run_id)
        except (DecisionRefused, RecallRefused, DeliveryError) as refused:
            if isinstance(refused, RecallRefused):
                keep_refusal(run.settings, attempt, str(refused))
            refuse(str(refused))
    told = {name: None if value is None else str(value) for name, value in asdict(made).items()}
    if reason:
        text = f"Återkallelsen av publicering {number} är begärd. Den gäller när en annan person har godkänt den."
    else:
        text = "\n".join(
            [
                f"Publicering {number} är återkallad: {made.reason}",
                *(f"  meddelad: {one.recipient_id} ({one.channel}, {one.address})" for one in copies),
            ]
        )
    show({**told, "meddelade": [one.recipient_id for one in copies]}, json, text)


@contextmanager
def _engine(settings: Settings) -> Iterator[Engine]:
    engine = open_engine(settings, Role.PUBLISH)
    try:
        yield engine
    finally:
        engine.dispose()


def _about(report_id: str, period: str) -> str:
    """What a refusal is about, of what :func:`_named` has read: nothing as it was typed."""
    return f"{report_id}/{period}" if period else f"publicering {report_id}"


def _named(publication: list[str]) -> tuple[str, str]:
    """Read a publication's number, or a report and its period; anything else is wrong usage."""
    match publication:
        case [number] if number.isascii() and number.isdigit() and 0 < int(number) <= LARGEST_NUMBER:
            return str(int(number)), ""
        case [report_id, period] if report_id in REPORTS:
            return report_id, as_period(period).key
        case _:
            raise typer.BadParameter(
                "name a publication's number, or a report and its period", param_hint="PUBLICATION"
            )
