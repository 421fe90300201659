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
5. **Rapporten** ritas som HTML, PDF, Word, Excel och CSV och fryses: från och med nu är varje byte bestämd.
6. **Granskning** och sedan **godkännande** görs av två olika personer, på exakt det innehållet. Den som avvisar skriver
   varför; kommentaren sparas och går till datateamet.
7. **Publicera och leverera** till varje mottagare, en gång, med kvittens. Har andra siffror lämnat huset sedan
   röjandekontrollen stannar publiceringen: kör om från *Röjandekontroll* (Clear).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from airflow.sdk import dag

from arshjul.orchestration.assets import ANORDNARDATA, TERTIALINDIKATORER, TERTIALRAPPORT, when_the_tertial_is_in
from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.line import report_of_the_year
from arshjul.orchestration.moments import day_of_data, day_param
from arshjul.orchestration.partitions import tertial_of


def _given_by_data(context: Mapping[str, Any]) -> dict[str, Any]:
    """The tertial that is in, and the day its last data came: this DAG is started by data and not by the årshjul."""
    played = context["params"]["day"]
    days = {"day": played} if played else day_of_data(context["triggering_asset_events"])
    return {"period": tertial_of(context["dag_run"]).key, **days}


@dag(
    dag_id="tertial_indicators",
    dag_display_name="Tertialets indikatorer till nämnden",
    schedule=when_the_tertial_is_in(ANORDNARDATA),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["tertial", "nämnd", "publicering"],
    params={"day": day_param()},
)
def tertial_indicators() -> None:
    assets = {"computed": [TERTIALINDIKATORER], "reported": [TERTIALRAPPORT]}
    report_of_the_year("tertialrapport", _given_by_data, **assets)


tertial_indicators()
