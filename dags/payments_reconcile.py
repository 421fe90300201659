"""# Utbetalningar mot utförda dagar

En gång i månaden, när utbetalningarna är inne, jämförs det som har betalats till varje anordnare med det som dagarna med
redovisad närvaro kostar. Avbrott och frånvaro räknas inte som utförda dagar. Räknesättet är indikatorns
(`ersattningsavvikelse`).

1. **Jämför** skriver i loggen hur varje anordnare står. Beloppen är inte skyddade: de stannar i huset.
2. **Berätta** skickar skillnaderna över toleransen (`include/registers/rules.yaml`) till den som ansvarar, en gång för
   perioden: anordnare, månad och belopp, aldrig en person. Finns inga skillnader skickas inget.
3. **Klart** noteras i årshjulet.

Kör gärna om: det brev som redan är skickat skickas inte igen.
"""

from __future__ import annotations

from airflow.sdk import dag, task

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.moments import moment_params, the_moment
from arshjul.settings import load_settings


@dag(
    dag_id="payments_reconcile",
    dag_display_name="Utbetalningar mot utförda dagar",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["utbetalningar", "kontroll"],
    params=moment_params(),
)
def payments_reconcile() -> None:
    step, began = the_moment()

    @task(task_id="jamfor", task_display_name="Jämför")
    def compare() -> dict[str, int]:
        from arshjul.orchestration.payments import compare_payments

        return compare_payments(load_settings(), step().moment.period)

    @task(task_id="beratta", task_display_name="Berätta om skillnaderna")
    def tell() -> bool:
        from arshjul.orchestration.payments import tell_differences

        return tell_differences(load_settings(), step())

    @task(task_id="klart", task_display_name="Notera i årshjulet")
    def done(found: dict[str, int]) -> None:
        from arshjul.orchestration.moments import note_done

        note = f"{found['jamforda']} jämförda, {found['avvikande']} över toleransen"
        note_done(load_settings(), step(), note)

    found = compare()
    began >> found >> tell() >> done(found)


payments_reconcile()
