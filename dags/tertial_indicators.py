"""# Tertialets indikatorer till nämnden

Startar av sig själv när tertialets fjärde månad är inläst.

1. **Jämför** det som redan är rapporterat med det som är känt nu: en siffra som har ändrats blir en revidering av sig
   själv, med orsakerna (`arshjul revisions` visar dem).
2. **Beräkna** alla indikatorer, med det som är känt just nu.
3. **Kvalitetsgrinden** kontrollerar underlag och värden. Ett stopp betyder att ingenting publiceras; det som är inläst
   ligger kvar. Läs meddelandet i loggen: det säger vad som är fel och vad du ska göra. Rätta och kör om från *Beräkna*
   (Clear), eller begär ett undantag i flödet *Undantag från en kontroll*.
4. **Röjandekontrollen** gör den tabell som läsarna får se: uppgifter om få personer döljs, och så många till att de inte
   går att räkna fram, inte heller med det som redan har publicerats eller exporterats. Ett stopp betyder att ingenting
   visas.
5. **Rapporten** ritas som HTML, PDF, Excel och CSV och fryses: från och med nu är varje byte bestämd.
6. **Granskning** och sedan **godkännande** görs av två olika personer, på exakt det innehållet. Den som avvisar skriver
   varför; kommentaren sparas och går till datateamet.
7. **Publicera och leverera** till varje mottagare, en gång, med kvittens. Har andra siffror lämnat huset sedan
   röjandekontrollen stannar publiceringen: kör om från *Röjandekontroll* (Clear).
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, get_current_context, task

from arshjul.orchestration.approval import Approval
from arshjul.orchestration.assets import ANORDNARDATA, TERTIALINDIKATORER, TERTIALRAPPORT, when_the_tertial_is_in
from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.partitions import STOCKHOLM, tertial_of
from arshjul.orchestration.tertial import RunKey
from arshjul.settings import load_settings


def _run() -> RunKey:
    dag_run = get_current_context()["dag_run"]
    return RunKey(dag_run.dag_id, dag_run.run_id, tertial_of(dag_run).key, dag_run.triggering_user_name or "")


@dag(
    dag_id="tertial_indicators",
    dag_display_name="Tertialets indikatorer till nämnden",
    schedule=when_the_tertial_is_in(ANORDNARDATA),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["tertial", "nämnd", "publicering"],
)
def tertial_indicators() -> None:
    @task(task_id="revidera", task_display_name="Jämför med det som är rapporterat")
    def revise() -> None:
        from arshjul.orchestration.tertial import revise_periods

        revise_periods(load_settings(), _run())

    @task(task_id="berakna", task_display_name="Beräkna indikatorerna")
    def compute() -> int:
        from arshjul.orchestration.tertial import compute_period

        return compute_period(load_settings(), _run())

    @task(task_id="kvalitetsgrind", task_display_name="Kvalitetsgrinden", outlets=[TERTIALINDIKATORER])
    def gate(computation_id: int) -> None:
        from datetime import datetime

        from arshjul.orchestration.tertial import pass_gate

        pass_gate(load_settings(), _run(), computation_id, datetime.now(STOCKHOLM).date())

    @task(task_id="skydda", task_display_name="Röjandekontroll")
    def protect(computation_id: int) -> int:
        from arshjul.orchestration.tertial import protect_figures

        return protect_figures(load_settings(), _run(), computation_id)

    @task(task_id="frys_rapporten", task_display_name="Rita och frys rapporten")
    def freeze(protection_id: int) -> dict[str, Any]:
        from arshjul.orchestration.tertial import freeze_report

        return freeze_report(load_settings(), _run(), protection_id)

    @task(task_id="publicera", task_display_name="Publicera")
    def publish(package: dict[str, Any]) -> int:
        from arshjul.orchestration.tertial import release

        return release(load_settings(), _run(), package)

    @task(task_id="mottagare", task_display_name="Vilka som ska ha rapporten")
    def recipients() -> list[str]:
        from arshjul.orchestration.tertial import recipients_of

        return recipients_of(load_settings())

    @task(task_id="leverera", task_display_name="Leverera")
    def deliver(publication_id: int, recipient_id: str) -> str:
        from arshjul.orchestration.tertial import hand_over

        return hand_over(load_settings(), publication_id, recipient_id)

    @task(task_id="klart", task_display_name="Tertialet är rapporterat", outlets=[TERTIALRAPPORT])
    def done() -> None:
        """Say that the report has reached everybody."""

    computation = compute()
    passed = gate(computation)
    protection = protect(computation)
    package = freeze(protection)
    review = Approval(task_id="granska", title="Granskning", step="granskning", package=package)
    approval = Approval(task_id="godkann", title="Godkännande", step="godkannande", package=package)
    publication = publish(package)
    delivered = deliver.partial(publication_id=publication).expand(recipient_id=recipients())
    revise() >> computation
    passed >> protection
    package >> review >> approval >> publication
    delivered >> done()


tertial_indicators()
