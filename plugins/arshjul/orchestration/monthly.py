"""The steps of a month, as functions that tasks call: what has come in is received, sender by sender, and checked.

A run takes the files of its month and of earlier ones (late files and corrections), and leaves files of later months for
their own run. A file is removed from where it landed when it has been received or refused: the archive has it.

The watch takes the same steps between the months' runs. Two runs never receive from one sender at a time, and no delivery is
loaded while the gate looks: so every row is looked at before staging is emptied, whichever run took it in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from arshjul.lineage.ledger import code_version, start_run
from arshjul.lineage.statements import LEDGER
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.fetching import sender_alone
from arshjul.orchestration.runs import RunKey
from arshjul.periods import Month, parse_month
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, transaction

UNKNOWN = "okand"


def waiting_senders(settings: Settings, run: RunKey, quiet_seconds: float = 0) -> list[str]:
    """List the senders, the municipality apart, of whom there are files for the run.

    A folder in the landing that is not named by an organisationsnummer, and a file in no folder, count as the sender
    ``okand``: their files are refused, and their receipts say why.

    Args:
        settings: Where the landing is, and what has been fetched.
        run: The run; its period is the month.
        quiet_seconds: Leave files in the landing that somebody has written to since.
    """
    senders = {landed.sender or UNKNOWN for landed in _files(settings, run, quiet_seconds)}
    return sorted(senders - {settings.kommun_orgnr})


def receive_from(settings: Settings, run: RunKey, sender: str, quiet_seconds: float = 0) -> dict[str, int]:
    """Receive everything of one sender that has landed, parents first.

    Args:
        settings: Where the landing is, and what has been fetched.
        run: The run; its period is the month.
        sender: Ten-digit organisationsnummer, or ``okand``.
        quiet_seconds: Leave files in the landing that somebody has written to since.

    Returns:
        Counts by status, and of rows in quarantine: numbers only, since it becomes an XCom.

    Raises:
        Stopped: Something of ours failed over some of the files; they lie where they landed, and the others are received.
    """
    from arshjul.intake.delivery import IntakeError
    from arshjul.intake.office import open_office
    from arshjul.intake.order import in_order
    from arshjul.intake.queue import receive_all

    counts = {"mottagen": 0, "identisk": 0, "avvisad": 0, "rader_i_karantan": 0}
    faults: list[str] = []
    with sender_alone(settings, sender):
        files = [landed for landed in _files(settings, run, quiet_seconds) if (landed.sender or UNKNOWN) == sender]
        if not files:
            return counts
        with open_office(settings) as office:
            with office.engine.begin() as connection:
                run_id = start_run(connection, run.dag_id, run.dag_run_id, run.period, code_version(settings))
            for landed in in_order(files, office.contracts):
                try:
                    [receipt] = receive_all(office, [landed], run_id)
                except IntakeError as error:  # one file that we cannot manage must not hold up the sender's others
                    faults.append(str(error))
                    continue
                counts[receipt.status] += 1
                counts["rader_i_karantan"] += receipt.rows_quarantined
                _take_away(landed)
    if faults:
        what = "En fil" if len(faults) == 1 else f"{len(faults)} filer"
        raise Stopped(
            f"{what} gick inte att ta emot för att något i systemet är fel: {'; '.join(sorted(set(faults)))}. De övriga är "
            "mottagna. Kontakta utvecklarna; filen ligger kvar och tas emot när felet är rättat."
        )
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

    Raises:
        Stopped: Nothing has been delivered for the month, or a check with severity stopp is broken: the month is not
            reported as in. What was loaded stays loaded.
    """
    month = parse_month(run.period)
    with transaction(settings, Role.INTAKE) as connection:
        run_id = start_run(connection, run.dag_id, run.dag_run_id, run.period, code_version(settings))
        touched = LEDGER.fetch_all(connection, "lineage/months_of_run.sql", run_id=run_id)
        if not LEDGER.fetch_value(connection, "lineage/month_has_deliveries.sql", period=month.start):
            raise Stopped(
                f"Inga leveranser har kommit för {month.title}. Månaden räknas inte som inläst. Lägg filerna i landningen "
                "och kör om från början (Clear)."
            )
    pass_staging_gate(settings, run_id, {month, *(Month.containing(row["period"]) for row in touched)}, today)


def check_received(settings: Settings, run: RunKey, today: date) -> None:
    """Check what was let through in the months that the run has received files of; none is reported as in.

    Raises:
        Stopped: A check with severity stopp is broken. What was loaded stays loaded.
    """
    with transaction(settings, Role.INTAKE) as connection:
        begun = {"dag_id": run.dag_id, "dag_run_id": run.dag_run_id}
        run_id = LEDGER.fetch_value(connection, "lineage/find_run.sql", **begun)
        touched = [] if run_id is None else LEDGER.fetch_all(connection, "lineage/months_of_run.sql", run_id=run_id)
    if touched:
        pass_staging_gate(settings, int(run_id), {Month.containing(row["period"]) for row in touched}, today)


def pass_staging_gate(settings: Settings, run_id: int, months: Iterable[Month], today: date) -> None:
    """Run the gate on what was let through for months, and empty staging of those that pass.

    Args:
        settings: Names the database.
        run_id: The run in the ledger that wants it.
        months: Delivery months.
        today: Decides which waivers apply.

    Raises:
        Stopped: Some do not pass, after all have been looked at.
    """
    from arshjul.intake.office import open_office
    from arshjul.intake.staging import clear_staging
    from arshjul.quality.gate import GateStopped, run_gate
    from arshjul.quality.plan import Scope

    stops: list[str] = []
    with open_office(settings) as office:
        for month in sorted(months):
            with office.engine.begin() as connection:
                # Nothing is loaded from here to the commit: what is removed is what the gate has looked at.
                LEDGER.fetch_value(connection, "lineage/lock_loads_out.sql")
                try:
                    run_gate(settings, Scope("staging", month), run_id, today).require_passed()
                except GateStopped as stop:
                    stops.append(str(stop))
                else:
                    clear_staging(connection, office.statements, office.contracts.values(), month.start)
    if stops:
        raise Stopped("\n\n".join(stops))


def _files(settings: Settings, run: RunKey, quiet_seconds: float) -> list[Any]:
    from arshjul.catalogue.contracts import load_contracts
    from arshjul.intake.file_names import read_address
    from arshjul.sources.folder import find_fetched, find_landed, is_quiet

    month, contracts = parse_month(run.period), load_contracts(settings.include)

    def is_due(landed: Any) -> bool:
        named = read_address(landed, contracts).month
        return named is None or named <= month

    try:
        landed = [one for one in find_landed(settings.landing) if is_quiet(one, quiet_seconds)]
        return [one for one in (*landed, *find_fetched(settings.fetched)) if is_due(one)]
    except OSError as error:  # its text is a path, and a file's name may hold personal data
        raise Stopped(f"Landningen går inte att läsa ({type(error).__name__}). Kör om steget.") from None
