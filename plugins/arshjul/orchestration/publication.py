"""The steps of a report, as functions that tasks call: each takes ids and gives ids.

Revise → compute → gate → disclosure control → texts → freeze → two decisions → publish → deliver → done. A step that is run
again finds what it had done and does it once: the ledger decides, not the task.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from arshjul.catalogue.recipients import Recipient, load_recipients
from arshjul.delivery.mail import MadeUpAddress
from arshjul.orchestration.alerts import Stopped
from arshjul.orchestration.days import answered_on
from arshjul.orchestration.runs import RunKey, ledger_run
from arshjul.periods import parse_period
from arshjul.reports.library import REPORTS
from arshjul.settings import Settings
from arshjul.warehouse.engine import Role, open_engine, transaction

if TYPE_CHECKING:
    from arshjul.reports.drawing import Drawn

log = logging.getLogger(__name__)

APPROVE, REJECT = "Godkänn", "Avvisa"
COMMENT = "kommentar"


def compute_period(settings: Settings, run: RunKey) -> int:
    """Compute every indicator of the run's period, knowing what is known now; return the computation's number."""
    from arshjul.indicators.compute import compute

    with transaction(settings, Role.COMPUTE) as connection:
        run_id = ledger_run(settings, connection, run)
    with transaction(settings, Role.COMPUTE) as connection:
        period = parse_period(run.period)
        done = compute(connection, settings.include, period, run_id=run_id, helper=connection.engine)
        return done.computation_id


def revise_periods(settings: Settings, run: RunKey) -> None:
    """Compare every released period with what is known now; a figure that has changed becomes a revision."""
    from arshjul.indicators.revision import revise_reported

    with transaction(settings, Role.COMPUTE) as connection:
        run_id = ledger_run(settings, connection, run)
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
        run_id = ledger_run(settings, connection, run)
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
    from arshjul.disclosure.release import DisclosureError, note, protect

    with transaction(settings, Role.COMPUTE) as connection:
        run_id = ledger_run(settings, connection, run)
    report = REPORTS[run.report_id]
    try:
        with transaction(settings, Role.COMPUTE) as connection:
            made = protect(
                connection,
                settings.include,
                computation_id,
                run_id=run_id,
                indicators=report.indicators,
                report_id=report.id if report.is_public else None,
            )
    except DisclosureError as refused:
        raise Stopped(str(refused)) from None
    if said := note(made):
        log.warning(said)
    return made.protection_id


def freeze_report(settings: Settings, run: RunKey, protection_id: int) -> dict[str, Any]:
    """Draw the report, check that its files show nothing but the public table, and freeze it as a package.

    A report that is made for each provider is one package with everybody's files: two persons approve them all at once, and
    each provider gets its own.

    Raises:
        Stopped: A text is missing or must be changed, there is nobody to make it for, a file shows a figure that is withheld,
            or is of a kind that cannot be read back.

    Returns:
        ``package_id`` and ``content_sha256``: what the two approvals are bound to; ``protection_id``: the public table
        it is made from; ``folder``: where it can be read; ``title``: what it is, in Swedish.
    """
    from arshjul.delivery.package import freeze, package_folder
    from arshjul.orchestration.texts import open_texts, read_for_texts, require_texts

    # Asked for in the form before, but a new delivery of texts may have come since.
    require_texts(open_texts(run, read_for_texts(settings, run, protection_id)))
    report = REPORTS[run.report_id]
    subjects = providers_of(settings, run, protection_id) if report.has_subject else ("",)
    if not subjects:
        raise Stopped("Det finns ingen att göra rapporten för. Kontrollera registren för perioden.")
    drawn = [draw(settings, run, protection_id, subject) for subject in subjects]
    facts = drawn[0].reading.facts
    with transaction(settings, Role.PUBLISH) as connection:
        package = freeze(
            settings,
            connection,
            report_id=run.report_id,
            period=run.period,
            computation_id=facts.current.computation_id,
            as_of=facts.current.as_of,
            files={name: content for one in drawn for name, content in one.files.items()},
            prepared_by=run.started_by or run.dag_id,  # whoever started it may not approve it
            run_id=ledger_run(settings, connection, run),
        )
    folder = package_folder(settings, package.content_sha256)
    return {
        "package_id": package.package_id,
        "content_sha256": package.content_sha256,
        "protection_id": protection_id,
        "folder": str(folder),
        "title": f"{report.title} {run.period}",
    }


def draw(settings: Settings, run: RunKey, protection_id: int, subject: str) -> Drawn:
    """Draw a report and read its files back.

    Raises:
        Stopped: A file shows a figure that is withheld, or there is nothing to draw it from.
    """
    from arshjul.disclosure.artefact import ArtefactError
    from arshjul.disclosure.release import load_protection
    from arshjul.indicators.export import export_rows
    from arshjul.indicators.values import find_computation
    from arshjul.reports.drawing import draw_report
    from arshjul.reports.facts import FactsMissing

    with transaction(settings, Role.REPORT) as connection:
        computation_id = load_protection(connection, protection_id).computation_id
        computation = find_computation(connection, settings.include, computation_id)
        report = REPORTS[run.report_id]
        try:
            return draw_report(
                connection,
                settings,
                report,
                computation.period,
                computation_id,
                protection_id,
                lambda definitions: export_rows(
                    connection,
                    settings.include,
                    computation,
                    internal=False,
                    definitions=definitions,
                    protection_id=protection_id,
                ),
                subject=subject,
            )
        except (ArtefactError, FactsMissing) as refused:
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
        answer: What the human-in-the-loop task gave: ``chosen_options``, ``params_input``, ``responded_by_user``,
            ``responded_at``.

    Raises:
        Stopped: The decision is a rejection (it is kept, with its comment), the ledger refuses it, or the person held no
            delegation that day (R4). A refusal is kept too.
    """
    from arshjul.delivery.approval import ApprovalRefused, record_decision
    from arshjul.delivery.rights import Attempt, NotDelegated, keep_refusal, require_right

    person = answer["responded_by_user"]["name"]
    comment = str((answer["params_input"] or {}).get(COMMENT) or "")
    is_approved = answer["chosen_options"] == [APPROVE]
    attempt = Attempt(person, "rapport", f"paket {package['package_id']}, {step}", answered_on(answer))
    try:
        require_right(settings, attempt)
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
    except (ApprovalRefused, NotDelegated) as refused:
        if isinstance(refused, ApprovalRefused):
            keep_refusal(settings, attempt, str(refused))
        raise Stopped(f"{refused} Beslutet gäller inte. Kör om steget (Clear) och låt rätt person svara.") from None
    if not is_approved:
        raise Stopped(f"Rapporten är avvisad av {person}: {comment} Rätta och kör om från beräkningen.")


