"""Actions in a report: what is to be done, who answers for it, when it is due and how far it has come.

Source: BIN 2016-134, 5.2 (responsible for what is to improve) and 5.3 Klagomålshantering (requirements R73, R74, R87).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from arshjul.comparison.numbers import counted, number, swedish_date
from arshjul.prose.swedish import listed, sentence_case, swedish_order
from arshjul.registers.actions import Action
from arshjul.reports.blocks import Block, Cell, Column, Paragraph, Row, Table, plain
from arshjul.reports.chapters.complaints import MENDED
from arshjul.reports.facts import Facts, document_date
from arshjul.reports.figures import told


def state(action: Action, day: date) -> str:
    """How far an action has come, in words: late is said before anything else."""
    if action.is_done:
        when = swedish_date(action.done_on) if action.done_on else ""
        late = " (för sent)" if action.done_on and action.done_on > action.due else ""
        return f"Klar {when}{late}".strip()
    return "Försenad" if action.is_overdue(day) else action.status_title


def answers(action: Action) -> str:
    """Who answers for an action: the responsible, and the one who shares it."""
    return " och ".join(filter(None, (action.responsible, _lowered(action.co_responsible))))


def _lowered(function: str | None) -> str:
    """A function in the middle of a sentence; an abbreviation keeps its capitals."""
    if not function:
        return ""
    return function if function[:2].isupper() else function[:1].lower() + function[1:]


def actions_table(
    actions: Sequence[Action], day: date, table_id: str, title: str, *, sheet: str = "", has_source: bool = False
) -> Table:
    """Actions one below the other.

    Args:
        actions: In the order they are to stand.
        day: The day lateness is counted at.
        table_id: Stable name.
        title: Caption.
        sheet: Name of its sheet, where the caption is too long for one.
        has_source: Say what each comes from.
    """
    columns = [Column("Åtgärd", width=3)]
    columns += [Column("Källa", width=1.2)] if has_source else []
    columns += [Column("Ansvarig", width=1.7), Column("Klar senast", width=1.2), Column("Läge", width=1.7)]
    rows = []
    for one in actions:
        cells = [Cell(one.text)]
        cells += [Cell(one.source_title)] if has_source else []
        cells += [Cell(answers(one)), Cell(swedish_date(one.due)), Cell(state(one, day))]
        rows.append(Row(tuple(cells)))
    return Table(table_id, title, tuple(columns), tuple(rows), sheet=sheet or title)


def gathered_table(
    actions: Sequence[Action], day: date, table_id: str, title: str, names: Mapping[str, str], *, sheet: str = ""
) -> Table:
    """Actions by their wording: one that was decided with several providers, or more than once, stands in one row.

    Args:
        actions: In the order they are to stand; an action's first place is its row's.
        day: The day lateness is counted at.
        table_id: Stable name.
        title: Caption.
        names: Providers by number, to say with whom a dialogue's action was decided.
        sheet: Name of its sheet, where the caption is too long for one.
    """
    alike: dict[tuple[str, str, str], list[Action]] = {}
    for one in actions:
        alike.setdefault((one.text, one.source_title, answers(one)), []).append(one)
    rows = []
    for (words, source, responsible), found in alike.items():
        numbers = {one.source_id.partition("/")[0] for one in found if one.source == "dialog"}
        providers = sorted((names[number] for number in numbers if number in names), key=swedish_order)
        whom = f" Gäller {listed(providers).rstrip('.')}." if providers else ""
        due = [swedish_date(one.due) for one in sorted(found, key=lambda action: action.due)]
        when = due[0] if due[0] == due[-1] else f"{due[0]} till {due[-1]}"
        rows.append(
            Row((Cell(f"{words}{whom}"), Cell(source), Cell(responsible), Cell(when), Cell(_states(found, day))))
        )
    columns = (
        Column("Åtgärd", width=3),
        Column("Källa", width=1.2),
        Column("Ansvarig", width=1.7),
        Column("Klar senast", width=1.2),
        Column("Läge", width=1.7),
    )
    return Table(table_id, title, columns, tuple(rows), sheet=sheet or title)


def _states(alike: Sequence[Action], day: date) -> str:
    """How far actions of one wording have come: of one as it is, of several by count: ``3 klara (1 för sent)``."""
    if len(alike) == 1:
        return state(alike[0], day)
    done = [one for one in alike if one.is_done]
    tardy = sum(one.done_on is not None and one.done_on > one.due for one in done)
    overdue = sum(one.is_overdue(day) for one in alike)
    left = [one for one in alike if not one.is_done and not one.is_overdue(day)]
    parts = [f"{counted(len(done), 'klar', 'klara')}{f' ({tardy} för sent)' if tardy else ''}"] if done else []
    parts += [counted(overdue, "försenad", "försenade")] if overdue else []
    for title in dict.fromkeys(one.status_title.lower() for one in left):
        count = sum(one.status_title.lower() == title for one in left)
        parts.append(counted(count, title, "öppna" if title == "öppen" else title))
    return listed(parts)


def actions_sentence(actions: Sequence[Action], day: date) -> str:
    """Tell how many there are and how they stand: ``Av 5 åtgärder är 3 klara och 1 försenad.``"""
    if not actions:
        return "Inga åtgärder är beslutade."
    done = sum(one.is_done for one in actions)
    late = sum(one.is_overdue(day) for one in actions)
    going = len(actions) - done - late
    parts = [f"{done} klar{'a' if done != 1 else ''}"] if done else []
    parts += [f"{going} på gång"] if going else []
    parts += [f"{late} försenad{'e' if late != 1 else ''}"] if late else []
    if len(actions) == 1:
        return f"En åtgärd är beslutad; den är {parts[0].partition(' ')[2]}."
    if done == len(actions):
        return "Båda åtgärderna är klara." if done == 2 else f"Alla {number(done)} åtgärder är klara."
    return f"Av {counted(len(actions), 'åtgärd', 'åtgärder')} är {listed(parts)}."


def kinds_of_action(facts: Facts, actions: Iterable[Action]) -> list[Block]:
    """What has been done about deficiencies that complaints showed, for readers outside the house.

    An action comes of one person's complaint. It is told by what it changes, with no case, no day and no number; two with
    the same wording stand once, and none when the number of deficiencies is withheld.

    Args:
        facts: Of the months reported.
        actions: From :func:`arshjul.registers.actions.read_actions`.
    """
    day = document_date(facts)
    found = [
        one
        for one in actions
        if one.source == "klagomal"
        and one.decided <= facts.period.end
        and (one.decided >= facts.period.start or not one.is_done)
    ]
    deficiencies = facts.current.get(MENDED)
    is_withheld = deficiencies is not None and deficiencies.is_protected
    # Before it is said that there are none, too: that would tell that no deficiency has led to an action.
    if is_withheld or (found and told(facts.indicators[MENDED], deficiencies) is None):
        return [Paragraph(plain(_NOT_TOLD))]
    if not found:
        return [
            Paragraph(plain("Inga åtgärder som kommer av klagomål är beslutade under året eller kvar sedan tidigare."))
        ]
    kinds: dict[tuple[str, str], list[Action]] = {}
    for one in found:
        kinds.setdefault((one.text, answers(one)), []).append(one)
    rows = tuple(
        Row((Cell(text), Cell(responsible), Cell(_together(alike, day))))
        for (text, responsible), alike in sorted(kinds.items(), key=lambda pair: swedish_order(pair[0][0]))
    )
    return [
        Table(
            id="atgarder-klagomal",
            title="Åtgärder som kommer av klagomål",
            columns=(Column("Åtgärd", width=3.4), Column("Ansvarig", width=1.6), Column("Läge", width=1.2)),
            rows=rows,
            note="Åtgärder med samma lydelse står en gång. Ärendena bakom redovisas inte.",
            sheet="Åtgärder",
        )
    ]


_NOT_TOLD = (
    "Åtgärderna redovisas inte var för sig, eftersom det skulle kunna röja en person. "
    "Avdelningen följer de åtgärder som finns."
)


def _together(alike: Sequence[Action], day: date) -> str:
    if all(one.is_done for one in alike):
        return "Klar" if len(alike) == 1 else "Klara"
    if any(one.is_overdue(day) for one in alike):
        return "Försenad" if len(alike) == 1 else "Någon är försenad"
    return sentence_case(alike[0].status_title) if len(alike) == 1 else "På gång"
