"""The texts that a person writes for a report: asked for by Airflow's form, kept in the ledger.

The form asks for what is missing and for what cannot stand as it is (a typed digit, say), with what has been written filled
in. Whatever is answered is kept as a new version, so that nobody's words are lost when something in them must be changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.providers.standard.operators.hitl import HITLEntryOperator
from airflow.sdk import Param
from airflow.sdk.definitions.param import ParamsDict

from arshjul.orchestration.alerts import Stopped, WaitingAlert
from arshjul.orchestration.runs import RunKey, ledger_run
from arshjul.periods import parse_period
from arshjul.prose.texts import missing_message, record_text
from arshjul.reports.library import REPORTS
from arshjul.settings import Settings, load_settings
from arshjul.warehouse.engine import Role, transaction

if TYPE_CHECKING:
    from arshjul.reports.report_type import Reading
    from arshjul.reports.written import TextState

SAVE = "Spara texterna"
AUTHOR = "funktion"
LONGEST = 20_000

INSTRUCTIONS = (
    "Rapporten behöver texter innan den kan frysas. Rubriker, stycken, listor, **fetstil**, _kursiv stil_ och länkar går bra.",
    "",
    "Skriv aldrig en siffra för hand: skriv referensen, så står rätt siffra i rapporten. Datum, paragrafer och diarienummer",
    "skrivs inom dubbla hakparenteser, till exempel `[[2026-05-12]]`.",
    "",
)
"""Markdown that stands above the form."""


def read_for_texts(settings: Settings, run: RunKey, protection_id: int) -> Reading:
    """Read what a report is written from, with the texts as they are now.

    Raises:
        Stopped: There are no public figures to write about.
    """
    from arshjul.disclosure.release import load_protection
    from arshjul.reports.facts import FactsMissing
    from arshjul.reports.reading import read

    try:
        with transaction(settings, Role.REPORT) as connection:
            return read(
                connection,
                settings.include,
                REPORTS[run.report_id],
                parse_period(run.period),
                settings.kommun_namn,
                computation_id=load_protection(connection, protection_id).computation_id,
                protection_id=protection_id,
            )
    except FactsMissing as missing:
        raise Stopped(str(missing)) from None


def open_texts(run: RunKey, reading: Reading) -> tuple[TextState, ...]:
    """List the texts that a person has to write, or change, before the report can be frozen."""
    from arshjul.reports.written import text_states

    return tuple(state for state in text_states(REPORTS[run.report_id], reading) if state.is_open)


def form_key(state: TextState) -> str:
    """Name a text in the form: its section, and the indicator where there is one."""
    return "__".join(filter(None, (state.wanted.section, state.wanted.indicator_id)))


def form_fields(asked: Sequence[TextState]) -> dict[str, Param]:
    """Make the form: one field for each text, filled in with what there is, and one for who writes."""
    from arshjul.catalogue.signatories import SIGNATORIES

    fields = {
        form_key(state): Param(
            state.written.markdown if state.written else "",
            type=["null", "string"],  # who has only some of the texts saves those
            title=state.wanted.title,
            format="multiline",
            maxLength=LONGEST,
        )
        for state in asked
    }
    authors = [state.written.author for state in asked if state.written]
    author = Param(
        next(iter(authors), SIGNATORIES[0].title),
        type="string",
        title="Din funktion, som läsarna ser den",
        minLength=2,
        maxLength=200,
    )
    return {**fields, AUTHOR: author}


def form_body(reading: Reading, asked: Sequence[TextState]) -> str:
    """Tell in Markdown what to write, what to change, and which figures can be pointed at."""
    from arshjul.prose.references import Reference
    from arshjul.reports.written import figures_of

    resolve = figures_of(reading)
    shown = {indicator_id for indicator_id, cell in reading.facts.current.values if not cell}
    lines = [
        *INSTRUCTIONS,
        *(f"- {fault.message}" for state in asked for fault in state.faults),
        "",
        "| Skriv | Så står det i rapporten |",
        "|---|---|",
        *(
            f"| `{{{indicator_id}}}` | {reading.facts.indicators[indicator_id].title}: {resolve(Reference(indicator_id))} |"
            for indicator_id in reading.facts.indicators
            if indicator_id in shown
        ),
    ]
    return "\n".join(lines)


def record_answer(settings: Settings, run: RunKey, asked: Sequence[TextState], answer: Mapping[str, Any]) -> None:
    """Keep what a person wrote; a field that was left as it was is no new version.

    Args:
        settings: Where the ledger is.
        run: Which run's form.
        asked: What was asked for.
        answer: What the human-in-the-loop task gave: ``params_input``, ``responded_by_user``.
    """
    given = answer["params_input"] or {}
    with transaction(settings, Role.PUBLISH) as connection:
        run_id = ledger_run(settings, connection, run)
        for state in asked:
            markdown = str(given.get(form_key(state)) or "").strip()
            if markdown and (state.written is None or markdown != state.written.markdown.strip()):
                record_text(
                    connection,
                    run_id=run_id,
                    report_id=run.report_id,
                    period=run.period,
                    wanted=state.wanted,
                    markdown=markdown,
                    author=str(given.get(AUTHOR) or "").strip() or answer["responded_by_user"]["name"],
                    person=answer["responded_by_user"]["name"],
                )


def require_texts(asked: Sequence[TextState]) -> None:
    """Stop a report that a person still has to write something for.

    Raises:
        Stopped: Which texts are missing, and what must be changed in those there are; never the texts.
    """
    missing = [state.wanted for state in asked if state.is_missing]
    told = [missing_message(missing)] if missing else []
    told += [fault.message for state in asked for fault in state.faults]
    if told:
        raise Stopped(" ".join([*told, "Kör om steget (Clear): det som är skrivet står kvar i formuläret."]))


class WriteTexts(HITLEntryOperator):
    """Asks a person to write the texts of a report, unless there is nothing left to write.

    Args:
        protection_id: The public table whose figures are written about.
        run_of: Tells, inside a task, which run it is.
    """

    template_fields: Sequence[str] = ("protection_id", "subject", "body")

    def __init__(self, *, protection_id: Any, run_of: Callable[[], RunKey], **kwargs: Any) -> None:
        kwargs.pop("params", None)  # the DAG's: the moment of the year, which nobody is to answer
        super().__init__(
            subject="Texter till rapporten",
            body="",
            options=[SAVE],
            defaults=[SAVE],
            notifiers=[WaitingAlert()],
            **kwargs,
        )
        self.protection_id = protection_id
        self.run_of = run_of

    def execute(self, context: Any) -> Any:
        """Ask for what is missing and for what must be changed."""
        run = self.run_of()
        reading = read_for_texts(load_settings(), run, self.protection_id)
        asked = open_texts(run, reading)
        if not asked:
            return 0
        self.subject = f"Texter: {REPORTS[run.report_id].title} {run.period}"
        self.body = form_body(reading, asked)
        self.params = ParamsDict(form_fields(asked))
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Keep the answer and see whether the report now has what it needs.

        Raises:
            Stopped: Something is still missing, or must be changed.
        """
        answer: Mapping[str, Any] = super().execute_complete(context, event)
        settings, run = load_settings(), self.run_of()
        asked = open_texts(run, read_for_texts(settings, run, self.protection_id))
        record_answer(settings, run, asked, answer)
        require_texts(open_texts(run, read_for_texts(settings, run, self.protection_id)))
        return len(asked)
