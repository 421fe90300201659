"""# Bevaka leveranserna

Körs var femtonde minut och tar emot det som har kommit, så att avsändaren får sin kvittens direkt. Det gäller också
rättelser och sena filer. Filer för en månad som inte har börjat får vänta.

1. **Hämta** från de avsändare som levererar över HTTPS (den pågående månaden och de tolv före) eller SFTP (allt i mappen).
   Det som är oförändrat hämtas inte igen. En server som inte går att nå berättas om med e-post en gång om dygnet.
2. **Ta emot** filerna som i *Månadens leveranser från anordnarna*: kommunens register först. En fil som någon har skrivit i
   under de senaste två minuterna får vänta till nästa gång.
3. **Kontrollera** de månader som filerna gällde. Vid ett stopp ligger det inlästa kvar; läs meddelandet i loggen.

Flödet säger aldrig att en månad är inläst: det gör bara *Månadens leveranser från anordnarna*.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import dag, get_current_context, task

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.fetching import running_month
from arshjul.orchestration.runs import RunKey
from arshjul.settings import load_settings

QUIET_SECONDS = 120


def _run() -> RunKey:
    dag_run = get_current_context()["dag_run"]
    return RunKey(dag_run.dag_id, dag_run.run_id, running_month(dag_run).key)


@dag(
    dag_id="watch_deliveries",
    dag_display_name="Bevaka leveranserna",
    schedule="*/15 * * * *",
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["löpande", "leveranser"],
)
def watch_deliveries() -> None:
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
        from arshjul.orchestration.fetching import fetch_recent

        return fetch_recent(load_settings(), _run(), channel, datetime.now(UTC))

    @task(task_id="avsandare", task_display_name="Vilka har levererat?", trigger_rule="all_done")
    def senders() -> list[str]:
        from arshjul.orchestration.monthly import waiting_senders

        return waiting_senders(load_settings(), _run(), QUIET_SECONDS)

    @task(task_id="ta_emot_register", task_display_name="Kommunens register")
    def receive_registers() -> dict[str, int]:
        from arshjul.orchestration.monthly import receive_from

        settings = load_settings()
        return receive_from(settings, _run(), settings.kommun_orgnr, QUIET_SECONDS)

    @task(task_id="ta_emot", task_display_name="En anordnares leveranser")
    def receive(sender: str) -> dict[str, int]:
        from arshjul.orchestration.monthly import receive_from

        return receive_from(load_settings(), _run(), sender, QUIET_SECONDS)

    @task(task_id="kontrollera", task_display_name="Kontrollera det inlästa", trigger_rule="none_failed")
    def check() -> None:
        from arshjul.orchestration.days import today
        from arshjul.orchestration.monthly import check_received

        check_received(load_settings(), _run(), today())

    # Without it the run would count as well when a server could not be reached: its last step would have gone well.
    done = EmptyOperator(task_id="klart", task_display_name="Allt är hämtat och mottaget", trigger_rule="none_failed")

    fetched = fetch.expand(channel=channels())
    waiting = senders()
    received = receive.expand(sender=waiting)
    fetched >> waiting >> receive_registers() >> received >> check() >> done
    fetched >> done


watch_deliveries()
