"""# Statistik från Kolada och SCB

Går en gång i månaden, eller när du startar den. Kolada och SCB hämtas var för sig: faller den ena går den andra vidare.

1. **Hämta** allt som är valt i `include/statistics`. Varje svar arkiveras orört innan det läses. Kommer inte alla svar, eller
   är något annat än det som efterfrågades, läses ingenting in. En tjänst som är nere försöker flödet nå igen.
2. **Läs in** från det arkiverade, utan nät. Ett reviderat värde blir en ny version; den gamla finns kvar. En känd cell måste
   finnas och stämma, annars stoppas inläsningen.
3. **Vad ändrades?** Nya celler, reviderade (från och till) och sådana som tjänsten inte längre har står i stegets logg.
   Samma sak, och vilka serier som har upphört eller tystnat, visar `arshjul statistics`.

Ange källan när siffrorna används: ”Källa: Kolada” och ”Källa: SCB”. Egna beräkningar får inte tillskrivas dem.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task

from arshjul.orchestration.assets import STATISTIK
from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.settings import load_settings


@dag(
    dag_id="fetch_statistics",
    dag_display_name="Statistik från Kolada och SCB",
    schedule=CronTriggerTimetable("0 5 20 * *", timezone="Europe/Stockholm"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["månad", "statistik"],
)
def fetch_statistics() -> None:
    for source, title in (("kolada", "Kolada"), ("scb", "SCB")):

        @task(
            task_id=f"hamta_{source}",
            task_display_name=f"Hämta från {title}",
            execution_timeout=timedelta(hours=1),
            retry_delay=timedelta(minutes=10),
            max_retry_delay=timedelta(hours=1),
        )
        def fetch(source: str) -> int:
            from arshjul.orchestration.statistics import fetch_source

            dag_run = get_current_context()["dag_run"]
            return fetch_source(load_settings(), dag_run.dag_id, dag_run.run_id, source)

        @task(task_id=f"las_in_{source}", task_display_name=f"Läs in {title}", outlets=[STATISTIK[source]])
        def load(fetch_id: int) -> int:
            from arshjul.orchestration.statistics import load_fetch

            return load_fetch(load_settings(), fetch_id)

        @task(task_id=f"skillnad_{source}", task_display_name=f"Vad ändrades hos {title}?")
        def difference(source: str, fetch_id: int) -> dict[str, int]:
            from arshjul.orchestration.statistics import tell_difference

            return tell_difference(load_settings(), source, fetch_id)

        difference(source, load(fetch(source)))


fetch_statistics()
