"""Working papers before visits, as functions that tasks call: for whom, drawn and kept, and sent to readers in the house."""

from __future__ import annotations

from datetime import timedelta

from arshjul.catalogue.recipients import load_recipients
from arshjul.delivery.mail import MadeUpAddress
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.moments import Moment
from arshjul.orchestration.publication import draw
from arshjul.orchestration.runs import RunKey, ledger_run
from arshjul.periods import parse_month
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine, transaction

_AHEAD = timedelta(days=60)
"""A visit further away has its paper made later, with newer figures."""


def objects_to_visit(settings: Settings, protection_id: int, moment: Moment, kind: str) -> list[str]:
    """List the follow-up objects whose visits are near: those of the moment's day or month, else of the next two months.

    Args:
        settings: Where the registers are.
        protection_id: The public table of the papers; the registers are read as they were known with its figures.
        moment: The moment that the run does.
        kind: ``namndbesok`` or ``tjanstemannabesok``.
    """
    from datetime import date

    from arshjul.disclosure.release import load_protection
    from arshjul.indicators.values import find_computation
    from arshjul.registers.visits import read_visits

    first, last = moment.day, moment.day + _AHEAD
    if len(moment.part) == len("2026-09-01"):
        first = last = date.fromisoformat(moment.part)
    elif moment.part:
        month = parse_month(moment.part)
        first, last = month.start, month.end
    with transaction(settings, Role.REPORT) as connection:
        computation_id = load_protection(connection, protection_id).computation_id
        as_of = find_computation(connection, settings.include, computation_id).as_of
        visits = read_visits(connection, as_of, first, last)
    return list(dict.fromkeys(one.object_id for one in visits if one.kind == kind and one.status == "planerat"))


def keep_paper(settings: Settings, run: RunKey, protection_id: int, subject: str) -> int:
    """Draw a working paper, check its files like those that are published, and keep it; return its number.

    Raises:
        Stopped: A file shows a figure that is withheld, or the subject is in no register.
    """
    from arshjul.delivery.paper import freeze_paper

    drawn = draw(settings, run, protection_id, subject)
    facts = drawn.reading.facts
    with transaction(settings, Role.PUBLISH) as connection:
        return freeze_paper(
            settings,
            connection,
            report_id=run.report_id,
            period=run.period,
            subject=subject,
            as_of=facts.current.as_of,
            computation_id=facts.current.computation_id,
            protection_id=protection_id,
            files=drawn.files,
            run_id=ledger_run(settings, connection, run),
        ).paper_id


def send_paper(settings: Settings, run: RunKey, paper_id: int) -> int:
    """Send a working paper to everybody in the house who gets it, once each; return how many they are.

    Raises:
        Stopped: An address is the demo's, in production.
        DeliveryError: A receiving system did not take it.
    """
    from arshjul.delivery.paper import deliver_paper

    readers = [one for one in load_recipients(settings.include).values() if run.report_id in one.reports]
    engine = open_engine(settings, Role.PUBLISH)
    try:
        for reader in readers:
            deliver_paper(settings, engine, paper_id, reader)
    except MadeUpAddress as refused:
        raise Stopped(str(refused)) from None
    finally:
        engine.dispose()
    return len(readers)
