"""The steps of a tertial, as functions that tasks call: each takes ids and gives ids.

Revise → compute → gate → disclosure control → freeze → two decisions → publish → deliver. A step that is run again finds
what it had done and does it once: the ledger decides, not the task.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from arshjul.catalogue.recipients import load_recipients
from arshjul.lineage.ledger import code_version, start_run
from arshjul.orchestration.alerts import Stopped
from arshjul.periods import parse_period
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine, transaction

APPROVE, REJECT = "Godkänn", "Avvisa"
COMMENT = "kommentar"


@dataclass(frozen=True)
class RunKey:
    """Which run of the line a step belongs to.

    Attributes:
        dag_id: Airflow's DAG id.
        dag_run_id: Airflow's run id.
        period: Key of the period.
        started_by: User name of who started the run; empty when it started by itself.
    """

    dag_id: str
    dag_run_id: str
    period: str
    started_by: str = ""


def compute_period(settings: Settings, run: RunKey) -> int:
    """Compute every indicator of the run's period, knowing what is known now; return the computation's number."""
    from arshjul.indicators.compute import compute

    with transaction(settings, Role.COMPUTE) as connection:
        run_id = _run_id(settings, connection, run)
    with transaction(settings, Role.COMPUTE) as connection:
        return compute(connection, settings.include, parse_period(run.period), run_id=run_id).computation_id


def revise_periods(settings: Settings, run: RunKey) -> None:
    """Compare every released period with what is known now; a figure that has changed becomes a revision."""
    from arshjul.indicators.revision import revise_reported

    with transaction(settings, Role.COMPUTE) as connection:
        run_id = _run_id(settings, connection, run)
    with transaction(settings, Role.COMPUTE) as connection:
        revise_reported(connection, settings.include, run_id=run_id)


def pass_gate(settings: Settings, run: RunKey, computation_id: int, today: date) -> None:
    """Check core and the computed values, and write the outcome to the ledger.

    Raises:
        Stopped: A check with severity stopp is broken; the message says which and what to do.
    """
    from arshjul.indicators.values import find_computation
    from arshjul.quality.gate import GateStopped, run_gate
    from arshjul.quality.plan import Scope

    with transaction(settings, Role.COMPUTE) as connection:
        run_id = _run_id(settings, connection, run)
        as_of: datetime = find_computation(connection, settings.include, computation_id).as_of
    period = parse_period(run.period)
    verdicts = [
        run_gate(settings, Scope("core", period, as_of, computation_id), run_id, today),
        run_gate(settings, Scope("indicator", period, as_of, computation_id), run_id, today),
    ]
    try:
        for verdict in verdicts:
            verdict.require_passed()
    except GateStopped as stop:
        raise Stopped(str(stop)) from None


def protect_figures(settings: Settings, run: RunKey, computation_id: int) -> int:
    """Make the public table of the computed values; return the protection's number.

    Raises:
        Stopped: No table was found, or proved, that is safe beside everything released before.
    """
    from arshjul.disclosure.release import DisclosureError, protect

    with transaction(settings, Role.COMPUTE) as connection:
        run_id = _run_id(settings, connection, run)
    try:
        with transaction(settings, Role.COMPUTE) as connection:
            return protect(connection, settings.include, computation_id, run_id=run_id).protection_id
    except DisclosureError as refused:
        raise Stopped(str(refused)) from None


def freeze_report(settings: Settings, run: RunKey, protection_id: int) -> dict[str, Any]:
    """Draw the report, check that its files show nothing but the public table, and freeze it as a package.

    Raises:
        Stopped: A file shows a figure that is withheld, or is of a kind that cannot be read back.

    Returns:
        ``package_id`` and ``content_sha256``: what the two approvals are bound to; ``protection_id``: the public table
        it is made from; ``folder``: where it can be read.
    """
    from arshjul.catalogue.contracts import load_contracts
    from arshjul.delivery.package import freeze, package_folder
    from arshjul.disclosure.release import load_protection
    from arshjul.indicators.export import export_rows
    from arshjul.indicators.values import find_computation
    from arshjul.reports.rendering import extra_tables, render_files
    from arshjul.reports.tertialrapport import REPORT_ID, tertialrapport

    with transaction(settings, Role.REPORT) as connection:
        computation_id = load_protection(connection, protection_id).computation_id
        facts = _facts(connection, settings, run.period, computation_id, protection_id)
        computation = find_computation(connection, settings.include, computation_id)
        columns, rows = export_rows(
            connection,
            settings.include,
            computation,
            internal=False,
            definitions=facts.indicators,
            protection_id=protection_id,
        )
    document = tertialrapport(facts, settings.kommun_namn, load_contracts(settings.include))
    files = render_files(document, facts, columns, rows)
    _check_files(settings, run, protection_id, files, (document, *extra_tables(facts)))
    with transaction(settings, Role.PUBLISH) as connection:
        package = freeze(
            settings,
            connection,
            report_id=REPORT_ID,
            period=run.period,
            computation_id=computation_id,
            as_of=facts.current.as_of,
            files=files,
            prepared_by=run.started_by or run.dag_id,  # whoever started it may not approve it
            run_id=_run_id(settings, connection, run),
        )
    folder = package_folder(settings, package.content_sha256)
    return {
        "package_id": package.package_id,
        "content_sha256": package.content_sha256,
        "protection_id": protection_id,
        "folder": str(folder),
    }


def _check_files(settings: Settings, run: RunKey, protection_id: int, files: Mapping[str, bytes], said: Any) -> None:
    from arshjul.disclosure.artefact import ArtefactError, check_artefacts
    from arshjul.disclosure.stored import public_values

    with transaction(settings, Role.REPORT) as connection:
        public = public_values(connection, protection_id)
    try:
        check_artefacts(files, public, said, period=run.period)
    except ArtefactError as refused:
        raise Stopped(str(refused)) from None


def decided(settings: Settings, package_id: int, step: str) -> bool:
    """Say whether the ledger has a step's decision about a package."""
    from arshjul.lineage.releases import approvals

    with transaction(settings, Role.PUBLISH) as connection:
        return any(made.step == step and made.decision == "godkand" for made in approvals(connection, package_id))


