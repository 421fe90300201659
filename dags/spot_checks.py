"""# Stickprov av utbetalningar

Ett slumpmässigt urval av varje månads utbetalningar granskas mot anordnarens närvarolistor. Varken anordnaren eller
handläggaren kan styra vad som dras:

1. **Utfäst nästa** gör ett hemligt tal för den månad som dagen ligger i och låser det i huvudboken, innan månadens leveranser
   ska vara inne. Bara talets kontrollsumma går att läsa; talet ligger krypterat under valvets nyckel.
2. **Dra det utfästa** fryser periodens utbetalningar, räknar fram fröet ur talet, underlaget och diarienumret, och drar. Varje
   anordnare är med, resten fördelas efter storlek, och den vars utbetalningar avviker räknas dubbelt. Databasen vägrar ett
   urval som utfästes för sent, och ett andra urval.
3. **Berätta** skickar hur många som ska granskas, och hur: `arshjul spot-check worklist`, `record` och `verify`.
4. **Klart** noteras i årshjulet när ett urval är draget. Utfästes inget för perioden dras inget, och det syns som missat.

Kör gärna om: det som är utfäst, draget och skickat görs inte en gång till.
"""

from __future__ import annotations

from airflow.sdk import dag, task

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.moments import moment_params, the_moment
from arshjul.settings import load_settings


@dag(
    dag_id="spot_checks",
    dag_display_name="Stickprov av utbetalningar",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["utbetalningar", "kontroll", "stickprov"],
    params=moment_params(),
)
def spot_checks() -> None:
    step, began = the_moment()

    @task(task_id="utfast", task_display_name="Utfäst nästa")
    def promise() -> bool:
        from arshjul.orchestration.spot_checks import promise_next

        return promise_next(load_settings(), step())

    @task(task_id="dra", task_display_name="Dra det utfästa")
    def draw() -> int:
        from arshjul.orchestration.spot_checks import draw_promised

        return draw_promised(load_settings(), step())

    @task(task_id="beratta", task_display_name="Berätta vad som ska granskas")
    def tell() -> bool:
        from arshjul.orchestration.spot_checks import tell_drawn

        return tell_drawn(load_settings(), step())

    @task(task_id="klart", task_display_name="Notera i årshjulet")
    def done(size: int) -> dict[str, int]:
        from arshjul.orchestration.moments import note_done
        from arshjul.orchestration.spot_checks import log_open

        if size:
            note_done(load_settings(), step(), f"{size} utbetalningar är dragna")
        return log_open(load_settings(), step().moment.year)

    size = draw()
    began >> promise() >> size >> tell() >> done(size)


spot_checks()
