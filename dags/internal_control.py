"""# Internkontroll

Årets kontrollpunkter på tre nivåer, vad kontrollerna visade och vad som görs åt avvikelserna. Flödets egna kontroller är bevis
för de kontrollpunkter som de gäller. Görs i november.

Årshjulet startar flödet på sin dag. Du kan också starta det för hand; det som du lämnar tomt hämtas ur årshjulet.

Stegen är desamma som för tertialrapporten: jämför med det som är rapporterat, beräkna, kvalitetsgrind, röjandekontroll, rita
och frys, granskning och godkännande av två olika personer, publicera, leverera. Saknas en obligatorisk text stannar körningen
och säger vilken. När texten är på plats: kör om från *Rita och frys rapporten* (Clear).
"""

from __future__ import annotations

from airflow.sdk import dag

from arshjul.orchestration.defaults import DEFAULT_ARGS
from arshjul.orchestration.line import report_of_the_year
from arshjul.orchestration.moments import moment_params


@dag(
    dag_id="internal_control",
    dag_display_name="Internkontroll",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    doc_md=__doc__,
    tags=["internkontroll", "nämnd", "publicering"],
    params=moment_params(),
)
def internal_control() -> None:
    report_of_the_year("internkontrollrapport")


internal_control()
