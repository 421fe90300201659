"""# Uppföljning efter avslutad insats

Den som har nått egen försörjning ska följas upp tre, sex och tolv månader efter avslutet. Flödet körs en gång i månaden.

1. **Så står det till** skriver i loggen hur många som skulle ha följts upp i perioden, hos vem, och hur det gick. Den som
   inte har följts upp visas som saknad och räknas aldrig som ett lyckat resultat.
2. **En anordnares lista** skickas till varje anordnare som inte har berättat: anordnarens egna nummer på insatserna och
   vilken dag det gäller. Bara det som har förfallit de senaste månaderna är med (`include/registers/rules.yaml`).
3. **Klart** noteras i årshjulet.

Kör gärna om: den som redan har fått periodens brev får inget till. Misslyckas ett brev stoppar det inte de andra.
"""

from __future__ import annotations

from airflow.sdk import dag, task

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.moments import moment_params, the_moment
from arshjul.settings import load_settings


@dag(
    dag_id="effect_followup",
    dag_display_name="Uppföljning efter avslutad insats",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["uppföljning", "anordnare"],
    params=moment_params(),
)
def effect_followup() -> None:
    step, began = the_moment()

    @task(task_id="lage", task_display_name="Så står det till")
    def standing() -> dict[str, int]:
        from arshjul.orchestration.effects import tell_followups

        return tell_followups(load_settings(), step().moment.period)

    @task(task_id="anordnare", task_display_name="Vilka ska frågas?")
    def providers() -> list[str]:
        from arshjul.orchestration.effects import providers_to_ask

        return providers_to_ask(load_settings(), step().moment.period)

    @task(task_id="fraga", task_display_name="En anordnares lista")
    def ask(provider: str) -> bool:
        from arshjul.orchestration.effects import ask_provider

        return ask_provider(load_settings(), step(), provider)

    @task(task_id="klart", task_display_name="Notera i årshjulet", trigger_rule="none_failed")
    def done(found: dict[str, int]) -> None:
        from arshjul.orchestration.moments import note_done

        note = f"{found['skulle_foljas_upp']} skulle följas upp, {found['saknas']} saknas"
        note_done(load_settings(), step(), note)

    found, asked = standing(), providers()
    began >> [found, asked]
    ask.expand(provider=asked) >> done(found)


effect_followup()
