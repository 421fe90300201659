"""The line that every report follows, wired once: a DAG file says which report it is and what starts it.

Compare with what is reported → compute → gate → disclosure control → draw and freeze → two decisions → publish → deliver →
done. A working paper is drawn, kept and sent instead of decided about and published.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from airflow.sdk import Asset, task

from arshjul.orchestration.approval import Approval
from arshjul.orchestration.moments import Step, the_moment
from arshjul.orchestration.runs import RunKey
from arshjul.orchestration.texts import WriteTexts
from arshjul.periods import parse_period
from arshjul.reports.library import REPORTS, newest_period
from arshjul.settings import load_settings

RunOf = Callable[[], RunKey]
StepOf = Callable[[], Step]


def papers_before_visits(report_id: str, kind: str) -> None:
    """Wire the working papers of the visits that are near, inside a DAG with the parameters of a moment.

    Args:
        report_id: The paper.
        kind: ``namndbesok`` or ``tjanstemannabesok``.
    """
    step, began = the_moment()

    def run() -> RunKey:
        return report_key(report_id, step())

    @task(task_id="foremal", task_display_name="Vilka som ska besökas")
    def objects(protection_id: int) -> list[str]:
        from arshjul.orchestration.papers import objects_to_visit

        return objects_to_visit(load_settings(), protection_id, step().moment, kind)

    @task(task_id="underlag", task_display_name="Gör och spara underlaget")
    def keep(protection_id: int, subject: str) -> int:
        from arshjul.orchestration.papers import keep_paper

        return keep_paper(load_settings(), run(), protection_id, subject)

    @task(task_id="skicka", task_display_name="Skicka till läsarna i huset")
    def send(paper_id: int) -> int:
        from arshjul.orchestration.papers import send_paper

        return send_paper(load_settings(), run(), paper_id)

    first, protection = _figures(run, ())
    began >> first
    papers = keep.partial(protection_id=protection).expand(subject=objects(protection))
    send.expand(paper_id=papers) >> _done(step, ())


def report_of_the_year(
    report_id: str,
    given: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None,
    *,
    computed: Sequence[Asset] = (),
    reported: Sequence[Asset] = (),
) -> None:
    """Wire a report from its moment to delivered copies, inside a DAG.

    Args:
        report_id: The report.
        given: Tells, from Airflow's task context, what the run was started with, where that is not a moment's parameters.
        computed: Filled when the figures have passed the gate.
        reported: Filled when everybody has the report.
    """
    step, began = the_moment(given)

    def run() -> RunKey:
        return report_key(report_id, step())

    @task(task_id="frys_rapporten", task_display_name="Rita och frys rapporten")
    def freeze(protection_id: int) -> dict[str, Any]:
        from arshjul.orchestration.publication import freeze_report

        return freeze_report(load_settings(), run(), protection_id)

    @task(task_id="publicera", task_display_name="Publicera")
    def publish(package: dict[str, Any]) -> int:
        from arshjul.orchestration.publication import release

        return release(load_settings(), run(), package)

    @task(task_id="mottagare", task_display_name="Vilka som ska ha rapporten")
    def recipients(protection_id: int, publication_id: int) -> list[str]:
        from arshjul.orchestration.publication import recipients_of

        return recipients_of(load_settings(), run(), protection_id, publication_id)

    @task(task_id="leverera", task_display_name="Leverera")
    def deliver(publication_id: int, recipient_id: str) -> str:
        from arshjul.orchestration.publication import hand_over

        return hand_over(load_settings(), run(), publication_id, recipient_id)

    first, protection = _figures(run, computed)
    texts = WriteTexts(task_id="skriv_texter", task_display_name="Skriv texter", protection_id=protection, run_of=run)
    package: Any = freeze(protection)
    review = Approval(task_id="granska", title="Granskning", step="granskning", package=package)
    approval = Approval(task_id="godkann", title="Godkännande", step="godkannande", package=package)
    publication: Any = publish(package)
    delivered = deliver.partial(publication_id=publication).expand(recipient_id=recipients(protection, publication))
    began >> first
    protection >> texts >> package >> review >> approval >> publication
    delivered >> _done(step, reported)


def report_key(report_id: str, step: Step) -> RunKey:
    """Tell which report a moment's run makes, of which period.

    What is done before each visit is about the visit's month in the årshjul, which no report is: then it is the newest period
    that the report can be about.

    Args:
        report_id: The report.
        step: The run and its moment.
    """
    period = parse_period(step.moment.period)
    if not REPORTS[report_id].accepts(period):
        period = newest_period(report_id, step.moment.day)
    return replace(step.run, period=period.key, report_id=report_id)


def _figures(run: RunOf, computed: Sequence[Asset]) -> tuple[Any, Any]:
    """Wire the steps to a public table; give the first task and the table's number."""

    @task(task_id="revidera", task_display_name="Jämför med det som är rapporterat")
    def revise() -> None:
        from arshjul.orchestration.publication import revise_periods

        revise_periods(load_settings(), run())

    @task(task_id="berakna", task_display_name="Beräkna indikatorerna")
    def compute() -> int:
        from arshjul.orchestration.publication import compute_period

        return compute_period(load_settings(), run())

    @task(task_id="kvalitetsgrind", task_display_name="Kvalitetsgrinden", outlets=list(computed))
    def gate(computation_id: int) -> None:
        from arshjul.orchestration.days import today
        from arshjul.orchestration.publication import pass_gate

        pass_gate(load_settings(), run(), computation_id, today())

    @task(task_id="skydda", task_display_name="Röjandekontroll")
    def protect(computation_id: int) -> int:
        from arshjul.orchestration.publication import protect_figures

        return protect_figures(load_settings(), run(), computation_id)

    revised = revise()
    computation: Any = compute()
    protection = protect(computation)
    revised >> computation
    gate(computation) >> protection
    return revised, protection


def _done(step: StepOf, reported: Sequence[Asset]) -> Any:
    @task(task_id="klart", task_display_name="Klart i årshjulet", outlets=list(reported), trigger_rule="none_failed")
    def done() -> None:
        from arshjul.orchestration.moments import note_done

        note_done(load_settings(), step())

    return done()