def release(settings: Settings, run: RunKey, package: Mapping[str, Any]) -> int:
    """Publish the approved package and write its evidence; return the publication's number.

    Raises:
        Stopped: Two approvals or the gate are missing, the bytes are not those that were approved, or other figures
            have left the house since these went through disclosure control.
    """
    from arshjul.delivery.package import PackageError, load_package
    from arshjul.delivery.publication import Figure, PublicationRefused, publish, write_evidence
    from arshjul.disclosure.release import DisclosureError, load_protection, record_release
    from arshjul.lineage.standing import find_standing
    from arshjul.reports.appendix import public_figures

    causes = causes_of_change(settings, run, package["protection_id"])
    try:
        with transaction(settings, Role.PUBLISH) as connection:
            approved = load_package(connection, package["package_id"])
            protection = load_protection(connection, package["protection_id"])
            facts = _facts(connection, settings, run.period, approved.computation_id, protection.protection_id)
            run_id = ledger_run(settings, connection, run)
            record_release(connection, settings.include, protection, "publicering", run_id=run_id)
            figures = [Figure(*figure) for figure in public_figures(facts)]
            publication_id = publish(
                settings, connection, package["package_id"], figures, run_id, protection.protection_id, causes
            )
        with transaction(settings, Role.PUBLISH) as connection:
            write_evidence(settings, connection, publication_id)
            if (replaced := find_standing(connection, publication_id).replaces_id) is not None:
                write_evidence(settings, connection, replaced)  # it now says what it is replaced by
    except (PublicationRefused, PackageError, DisclosureError) as refused:
        raise Stopped(str(refused)) from None
    return publication_id


