"""# Följ årshjulet

Körs varje dag klockan 06.00. Aktiviteter, ansvariga och regler står i `include/calendar/activities.yaml`; dagarna räknas i
arbetsdagar bakåt från de sammanträden som är registrerade. `arshjul calendar` visar hela året.

1. **Vilka moment börjar?** Varje aktivitet vars dag har kommit, som inte är klar, inte redan är startad och inte väntar på
   en annan. Det som är försenat startas också.
2. **Starta momentets flöde**, en gång: körningen heter som momentet (`klagomal__2026`), och finns den redan hoppas den över.
   Ett flöde som inte går att starta stoppar inte de andra.
3. **Påminn en ansvarig**: ett brev om dagen till varje roll, till funktionens adress. Det som inte kunde skickas i går
   skickas i dag. På lediga dagar skickas inget.
4. **Vad blev inte av?** Det som har missats berättas för datateamet, en gång för varje moment. Det gäller också den dagliga
   genomgången av åtgärder, om den har tystnat.

Kör gärna om: den som redan har fått dagens brev får inget till. Ett år går att spela upp: starta flödet med en dag i taget.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.moments import day_param, swedish_day
from arshjul.orchestration.runs import RunKey
from arshjul.settings import load_settings


def _run() -> RunKey:
    dag_run = get_current_context()["dag_run"]
    return RunKey(dag_run.dag_id, dag_run.run_id, "")


def _day() -> date:
    # Not settled for the run: what is tried again after midnight looks at the year as it stands then, and the next morning's
    # run finds what has been sent.
    return swedish_day(get_current_context()["params"])


@dag(
    dag_id="follow_the_year",
    dag_display_name="Följ årshjulet",
    schedule=CronTriggerTimetable("0 6 * * *", timezone="Europe/Stockholm"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["dag", "årshjul"],
    params={"day": day_param()},
)
def follow_the_year() -> None:
    @task(task_id="moment", task_display_name="Vilka moment börjar?")
    def begin() -> list[dict[str, Any]]:
        from arshjul.orchestration.follow_year import moments_that_begin

        return moments_that_begin(load_settings(), _day())

    @task(task_id="notera", task_display_name="Notera vad som är startat")
    def note(starts: list[dict[str, Any]]) -> int:
        from arshjul.orchestration.follow_year import note_started

        return note_started(load_settings(), _run(), starts)

    @task(task_id="roller", task_display_name="Vilka ska påminnas?")
    def roles() -> list[str]:
        from arshjul.orchestration.follow_year import roles_to_remind

        return roles_to_remind(load_settings(), _day())

    @task(task_id="paminn", task_display_name="Påminn en ansvarig")
    def remind(role: str) -> bool:
        from arshjul.orchestration.follow_year import remind_role

        return remind_role(load_settings(), _run(), role, _day())

    @task(task_id="vakten", task_display_name="Vad blev inte av?")
    def watch() -> int:
        from arshjul.orchestration.follow_year import tell_missed

        return tell_missed(load_settings(), _run(), _day())

    begun = begin()
    started = TriggerDagRunOperator.partial(
        task_id="starta",
        task_display_name="Starta momentets flöde",
        logical_date=None,
        skip_when_already_exists=True,
    ).expand_kwargs(begun)
    noted = note.override(trigger_rule="none_failed")(begun)
    started >> noted
    remind.expand(role=roles())
    watch()


follow_the_year()