def record_answer(settings: Settings, package: Mapping[str, Any], step: str, answer: Mapping[str, Any]) -> None:
    """Write one person's answer to the ledger.

    Args:
        settings: Where the ledger is.
        package: What :func:`freeze_report` gave.
        step: ``granskning`` or ``godkannande``.
        answer: What the human-in-the-loop task gave: ``chosen_options``, ``params_input``, ``responded_by_user``.

    Raises:
        Stopped: The decision is a rejection (it is kept, with its comment), or the ledger refuses it.
    """
    from arshjul.delivery.approval import ApprovalRefused, record_decision

    person = answer["responded_by_user"]["name"]
    comment = str((answer["params_input"] or {}).get(COMMENT) or "")
    is_approved = answer["chosen_options"] == [APPROVE]
    try:
        with transaction(settings, Role.PUBLISH) as connection:
            record_decision(
                connection,
                package_id=package["package_id"],
                content_sha256=package["content_sha256"],
                step="granskning" if step == "granskning" else "godkannande",
                person=person,
                decision="godkand" if is_approved else "avvisad",
                comment=comment,
            )
    except ApprovalRefused as refused:
        raise Stopped(f"{refused} Beslutet gäller inte. Kör om steget (Clear) och låt rätt person svara.") from None
    if not is_approved:
        raise Stopped(f"Rapporten är avvisad av {person}: {comment} Rätta och kör om tertialet från beräkningen.")


def release(settings: Settings, run: RunKey, package: Mapping[str, Any]) -> int:
    """Publish the approved package and write its evidence; return the publication's number.

    Raises:
        Stopped: Two approvals or the gate are missing, the bytes are not those that were approved, or other figures
            have left the house since these went through disclosure control.
    """
    from arshjul.delivery.package import PackageError, load_package
    from arshjul.delivery.publication import Figure, PublicationRefused, publish, write_evidence
    from arshjul.disclosure.release import DisclosureError, load_protection, record_release
    from arshjul.reports.appendix import public_figures

    try:
        with transaction(settings, Role.PUBLISH) as connection:
            approved = load_package(connection, package["package_id"])
            protection = load_protection(connection, package["protection_id"])
            facts = _facts(connection, settings, run.period, approved.computation_id, protection.protection_id)
            run_id = _run_id(settings, connection, run)
            record_release(connection, protection, "publicering", run_id=run_id)
            figures = [Figure(*figure) for figure in public_figures(facts)]
            publication_id = publish(
                settings, connection, package["package_id"], figures, run_id, protection.protection_id
            )
        with transaction(settings, Role.PUBLISH) as connection:
            write_evidence(settings, connection, publication_id)
    except (PublicationRefused, PackageError, DisclosureError) as refused:
        raise Stopped(str(refused)) from None
    return publication_id


def recipients_of(settings: Settings) -> list[str]:
    """List who gets the report."""
    from arshjul.reports.tertialrapport import REPORT_ID

    return [one.id for one in load_recipients(settings.include).values() if REPORT_ID in one.reports]


def hand_over(settings: Settings, publication_id: int, recipient_id: str) -> str:
    """Deliver to one recipient, once; return the receipt's reference."""
    from arshjul.delivery.sending import deliver

    recipient = load_recipients(settings.include)[recipient_id]
    if settings.is_production and recipient.address.endswith(".example"):
        raise Stopped(
            f"Mottagaren {recipient.id} har demons påhittade adress. Rätta include/recipients och kör om steget."
        )
    engine = open_engine(settings, Role.PUBLISH)
    try:
        return deliver(settings, engine, publication_id, recipient).reference
    finally:
        engine.dispose()


def _run_id(settings: Settings, connection: Any, run: RunKey) -> int:
    return start_run(connection, run.dag_id, run.dag_run_id, run.period, code_version(settings))


def _facts(connection: Any, settings: Settings, period: str, computation_id: int, protection_id: int) -> Any:
    from arshjul.reports.facts import assemble

    return assemble(connection, settings.include, parse_period(period), computation_id, protection_id)
