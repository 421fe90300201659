"""What readers call the reports: on their pages, in the e-mails that bring them, in Airflow's forms."""

from __future__ import annotations

from collections.abc import Mapping

REPORT_TITLES: Mapping[str, str] = {
    "tertialrapport": "Tertialrapport",
    "delarsrapport": "Delårsrapport",
    "verksamhetsberattelse": "Verksamhetsberättelse",
    "kvalitetsrapport": "Kvalitetsrapport",
    "klagomalssammanstallning": "Klagomålssammanställning",
    "redovisning_namndbesok": "Redovisning av nämndbesök",
    "underlag_namndbesok": "Underlag till nämndbesök",
    "underlag_tjanstemannabesok": "Underlag till tjänstemannabesök",
    "internkontrollrapport": "Internkontrollrapport",
    "dialogunderlag": "Dialogunderlag",
}
"""Report id to title, in the order of the follow-up year's reports."""
