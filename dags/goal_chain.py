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

from airflow.sdk import dag, task

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.moments import moment_params, the_moment
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
    step, began = the_moment()

    @task(task_id="malkedja", task_display_name="Gå igenom målkedjan")
    def tell() -> str:
        from arshjul.orchestration.sweeps import tell_goals

        return tell_goals(load_settings(), step())

    @task(task_id="klar", task_display_name="Notera i årshjulet")
    def done(note: str) -> None:
        from arshjul.orchestration.moments import note_done

        note_done(load_settings(), step(), note)

    told = tell()
    began >> told
    done(told)


goal_chain()
