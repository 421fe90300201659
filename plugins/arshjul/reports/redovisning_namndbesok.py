"""Redovisning av nämndbesök: what the board saw from September to May, told to the board in June.

One section for each visit that was made, what is to improve and who answers for it, and what is not written down yet.
Source: BIN 2016-134, 5.2 Nämndbesök and årshjul, June (requirements R69–R71, R79).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from arshjul.comparison.numbers import number, opening, swedish_date
from arshjul.periods import first_months
from arshjul.prose.swedish import listed
from arshjul.registers.actions import Action, read_actions
from arshjul.registers.objects import FollowUpObject, read_objects
from arshjul.registers.visits import Visit, board_season, read_visits
from arshjul.reports.blocks import (
    Block,
    Box,
    BulletList,
    Cell,
    Column,
    Document,
    Heading,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Row,
    Run,
    Table,
    Text,
    plain,
)
from arshjul.reports.chapters.actions_chapter import actions_sentence
from arshjul.reports.chapters.control import ACTIONS
from arshjul.reports.chapters.goals import goals_chapter
from arshjul.reports.chapters.human import written_chapter
from arshjul.reports.chapters.tjansteskrivelse import paper, proposal
from arshjul.reports.chapters.visits import LACKING, of_visit, visit_section, visits_table
from arshjul.reports.facts import document_date
from arshjul.reports.figures import statement
from arshjul.reports.report_type import Reading, ReportType, Section

CONCLUSIONS = Section("slutsatser", "Slutsatser", is_mandatory=False)

_NUMBERS = ("inga", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")


def redovisning_namndbesok(reading: Reading) -> Document:
    """Read visits, actions and objects, and write the report.

    The summers on both sides of the season are read too, so that a visit outside it is seen and not only left out.
    """
    as_of, year = reading.facts.current.as_of, reading.facts.period.year
    begins, _ = board_season(year)
    found = read_visits(reading.connection, as_of, date(begins.year, 6, 1), date(year, 8, 31))
    return visits_report(
        reading,
        [one for one in found if one.kind == "namndbesok"],
        read_actions(reading.connection, as_of),
        read_objects(reading.connection, as_of, year),
    )


def visits_report(
    reading: Reading, visits: Sequence[Visit], actions: Sequence[Action], objects: Sequence[FollowUpObject]
) -> Document:
    """Write the report.

    Args:
        reading: What it is written from.
        visits: The board's, in order of time, those outside the season too.
        actions: Every action.
        objects: Those there are in the year.
    """
    facts, day = reading.facts, document_date(reading.facts)
    begins, ends = board_season(facts.period.year)
    made = [one for one in visits if one.is_done]
    blocks: list[Block] = [
        proposal(),
        Heading("Sammanfattning"),
        Paragraph(_lead(made, begins, ends), is_lead=True),
        *_cards(made, actions, objects, day),
        *_bullets(visits, made, objects, actions, day),
        *_lacking(made),
    ]
    if made:
        blocks.append(visits_table(made, actions, "besok", "Nämndens besök"))
        blocks += [Heading("Besöken"), *(block for one in made for block in visit_section(one, actions, day))]
    blocks += _not_made(visits, day)
    blocks += _goals(reading)
    blocks += written_chapter(reading, CONCLUSIONS)
    blocks += [Heading("Så är redovisningen gjord"), BulletList(tuple(map(plain, _method(reading, begins, ends))))]
    span = f"{_month(begins)}–{_month(ends)}"
    return paper(
        reading,
        blocks,
        title=f"Redovisning av nämndbesök {begins.year}/{ends.year}",
        subtitle=f"Nämndens besök i verksamheterna, {span}",
        document_type="Redovisning av nämndbesök",
        description=f"Nämndens besök i arbetsmarknadsverksamheterna {span}, med analys, åtgärder och ansvariga.",
    )


def _month(day: date) -> str:
    return swedish_date(day).partition("\u00a0")[2]


def _worded(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else number(count)


def _lead(made: Sequence[Visit], begins: date, ends: date) -> Text:
    inside = [one for one in made if not one.is_outside_window]
    span = f"från {_month(begins)} till {_month(ends)}"
    if not inside:
        return plain(f"Nämnden gjorde inga besök i verksamheterna {span}.")
    places: dict[str, int] = {}
    for one in inside:
        places[one.object_name] = places.get(one.object_name, 0) + 1
    parts: list[Run] = [Run("Nämnden gjorde "), Run(f"{_worded(len(inside))} besök", "strong"), Run(f" {span}: ")]
    parts.append(Run(listed([f"{_worded(count)} hos {name}" for name, count in places.items()]) + "."))
    return tuple(parts)


def _cards(
    made: Sequence[Visit], actions: Sequence[Action], objects: Sequence[FollowUpObject], day: date
) -> list[Block]:
    if not made:
        return []
    found = [action for one in made for action in of_visit(actions, one)]
    done = sum(one.is_done for one in found)
    late = sum(one.is_overdue(day) for one in found)
    outside = sum(one.is_outside_window for one in made)
    beside = f"Dessutom {number(outside)} utanför perioden" if outside else ""
    cards = [
        KeyFigure(number(len(made) - outside), "besök", "genomförda av nämnden", beside),
        KeyFigure(
            number(len(found)),
            "åtgärd" if len(found) == 1 else "åtgärder",
            "för det som ska bli bättre",
            f"{number(done)} klar{'a' if done != 1 else ''}",
        ),
        KeyFigure(
            number(late), "försenad" if late == 1 else "försenade", "av åtgärderna", "", "missed" if late else "reached"
        ),
    ]
    owed = [one for one in objects if "namndbesok" in one.requires]
    if owed:
        seen = sum(one.object_id in {visit.object_id for visit in made} for one in owed)
        words = "verksamheter som ska besökas har besökts"
        cards.insert(
            1, KeyFigure(f"{seen} av {len(owed)}", "", words, "", "reached" if seen == len(owed) else "missed")
        )
    return [KeyFigures(tuple(cards))]


def _bullets(
    visits: Sequence[Visit],
    made: Sequence[Visit],
    objects: Sequence[FollowUpObject],
    actions: Sequence[Action],
    day: date,
) -> list[Block]:
    found: list[Text] = []
    if made:
        said = actions_sentence([action for one in made for action in of_visit(actions, one)], day)
        found.append((Run("Det som ska bli bättre:", "strong"), Run(f" {said}")))
    unseen = [
        one.name
        for one in objects
        if "namndbesok" in one.requires and one.object_id not in {visit.object_id for visit in made}
    ]
    if unseen:
        found.append((Run("Inte besökta:", "strong"), Run(f" {listed(unseen)}.")))
    outside = [f"{one.object_name} {swedish_date(one.day)}" for one in visits if one.is_outside_window]
    if outside:
        said = f" {listed(outside)}. Nämndens besök görs september–maj."
        found.append((Run("Utanför perioden:", "strong"), Run(said)))
    return [BulletList(tuple(found))] if found else []


def _lacking(made: Sequence[Visit]) -> list[Block]:
    rows = [
        plain(f"{one.object_name}, {swedish_date(one.day)}: {listed([LACKING[lack] for lack in one.lacks])}.")
        for one in made
        if one.lacks
    ]
    return [Box("Det här saknas", tuple(rows), "warning")] if rows else []


def _not_made(visits: Sequence[Visit], day: date) -> list[Block]:
    """Visits that were called off, and those whose day has passed without word of them."""
    rows = [one for one in visits if one.status == "installt" or (one.status == "planerat" and one.day < day)]
    if not rows:
        return []
    words = {"installt": "Inställt", "planerat": "Planerat, inte redovisat som genomfört"}
    told = opening(
        len(rows),
        "planerat besök är inställt eller inte redovisat",
        "planerade besök är inställda eller inte redovisade",
        "ett",
    )
    return [
        Heading("Besök som inte har blivit av"),
        Paragraph(plain(f"{told}.")),
        Table(
            id="inte-gjorda",
            title="Besök som inte har blivit av",
            columns=(Column("Dag"), Column("Verksamhet", width=2), Column("Läge", width=2)),
            rows=tuple(
                Row((Cell(swedish_date(one.day)), Cell(one.object_name), Cell(words.get(one.status, one.status))))
                for one in rows
            ),
            sheet="Inte genomförda",
        ),
    ]


def _goals(reading: Reading) -> list[Block]:
    """The goals that the visits follow up, with the values of the newest tertial that readers have been told of."""
    found = next(iter(reading.beside.values()), None)
    return goals_chapter(found) if found is not None else []


def _method(reading: Reading, begins: date, ends: date) -> list[str]:
    facts = reading.facts
    items = [
        (
            f"Redovisningen gäller besök från den {swedish_date(begins)} till den {swedish_date(ends)}. Besök sommaren före "
            "tas också med och märks."
        ),
        "Minnesanteckningarna är inte med, eftersom de kan handla om enskilda. Analysen är med som den har lämnats.",
        "Varje förbättringsområde är en åtgärd med ansvarig och slutdag, och följs upp tills den är klar.",
        statement(
            facts,
            ACTIONS,
            "Andelen åtgärder som blev klara i tid, från alla slags uppföljning,",
            facts.period.same_last_year,
            is_said=False,
        ),
    ]
    if reading.beside:
        title = next(iter(reading.beside.values())).period.title
        items.append(f"Målens utfall är det som har redovisats för {title}.")
    return items


REPORT = ReportType(
    id="redovisning_namndbesok",
    write=redovisning_namndbesok,
    sections=(CONCLUSIONS,),
    indicators=frozenset({ACTIONS}),
    beside=lambda period: (f"{period[:4]}-T1",),
    accepts=lambda period: period == first_months(period.year, 5),
)
