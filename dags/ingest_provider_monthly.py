"""# Månadens leveranser från anordnarna

Körs den 5:e varje månad för månaden före, eller när du startar den med en månad (`ÅÅÅÅ-MM`) som partition.

1. **Hämta** från de avsändare som levererar över HTTPS eller SFTP, var och en för sig. Går en server inte att nå tas de
   andras filer emot ändå, men månaden räknas inte som inläst, eftersom vi inte vet vad som fattas. Kör om steget (Clear) när
   servern är igång, eller låt avsändaren lägga filen i sin mapp, ta bort kanalen och starta månaden igen.
2. **Vilka har levererat?** Läser mapparna i landningen, en per organisationsnummer, och det som har hämtats.
3. **Kommunens register** tas emot först: de säger vilka anordnare som är auktoriserade.
4. **Varje anordnares leveranser** tas emot var för sig: filen arkiveras orörd, kontrolleras mot sitt kontrakt och läses in.
   Rader som inte går att använda hamnar i karantän; resten läses in. Avsändaren får en kvittens med skälen.
5. **Kontrollera** det som släpptes igenom. Ett stopp betyder att månaden inte räknas som inläst; det som är inläst ligger
   kvar.
6. **Månaden är inläst.** När alla fyra månader i ett tertial är det startar *Tertialets indikatorer till nämnden*.

Mellan körningarna tar *Bevaka leveranserna* emot det som kommer.

Kör en månad igen: starta flödet med samma månad. En fil som säger det som redan är känt ändrar ingenting. Historik:
`airflow backfill create --dag-id ingest_provider_monthly --from-date ÅÅÅÅ-MM-01 --to-date ÅÅÅÅ-MM-31`.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import dag, get_current_context, task

from arshjul.orchestration.assets import ANORDNARDATA, month_by_month
from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.moments import day_param
from arshjul.orchestration.partitions import month_of
from arshjul.orchestration.runs import RunKey
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
    params={"day": day_param()},
)
def ingest_provider_monthly() -> None:
    @task(task_id="kanaler", task_display_name="Vilka ska vi hämta från?")
    def channels() -> list[str]:
        from arshjul.orchestration.fetching import remote_channels

        return remote_channels(load_settings())

    # Two at a time: a slow server must not take all workers.
    @task(
        task_id="hamta",
        task_display_name="Hämta från en avsändares server",
        max_active_tis_per_dag=2,
        execution_timeout=timedelta(hours=1),
    )
    def fetch(channel: str) -> dict[str, int]:
        from arshjul.orchestration.fetching import fetch_month

        return fetch_month(load_settings(), _run(), channel)

    @task(task_id="avsandare", task_display_name="Vilka har levererat?", trigger_rule="all_done")
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
        from arshjul.orchestration.days import today
        from arshjul.orchestration.monthly import check_month

        check_month(load_settings(), _run(), today())

    @task(
        task_id="manaden_ar_inlast",
        task_display_name="Månaden är inläst",
        trigger_rule="none_failed",
        outlets=[ANORDNARDATA],
    )
    def month_is_in() -> None:
        """Tell Airflow that the month's partition is filled, and the årshjul that it is done."""
        from arshjul.orchestration.moments import moment_of, record_done

        context, settings, run = get_current_context(), load_settings(), _run()
        moment = moment_of(settings, run.dag_id, {"period": run.period, "day": context["params"]["day"]})
        context["outlet_events"][ANORDNARDATA].extra = {"day": moment.day.isoformat()}
        record_done(settings, run, moment, moment.day)

    fetched = fetch.expand(channel=channels())
    waiting = senders()
    received = receive.expand(sender=waiting)
    is_in = month_is_in()
    fetched >> waiting >> receive_registers() >> received >> check() >> is_in
    fetched >> is_in


ingest_provider_monthly()
