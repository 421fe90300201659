"""# Påminnelser om leveranser

Körs varje arbetsdag klockan 08.00. Helgdagar och aftnar händer ingenting.

1. **Så står det till** skriver i loggen vad varje avsändare ska leverera, till när, och om det har kommit i tid, kom för sent,
   väntas eller saknas. Hela bilden ger `arshjul status`.
2. **Vilka ska påminnas?** Registret säger vilka anordnare som är auktoriserade, kontrakten vad de ska leverera och till
   när, och `include/calendar/deliveries.yaml` vilka dagar som är flyttade. En fil som ligger i landningen och väntar på
   att läsas in räknas som levererad.
3. **En avsändares påminnelse** är ett enda brev om allt som saknas: två arbetsdagar före sista dagen, första arbetsdagen
   efter, och sedan varje vecka så länge ingenting användbart har kommit. Datateamet får kopia på det som är försenat. För
   kommunens egna datamängder går brevet till datateamet.

Kör gärna om: den som redan har fått dagens brev får inget till. Misslyckas ett brev stoppar det inte de andra. Läs i
loggen varför, rätta adressen i registret om det är den det gäller, och kör om delen (Clear).
"""

from __future__ import annotations

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.settings import load_settings


@dag(
    dag_id="remind_senders",
    dag_display_name="Påminnelser om leveranser",
    schedule=CronTriggerTimetable("0 8 * * 1-5", timezone="Europe/Stockholm"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["dag", "leveranser"],
)
def remind_senders() -> None:
    @task(task_id="lage", task_display_name="Så står det till")
    def deliveries() -> dict[str, int]:
        from arshjul.orchestration.days import today
        from arshjul.orchestration.reminders import tell_deliveries

        return tell_deliveries(load_settings(), today())

    @task(task_id="avsandare", task_display_name="Vilka ska påminnas?")
    def senders() -> list[str]:
        from arshjul.orchestration.days import today
        from arshjul.orchestration.reminders import senders_to_remind

        return senders_to_remind(load_settings(), today())

    @task(task_id="paminn", task_display_name="En avsändares påminnelse")
    def remind(sender: str) -> bool:
        from arshjul.orchestration.days import today
        from arshjul.orchestration.reminders import remind_sender

        dag_run = get_current_context()["dag_run"]
        return remind_sender(load_settings(), dag_run.dag_id, dag_run.run_id, sender, today())

    waiting = senders()
    deliveries() >> waiting
    remind.expand(sender=waiting)


remind_senders()
