"""# Nämndens beslut

För in vad nämnden beslutade om en publicerad rapport: dag, paragraf och beslutets ord. Beslutet binds till exakt den version som
låg på bordet, rapportens senaste, och kan inte ändras efteråt. Är något fel i rapporten rättas det i en ny version, som får ett
eget beslut. Skriv inga namn på deltagare.
"""

from __future__ import annotations

from airflow.sdk import Param, dag, get_current_context, task

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.settings import load_settings


@dag(
    dag_id="record_decision",
    dag_display_name="Nämndens beslut",
    schedule=None,
    catchup=False,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["nämnd", "beslut"],
    params={
        "rapport": Param(type="string", title="Rapport", pattern="^[a-z_]{1,60}$"),
        "period": Param(type="string", title="Period", maxLength=20),
        "datum": Param(type="string", title="Mötets dag", format="date"),
        "paragraf": Param(type="string", title="Paragraf, som § 45", pattern="^§ [1-9][0-9]{0,3}$"),
        "beslut": Param(type="string", title="Beslutet", minLength=5, maxLength=2000, format="multiline"),
    },
)
def record_decision() -> None:
    @task(task_id="bokfor_beslut", task_display_name="För in beslutet")
    def record() -> int:
        from arshjul.orchestration.days import today
        from arshjul.orchestration.decisions import record_from_form

        context = get_current_context()
        person = str(context["dag_run"].triggering_user_name or "")
        return record_from_form(load_settings(), context["params"], person, today())

    record()


record_decision()
