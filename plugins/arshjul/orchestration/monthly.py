"""The steps of a month, as functions that tasks call: what lies in the landing is received, sender by sender, and checked.

A run takes the files of its month and of earlier ones (late files and corrections), and leaves files of later months for
their own run. A file is removed from the landing when it has been received or refused: the archive has it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from arshjul.lineage.ledger import code_version, start_run
from arshjul.lineage.statements import LEDGER
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.tertial import RunKey
from arshjul.periods import Month, parse_month
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction


def waiting_senders(settings: Settings, run: RunKey) -> list[str]:
    """List the senders, the municipality apart, whose folders in the landing hold files for the run.

    A folder that is not named by an organisationsnummer, and a file in no folder, count as the sender ``okand``: their
    files are refused, and their receipts say why.
    """
    senders = {landed.sender or UNKNOWN for landed in _files(settings, run)}
    return sorted(senders - {settings.kommun_orgnr})


UNKNOWN = "okand"


def receive_from(settings: Settings, run: RunKey, sender: str) -> dict[str, int]:
    """Receive everything that a sender has put in the landing, parents first.

    Args:
        settings: Where the landing is.
        run: The run; its period is the month.
        sender: Ten-digit organisationsnummer, or ``okand``.

    Returns:
        Counts by status, and of rows in quarantine: numbers only, since it becomes an XCom.
    """
    from arshjul.intake.office import open_office
    from arshjul.intake.queue import in_order, receive_all

    counts = {"mottagen": 0, "identisk": 0, "avvisad": 0, "rader_i_karantan": 0}
    with open_office(settings) as office:
        with office.engine.begin() as connection:
            run_id = start_run(connection, run.dag_id, run.dag_run_id, run.period, code_version(settings))
        files = [landed for landed in _files(settings, run) if (landed.sender or UNKNOWN) == sender]
        for landed in in_order(files, office.contracts):
            [receipt] = receive_all(office, [landed], run_id)
            counts[receipt.status] += 1
            counts["rader_i_karantan"] += receipt.rows_quarantined
            _take_away(landed)
    return counts


def _take_away(landed: Any) -> None:
    from arshjul.sources.folder import take_away

    try:
        take_away(landed)
    except OSError as error:
        raise Stopped(
            f"En mottagen fil går inte att ta bort ur landningen ({type(error).__name__}). Den är inläst; ta bort den för hand."
        ) from None


def check_month(settings: Settings, run: RunKey, today: date) -> None:
    """Check what was let through, in the run's month and in earlier months that late files touched.

    The staging tables of a month are emptied when it has passed.

    Raises:
        Stopped: Nothing has been delivered for the month, or a check with severity stopp is broken: the month is not
            reported as in. What was loaded stays loaded.
    """
    from arshjul.intake.office import open_office
    from arshjul.intake.staging import clear_staging
    from arshjul.quality.gate import GateStopped, run_gate
    from arshjul.quality.plan import Scope

    month = parse_month(run.period)
    with transaction(settings, Role.INTAKE) as connection:
        run_id = start_run(connection, run.dag_id, run.dag_run_id, run.period, code_version(settings))
        touched = LEDGER.fetch_all(connection, "lineage/months_of_run.sql", run_id=run_id)
        if not LEDGER.fetch_value(connection, "lineage/month_has_deliveries.sql", period=month.start):
            raise Stopped(
                f"Inga leveranser har kommit för {month.title}. Månaden räknas inte som inläst. Lägg filerna i landningen "
                "och kör om från början (Clear)."
            )
    months = sorted({month, *(Month.containing(row["period"]) for row in touched)})
    with open_office(settings) as office:
        for one in months:
            try:
                run_gate(settings, Scope("staging", one), run_id, today).require_passed()
            except GateStopped as stop:
                raise Stopped(str(stop)) from None
            with office.engine.begin() as connection:
                clear_staging(connection, office.statements, office.contracts.values(), one.start)


def _files(settings: Settings, run: RunKey) -> list[Any]:
    from arshjul.catalogue.contracts import load_contracts
    from arshjul.intake.file_names import read_address
    from arshjul.sources.folder import find_landed

    month, contracts = parse_month(run.period), load_contracts(settings.include)

    def is_due(landed: Any) -> bool:
        named = read_address(landed, contracts).month
        return named is None or named <= month

    try:
        return [landed for landed in find_landed(settings.landing) if is_due(landed)]
    except OSError as error:  # its text is a path, and a file's name may hold personal data
        raise Stopped(f"Landningen går inte att läsa ({type(error).__name__}). Kör om steget.") from None
