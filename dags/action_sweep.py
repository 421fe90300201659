"""# Daglig genomgång av åtgärder

Startas varje dag av *Följ årshjulet*. Du kan också starta den för hand; det som du lämnar tomt hämtas ur årshjulet.

1. **Vilka har något som väntar?** Försenade åtgärder, föreningsbidrag vars rapport inte har kommit, avvikelser från budget
   som har stått tio dagar utan åtgärd, tjänstemannabesök utan minnesanteckningar eller analys efter den 30 september,
   förbättringsområden och brister utan åtgärd. Månadens första arbetsdag prövas också styrdokumenten: tomma fält, passerad
   aktualitetsprövning och hänvisningar som inte stämmer.
2. **Berätta för en funktion** om allt som väntar på den: samma dag som något nytt har tillkommit, annars en gång i veckan. En
   funktion som inte finns bland rollerna i `include/calendar/activities.yaml` får sitt brev hos datateamet. På lediga dagar
   skickas inget.
3. **Notera i årshjulet** att genomgången är gjord.

Kör gärna om: den som redan har fått dagens brev får inget till. Registren ändras aldrig härifrån: en åtgärd stängs genom att
den levereras med status klar och ett bevis.
"""

from __future__ import annotations

from airflow.sdk import dag, task

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.moments import moment_params, the_moment
from arshjul.settings import load_settings


@dag(
    dag_id="action_sweep",
    dag_display_name="Daglig genomgång av åtgärder",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["dag", "åtgärder"],
    params=moment_params(),
)
def action_sweep() -> None:
    step, began = the_moment()

    @task(task_id="funktioner", task_display_name="Vilka har något som väntar?")
    def roles() -> list[str]:
        from arshjul.orchestration.sweeps import roles_with_red

        return roles_with_red(load_settings(), step().moment.day)

    @task(task_id="beratta", task_display_name="Berätta för en funktion")
    def tell(role: str) -> bool:
        from arshjul.orchestration.sweeps import tell_role

        return tell_role(load_settings(), step(), role)

    # On most days somebody has nothing to be told of: the sweep is done all the same.
    @task(task_id="klar", task_display_name="Notera i årshjulet", trigger_rule="none_failed")
    def done() -> None:
        from arshjul.orchestration.moments import note_done

        note_done(load_settings(), step())

    found = roles()
    began >> found
    tell.expand(role=found) >> done()


action_sweep()
