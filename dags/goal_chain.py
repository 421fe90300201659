"""# Målkedjan

Startas av *Följ årshjulet* i juni, när fullmäktige beslutar om budget och mål, och på hösten inför nämndens internbudget. Du kan
också starta flödet för hand; det som du lämnar tomt hämtas ur årshjulet.

1. **Gå igenom målkedjan** för det år som målen gäller: fullmäktiges mål, nämndens mål under dem, indikator, målvärde och
   tolerans. Brevet till de ansvariga räknar upp fullmäktiges mål som inget av nämndens mål bidrar till, nämndens mål som saknar
   indikator eller målvärde, och de mål som kommunstyrelsen särskilt ska följa. `arshjul goals` visar hela kedjan.
2. **Notera i årshjulet** att genomgången är gjord, med hur många mål som fanns.

Har målregistret inga mål för året ännu säger brevet det. Kör om när de är levererade: samma dag får ingen två brev.
"""

from __future__ import annotations

from airflow.sdk import dag, get_current_context, task

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.moments import moment_of, moment_params, record_done
from arshjul.settings import load_settings


@dag(
    dag_id="goal_chain",
    dag_display_name="Målkedjan",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["mål", "nämnd"],
    params=moment_params(),
)
def goal_chain() -> None:
    @task(task_id="malkedja", task_display_name="Gå igenom målkedjan")
    def tell() -> str:
        from arshjul.orchestration.runs import RunKey
        from arshjul.orchestration.sweeps import tell_goals

        context = get_current_context()
        settings, dag_run = load_settings(), context["dag_run"]
        moment = moment_of(settings, dag_run.dag_id, context["params"])
        run = RunKey(dag_run.dag_id, dag_run.run_id, moment.period)
        return tell_goals(settings, run, int(moment.period[:4]), moment.day)

    @task(task_id="klar", task_display_name="Notera i årshjulet")
    def done(note: str) -> None:
        context = get_current_context()
        settings, dag_run = load_settings(), context["dag_run"]
        moment = moment_of(settings, dag_run.dag_id, context["params"])
        record_done(settings, dag_run.dag_id, dag_run.run_id, moment, note)

    done(tell())


goal_chain()
