"""What was done and with what: customers and programmes, presence, places and lead times."""

from __future__ import annotations

from arshjul.comparison.distribution import distribution_of_change
from arshjul.reports import tables
from arshjul.reports.blocks import Block, Heading, Paragraph, plain
from arshjul.reports.facts import Facts
from arshjul.reports.figures import has_anything, main_period, nearest_stored, statement, undelivered

VOLUMES = ("kunder", "insatser", "nya_insatser", "anordnare_aktiva")
PROCESS = ("narvarograd", "kunder_per_coach", "kapacitetsutnyttjande", "tid_till_start", "kartlaggning_inom_14_dagar")


def volumes_chapter(facts: Facts) -> list[Block]:
    """Write the chapter on customers and programmes."""
    return [
        Heading("Kunder och insatser"),
        *([Paragraph(plain(missing))] if (missing := undelivered(facts, VOLUMES)) else []),
        *_spread(facts),
        tables.comparison(facts, VOLUMES, "volymer", "Kunder, insatser och anordnare", "Volymer"),
        *tables.filled(
            tables.per_breakdown(
                facts,
                ("kunder", "insatser", "nya_insatser"),
                "insatstyp",
                "volym-insats",
                "Volym per insats",
                "Volym per insats",
            )
        ),
    ]


def _spread(facts: Facts) -> list[Block]:
    """Whether most providers have got fewer customers although the total has risen, or the other way about."""
    then = nearest_stored(facts)
    stored = facts.stored(then) if then else None
    if then is None or stored is None:
        return []
    found = distribution_of_change(
        facts.indicators["kunder"],
        facts.current.get("kunder"),
        stored.get("kunder"),
        facts.current.by("kunder", "anordnare"),
        stored.by("kunder", "anordnare"),
    )
    if not found.compared or found.total is None:
        return []
    way = {1: "fler", 0: "lika många", -1: "färre"}[found.total]
    than = "som" if found.total == 0 else "än"
    lead = f"Kunderna är {way} {than} under {then.title}."
    return [Paragraph(plain(" ".join((lead, *found.sentences))))]


_TOLD = {"narvarograd": "Närvaron", "kapacitetsutnyttjande": "Beläggningen"}
"""What is told in words of resources; the table has the rest."""


def process_chapter(facts: Facts) -> list[Block]:
    """Write the chapter on resources and ways of working; one sentence when there is nothing to tell."""
    if not has_anything(facts, PROCESS):
        nothing = (
            undelivered(facts, PROCESS)
            or f"Det finns inga uppgifter om närvaro, platser eller ledtider för {facts.period.title}."
        )
        return [Heading("Resurser och arbetssätt"), Paragraph(plain(nothing))]
    known = [one for one in _TOLD if has_anything(facts, (one,))]
    told = " ".join(statement(facts, one, _TOLD[one], main_period(facts, one)) for one in known)
    return [
        Heading("Resurser och arbetssätt"),
        *([Paragraph(plain(told))] if told else []),
        tables.comparison(facts, PROCESS, "process", "Närvaro, beläggning och ledtider", "Resurser"),
        *tables.filled(
            tables.per_breakdown(
                facts,
                ("narvarograd", "kunder_per_coach", "kapacitetsutnyttjande"),
                "anordnare",
                "resurser-anordnare",
                "Närvaro och beläggning per anordnare",
                "Resurser per anordnare",
            )
        ),
    ]
