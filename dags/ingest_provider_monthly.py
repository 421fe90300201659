"""# Månadens leveranser från anordnarna

Körs den 5:e varje månad för månaden före, eller när du startar den med en månad (`ÅÅÅÅ-MM`) som partition.

1. **Vilka har levererat?** Läser mapparna i landningen, en per organisationsnummer.
2. **Kommunens register** tas emot först: de säger vilka anordnare som är auktoriserade.
3. **Varje anordnares leveranser** tas emot var för sig: filen arkiveras orörd, kontrolleras mot sitt kontrakt och läses in.
   Rader som inte går att använda hamnar i karantän; resten läses in. Avsändaren får en kvittens med skälen.
4. **Kontrollera** det som släpptes igenom. Ett stopp betyder att månaden inte räknas som inläst; det som är inläst ligger
   kvar.
5. **Månaden är inläst.** När alla fyra månader i ett tertial är det startar *Tertialets indikatorer till nämnden*.

Kör en månad igen: starta flödet med samma månad. En fil som säger det som redan är känt ändrar ingenting. Historik:
`airflow backfill create --dag-id ingest_provider_monthly --from-date ÅÅÅÅ-MM-01 --to-date ÅÅÅÅ-MM-31`.
"""

from __future__ import annotations

from airflow.sdk import dag, get_current_context, task

from arshjul.orchestration.assets import ANORDNARDATA, month_by_month
from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.partitions import month_of
from arshjul.orchestration.tertial import RunKey
from arshjul.settings import load_settings


def _run() -> RunKey:
    dag_run = get_current_context()["dag_run"]
    return RunKey(dag_run.dag_id, dag_run.run_id, month_of(dag_run).key)


@dag(
    dag_id="ingest_provider_monthly",
    dag_display_name="Månadens leveranser från anordnarna",
    schedule=month_by_month("0 6 5 * *"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["månad", "leveranser"],
)
def ingest_provider_monthly() -> None:
    @task(task_id="avsandare", task_display_name="Vilka har levererat?")
    def senders() -> list[str]:
        from arshjul.orchestration.monthly import waiting_senders

        return waiting_senders(load_settings(), _run())

    @task(task_id="ta_emot_register", task_display_name="Kommunens register")
    def receive_registers() -> dict[str, int]:
        from arshjul.orchestration.monthly import receive_from

        settings = load_settings()
        return receive_from(settings, _run(), settings.kommun_orgnr)

    @task(task_id="ta_emot", task_display_name="En anordnares leveranser")
    def receive(sender: str) -> dict[str, int]:
        from arshjul.orchestration.monthly import receive_from

        return receive_from(load_settings(), _run(), sender)

    @task(task_id="kontrollera", task_display_name="Kontrollera det inlästa", trigger_rule="none_failed")
    def check() -> None:
        from datetime import UTC, datetime

        from arshjul.orchestration.monthly import check_month

        check_month(load_settings(), _run(), datetime.now(UTC).date())

    @task(task_id="manaden_ar_inlast", task_display_name="Månaden är inläst", outlets=[ANORDNARDATA])
    def month_is_in() -> None:
        """Tell Airflow that the month's partition is filled."""

    waiting = senders()
    received = receive.expand(sender=waiting)
    waiting >> receive_registers() >> received >> check() >> month_is_in()


ingest_provider_monthly()
