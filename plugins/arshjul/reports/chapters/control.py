"""How the board follows its work up: visits, quality reports, actions and internal control."""

from __future__ import annotations

from arshjul.comparison.numbers import number
from arshjul.reports import tables
from arshjul.reports.blocks import Block, Heading, Paragraph, plain
from arshjul.reports.facts import Facts
from arshjul.reports.figures import has_anything, main_period, statement, undelivered

VISITS = ("namndbesok_genomforda", "tjanstemannabesok_genomforda")
REPORTS = "kvalitetsrapporter_i_tid"
ACTIONS = "atgarder_i_tid"
CONTROL = "internkontroll_utan_avvikelse"


def control_chapter(facts: Facts) -> list[Block]:
    """Write the chapter; one sentence when there is nothing to tell."""
    measures = (*VISITS, REPORTS, ACTIONS, CONTROL)
    told = [indicator_id for indicator_id in measures if has_anything(facts, (indicator_id,))]
    if not told:
        nothing = (
            undelivered(facts, measures)
            or f"Inga besök, åtgärder eller kontroller finns att redovisa för {facts.period.title}."
        )
        return [Heading("Besök, åtgärder och internkontroll"), Paragraph(plain(nothing))]
    sentences = [_visits(facts)]
    for indicator_id, subject in (
        (REPORTS, "Andelen kvalitetsrapporter som kom in i tid"),
        (ACTIONS, "Andelen åtgärder som blev klara i tid"),
        (CONTROL, "Andelen internkontroller utan avvikelse"),
    ):
        if indicator_id in told:
            sentences.append(statement(facts, indicator_id, subject, main_period(facts, indicator_id)))
    return [
        Heading("Besök, åtgärder och internkontroll"),
        Paragraph(plain(" ".join(filter(None, sentences)))),
        tables.comparison(facts, told, "besok-atgarder", "Besök, åtgärder och kontroller", "Besök och kontroller"),
        *tables.filled(
            tables.per_breakdown(facts, (ACTIONS,), "kalla", "atgarder", "Åtgärder i tid, efter källa", "Åtgärder"),
            tables.per_breakdown(
                facts,
                (CONTROL,),
                "niva",
                "internkontroll",
                "Internkontroller utan avvikelse, per nivå",
                "Internkontroll",
            ),
        ),
    ]


def _visits(facts: Facts) -> str:
    """How many visits the board and its officials made."""
    if missing := undelivered(facts, VISITS):
        return f"Besöken går inte att redovisa. {missing}"
    board, officials = (facts.current.get(indicator_id) for indicator_id in VISITS)
    counts = [0 if one is None or one.value is None else int(one.value) for one in (board, officials)]
    if not any(counts):
        return f"Varken nämnden eller tjänstemännen gjorde några besök under {facts.period.title}."
    board_count, officials_count = ({0: "inga", 1: "ett"}.get(count, number(count)) for count in counts)
    return f"Nämnden gjorde {board_count} besök i verksamheterna och tjänstemännen {officials_count}."
