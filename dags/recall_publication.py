"""# Återkalla en rapport

En publicerad rapport som inte får användas återkallas. Två personer behövs: den som startar det här flödet begär det, och någon
annan godkänner det. Sedan får var och en som har fått rapporten ett besked, en gång, samma väg som rapporten kom: ett mejl, eller
filen `ÅTERKALLAD.txt` i mappen. Ingen annan får något.

Det är den senaste versionen som återkallas. Har nämnden beslutat om den går det inte: då rättas rapporten i en ny version. Skälet
skrivs ut i beskedet. Skriv inga namn på deltagare.
"""

from __future__ import annotations

from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param, dag, get_current_context, task

from arshjul.orchestration.alerts import WaitingAlert
from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.publication import APPROVE, REJECT
from arshjul.settings import load_settings


@dag(
    dag_id="recall_publication",
    dag_display_name="Återkalla en rapport",
    schedule=None,
    catchup=False,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["rapport", "återkallelse"],
    params={
        "rapport": Param(type="string", title="Rapport", pattern="^[a-z_]{1,60}$"),
        "period": Param(type="string", title="Period", maxLength=20),
        "skal": Param(type="string", title="Skäl (skrivs ut i beskedet)", minLength=10, maxLength=1000),
    },
)
def recall_publication() -> None:
    @task(task_id="granska_begaran", task_display_name="Kontrollera begäran")
    def examine() -> int:
        from arshjul.orchestration.days import today
        from arshjul.orchestration.recalls import examine_recall

        context = get_current_context()
        person = str(context["dag_run"].triggering_user_name or "")
        return examine_recall(load_settings(), context["params"], person, today())

    @task(task_id="bokfor_aterkallelse", task_display_name="Bokför återkallelsen")
    def record(publication_id: int, answer: dict[str, Any]) -> int:
        from arshjul.orchestration.recalls import record_recall

        context = get_current_context()
        person = str(context["dag_run"].triggering_user_name or "")
        return record_recall(load_settings(), publication_id, context["params"], person, answer)

    @task(task_id="meddela", task_display_name="Meddela dem som fick rapporten")
    def tell(publication_id: int) -> int:
        from arshjul.orchestration import recalls

        context = get_current_context()
        run = context["dag_run"]
        return recalls.tell(load_settings(), publication_id, run.dag_id, run.run_id, str(context["params"]["period"]))

    approval = HITLOperator(
        task_id="godkann_aterkallelse",
        task_display_name="Godkänn återkallelsen",
        subject="Återkallelse av {{ params.rapport }} för {{ params.period }}",
        body="Begärd av {{ dag_run.triggering_user_name }}.\n\n> {{ params.skal }}",
        options=[APPROVE, REJECT],
        notifiers=[WaitingAlert()],
    )
    publication: Any = examine()
    recorded: Any = record(publication, approval.output)
    publication >> approval
    tell(recorded)


recall_publication()
