"""A nought that nobody has told: what stands on a dataset that was never delivered for the period has no value.

No complaint is a good year; no delivery of complaints is no knowledge at all. The computed values are the contract's and
stand as they are (spec/indicators.md); it is the reader who is told that there is none (trap T8, requirement R58).
"""

from __future__ import annotations

from collections.abc import Mapping

from arshjul.comparison.values import PublicValue

ALL_OF: Mapping[str, tuple[str, ...]] = {"ersattningsavvikelse": ("utbetalningar", "narvaro")}
"""Measures that compare two datasets: without one of them the other alone would be taken for the difference."""

NOUGHT_OF: Mapping[str, str] = {
    "anordnare_aktiva": "insatser",
    "insatser": "insatser",
    "kapacitetsutnyttjande": "insatser",
    "kostnad_per_lyckat_avslut": "utbetalningar",
    "kunder": "insatser",
    "kunder_per_coach": "insatser",
    "kursutvardering_tackning": "kursutvarderingar",
    "kvalitetsrapporter_i_tid": "kvalitetsrapporter",
    "namndbesok_genomforda": "besok",
    "narvarograd": "narvaro",
    "nya_insatser": "insatser",
    "svarsfrekvens": "kundenkat_inbjudningar",
    "synpunkter_inkomna": "synpunkter",
    "tjanstemannabesok_genomforda": "besok",
    "trappmatning_tackning": "trappsteg",
    "uppfoljning_tackning_3m": "uppfoljningar",
    "uppfoljning_tackning_6m": "uppfoljningar",
    "uppfoljning_tackning_12m": "uppfoljningar",
}
"""The dataset whose rows are what is counted: anything but a nought shows that it was told, if in another month's file."""

_NOTHING_OF: Mapping[str, str] = {
    "besok": "inga besök",
    "insatser": "inga insatser",
    "kundenkat_inbjudningar": "inga inbjudningar till kundenkäten",
    "kursutvarderingar": "inga kursutvärderingar",
    "kvalitetsrapporter": "inga kvalitetsrapporter",
    "narvaro": "ingen närvaro",
    "synpunkter": "inga synpunkter",
    "trappsteg": "inga steg på trappan",
    "uppfoljningar": "inga uppföljningar",
    "utbetalningar": "inga utbetalningar",
}


def find_undelivered(totals: Mapping[str, PublicValue], delivered: frozenset[str]) -> dict[str, str]:
    """Find the measures whose nought is nobody's word, and say what is missing.

    A withheld value is left alone: that it is withheld is what a reader may know of it.

    Args:
        totals: The public total of every measure of the period.
        delivered: The datasets that anything was delivered of for the period.

    Returns:
        By measure, words that follow "uppgift saknas:" such as ``inga utbetalningar har lämnats för perioden``.
    """
    found: dict[str, str] = {}
    for indicator_id, value in totals.items():
        missing = [one for one in ALL_OF.get(indicator_id, ()) if one not in delivered]
        dataset = NOUGHT_OF.get(indicator_id)
        if dataset is not None and dataset not in delivered and not value.numerator:
            missing = [dataset]
        if missing and not value.is_protected:
            found[indicator_id] = f"{_NOTHING_OF[missing[0]]} har lämnats för perioden"
    return found