def causes_of_change(settings: Settings, run: RunKey, protection_id: int) -> list[str]:
    """Tell in words why figures that readers have been told of the period before are others now, where it may be told."""
    from arshjul.catalogue.disclosure import FEW
    from arshjul.disclosure.release import load_protection
    from arshjul.indicators.values import find_computation
    from arshjul.reports.revisions import REASON_WORDS, public_revisions

    with transaction(settings, Role.REPORT) as connection:
        computation_id = load_protection(connection, protection_id).computation_id
        as_of = find_computation(connection, settings.include, computation_id).as_of
        revisions = public_revisions(connection, as_of, [protection_id], FEW)
    told = {reason for one in revisions if one.report_id == run.report_id for reason in one.parts or ()}
    return [words for reason, words in REASON_WORDS.items() if reason in told]


def recipients_of(settings: Settings, run: RunKey, protection_id: int, publication_id: int) -> list[str]:
    """List who gets the report: those of the catalogue, or each provider that it is about, and who has an older version."""
    from arshjul.delivery.correction import earlier_copies

    if REPORTS[run.report_id].has_subject:
        wanted = list(providers_of(settings, run, protection_id))
    else:
        wanted = [one.id for one in load_recipients(settings.include).values() if run.report_id in one.reports]
    with transaction(settings, Role.PUBLISH) as connection:
        return list(dict.fromkeys([*wanted, *earlier_copies(connection, publication_id)]))


def providers_of(settings: Settings, run: RunKey, protection_id: int) -> tuple[str, ...]:
    """List the providers that the year's dialogue is held with, as known when the figures were pinned.

    Raises:
        Stopped: The year's survey is not closed, so that the paper would lack what the customers think (R105).
    """
    from arshjul.catalogue.register_rules import load_register_rules
    from arshjul.disclosure.release import load_protection
    from arshjul.indicators.values import find_computation
    from arshjul.registers.dialogue import dialogue_providers
    from arshjul.registers.survey import survey_is_closed

    year = parse_period(run.period).start.year + 1
    with transaction(settings, Role.REPORT) as connection:
        computation_id = load_protection(connection, protection_id).computation_id
        as_of = find_computation(connection, settings.include, computation_id).as_of
        rules = load_register_rules(settings.include).survey
        if not survey_is_closed(connection, as_of, year, rules):
            raise Stopped(f"Kundundersökningen {year} är inte avslutad. Kör om steget när svaren har kommit in.")
        return tuple(one.provider for one in dialogue_providers(connection, as_of, year))


def hand_over(settings: Settings, run: RunKey, publication_id: int, recipient_id: str) -> str:
    """Deliver to one recipient, once, the way it got an older version if it did; return the receipt's reference.

    Raises:
        Stopped: Its address is the demo's, in production.
        DeliveryError: The receiving system did not take it, or the version is no longer the current one.
    """
    from arshjul.delivery.sending import deliver

    subject = recipient_id if REPORTS[run.report_id].has_subject else ""
    recipient = _recipient(settings, run.report_id, publication_id, recipient_id)
    engine = open_engine(settings, Role.PUBLISH)
    try:
        return deliver(settings, engine, publication_id, recipient, subject).reference
    except MadeUpAddress as refused:
        raise Stopped(str(refused)) from None
    finally:
        engine.dispose()


def _recipient(settings: Settings, report_id: str, publication_id: int, recipient_id: str) -> Recipient:
    """Find the way to a reader: the one an older version went, else the catalogue's, else a provider's own folder."""
    from arshjul.delivery.correction import earlier_copies

    with transaction(settings, Role.PUBLISH) as connection:
        earlier = earlier_copies(connection, publication_id).get(recipient_id)
    if earlier is not None:
        channel, address = earlier.channel, earlier.address
    elif REPORTS[report_id].has_subject:
        # A provider fetches its own paper from its own folder, as its receipts; no other file goes there.
        channel, address = "mapp", recipient_id
    else:
        return load_recipients(settings.include)[recipient_id]
    return Recipient(id=recipient_id, title=recipient_id, channel=channel, address=address, reports=(report_id,))


def _facts(connection: Any, settings: Settings, period: str, computation_id: int, protection_id: int) -> Any:
    from arshjul.reports.facts import assemble

    return assemble(connection, settings.include, parse_period(period), computation_id, protection_id)
