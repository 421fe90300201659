"""# Budgetavvikelser

Startas varje månad av *Följ årshjulet*, när ekonomin för månaden ska ha kommit. Du kan också starta flödet för hand; det som du
lämnar tomt hämtas ur årshjulet.

1. **Jämför utfall med budget** för årets månader till och med den som körningen gäller. En månad hos ett uppföljningsobjekt är
   en avvikelse när den ligger längre från budget än både procenten och beloppet i `include/registers/deviations.yaml`. Brevet
   till den ansvariga, den medansvariga och kommunstyrelsen säger vilka de är, vad som görs åt dem och senast när en åtgärd ska
   vara beslutad.
2. **Notera i årshjulet** att månaden är genomgången.

En avvikelse har samma beteckning varje gång (`ekonomi/OBJ-12/2026-03`): en åtgärd hör till den genom att ange den som källans id.
Den som har stått tio dagar utan åtgärd blir röd, och den dagliga genomgången påminner. Kör gärna om: ingen får två brev.
"""

from __future__ import annotations

from airflow.sdk import dag, task

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.moments import moment_params, the_moment
from arshjul.settings import load_settings


@dag(
    dag_id="budget_deviations",
    dag_display_name="Budgetavvikelser",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["månad", "ekonomi"],
    params=moment_params(),
)
def budget_deviations() -> None:
    step, began = the_moment()

    @task(task_id="avvikelser", task_display_name="Jämför utfall med budget")
    def tell() -> int:
        from arshjul.orchestration.sweeps import tell_deviations

        return tell_deviations(load_settings(), step())

    @task(task_id="klar", task_display_name="Notera i årshjulet")
    def done(deviations: int) -> None:
        from arshjul.orchestration.moments import note_done

        note_done(load_settings(), step(), f"Avvikelser i år: {deviations}.")

    told = tell()
    began >> told
    done(told)


budget_deviations()
