"""One person's decision about a frozen package, asked for by Airflow and kept in the ledger.

Airflow's human-in-the-loop task is the button; the ledger is the archive. What the task leaves behind in XCom is the name of
the step; the comment, an official's own words, also stays in Airflow's record of the answer and in the mail to the data team.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param

from arshjul.orchestration.alerts import WaitingAlert
from arshjul.orchestration.publication import APPROVE, COMMENT, REJECT, decided, record_answer
from arshjul.settings import load_settings

BODY = """
**{{ ti.xcom_pull(task_ids='frys_rapporten')['title'] }}** väntar på ditt beslut.

- Läs filerna i `{{ ti.xcom_pull(task_ids='frys_rapporten')['folder'] }}`
- Innehållets kontrollsumma: `{{ ti.xcom_pull(task_ids='frys_rapporten')['content_sha256'] }}`

Ditt beslut gäller exakt detta innehåll. Två olika personer måste godkänna. Skriv varför om du avvisar.
"""


class Approval(HITLOperator):
    """Asks a person to approve or reject a package.

    A task that is run again after its decision reached the ledger does not ask again.

    Args:
        package: What :func:`arshjul.orchestration.publication.freeze_report` gave.
        step: ``granskning`` or ``godkannande``.
        title: The step in Swedish.
    """

    template_fields: Sequence[str] = ("package", "subject", "body")

    def __init__(self, *, package: Any, step: str, title: str, **kwargs: Any) -> None:
        kwargs.pop("params", None)  # the DAG's: the moment of the year, which nobody is to answer
        super().__init__(
            subject=f"{title}: {{{{ ti.xcom_pull(task_ids='frys_rapporten')['title'] }}}}",
            body=BODY,
            options=[APPROVE, REJECT],
            params={
                COMMENT: Param(
                    "",
                    type="string",
                    title="Kommentar (krävs om du avvisar)",
                    format="multiline",
                    maxLength=2000,
                )
            },
            notifiers=[WaitingAlert()],
            task_display_name=title,
            **kwargs,
        )
        self.package = package
        self.step = step

    def execute(self, context: Any) -> Any:
        """Ask, unless the ledger has the decision already."""
        if decided(load_settings(), self.package["package_id"], self.step):
            return self.step
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Write the decision to the ledger.

        Raises:
            Stopped: It is a rejection, or the ledger refuses it (the same person twice, another content).
        """
        answer: Mapping[str, Any] = super().execute_complete(context, event)
        record_answer(load_settings(), self.package, self.step, answer)
        return self.step
