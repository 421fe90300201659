"""# Undantag från en kontroll

En kontroll med allvarsgraden *stopp* hindrar publicering. Ibland är orsaken känd och godtagbar. Då kan två personer besluta
om ett undantag: den som startar det här flödet begär det, och någon annan godkänner det.

Ange kontrollens namn så som det står i grindens meddelande, perioden, ett skäl på minst tio tecken och till och med vilken
dag undantaget gäller. Skälet skrivs ut i rapporten, bredvid siffrorna. När undantaget är godkänt: kör om tertialet från
*Beräkna* (Clear).
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
    dag_id="grant_waiver",
    dag_display_name="Undantag från en kontroll",
    schedule=None,
    catchup=False,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["kvalitet", "undantag"],
    params={
        "kontroll": Param(type="string", title="Kontrollens namn", pattern="^[a-z0-9_]{1,120}$"),
        "period": Param(type="string", title="Period", pattern="^[0-9]{4}(-(0[1-9]|1[0-2]|T[1-3]))?$"),
        "skal": Param(type="string", title="Skäl (skrivs ut i rapporten)", minLength=10, maxLength=500),
        "galler_till": Param(type="string", title="Gäller till och med", format="date"),
    },
)
def grant_waiver() -> None:
    @task(task_id="granska_begaran", task_display_name="Kontrollera begäran")
    def examine() -> None:
        from arshjul.orchestration.days import today
        from arshjul.orchestration.waivers import examine_request

        context = get_current_context()
        examine_request(load_settings(), context["params"], context["dag_run"].triggering_user_name or "", today())

    @task(task_id="bokfor_undantag", task_display_name="Bokför undantaget")
    def record(answer: dict[str, Any]) -> int:
        from arshjul.orchestration.waivers import record_waiver

        context = get_current_context()
        requested_by = str(context["dag_run"].triggering_user_name or "")
        return record_waiver(load_settings(), context["params"], requested_by, answer)

    approval = HITLOperator(
        task_id="godkann_undantag",
        task_display_name="Godkänn undantaget",
        subject="Undantag från {{ params.kontroll }} för {{ params.period }}",
        body="Begärt av {{ dag_run.triggering_user_name }}, till och med {{ params.galler_till }}.\n\n> {{ params.skal }}",
        options=[APPROVE, REJECT],
        notifiers=[WaitingAlert()],
    )
    examine() >> approval >> record(approval.output)


grant_waiver()
