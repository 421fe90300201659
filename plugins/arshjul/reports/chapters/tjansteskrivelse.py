"""What makes a report a board paper: whom it is to, what the board is asked to decide, and who signs it.

Source: the sources' board papers (requirements R91–R93): proposal for decision first, signatures with title and unit last.
"""

from __future__ import annotations

from arshjul.catalogue.prose import load_wordings
from arshjul.catalogue.signatories import SIGNATORIES, UNIT
from arshjul.comparison.numbers import swedish_date, swedish_time
from arshjul.prose.counts import signed_by
from arshjul.prose.facts import Names
from arshjul.reports.blocks import Block, Box, Cell, Column, Document, Heading, Paragraph, Row, Table, plain
from arshjul.reports.facts import document_date
from arshjul.reports.report_type import Reading

BOARD = "Arbetsmarknadsnämnden"


def proposal(decision: str = f"{BOARD} noterar informationen till protokollet.") -> Box:
    """Write the proposal for decision.

    Args:
        decision: What the board is to decide, as a sentence.
    """
    return Box("Förslag till beslut", (plain(decision),))


def signatures_chapter(reading: Reading) -> list[Block]:
    """Write the place of the two signatures.

    The paper is frozen before anybody signs it, and the signature is bound to its very content: names and times therefore
    stand in the proof that goes with it, and the paper itself says in what capacity they sign.

    Args:
        reading: Of the report.

    Raises:
        CatalogueError: The wording is wrong.
    """
    wording = load_wordings(reading.include).at(reading.facts.period)
    functions = Names("underskrifter", "ordningen för underskrifter", tuple(one.title for one in SIGNATORIES))
    rows = tuple(Row((Cell(one.title), Cell(one.unit), Cell(one.meaning))) for one in SIGNATORIES)
    return [
        Heading("Underskrifter"),
        Paragraph(
            plain(
                f"{signed_by(wording, functions).text} Underskrifterna är elektroniska och gäller exakt det här innehållet. "
                "Namn och tid står i det bevis som följer med rapporten."
            )
        ),
        Table(
            id="underskrifter",
            title="De som skriver under",
            columns=(
                Column("Funktion", width=1.5),
                Column("Enhet", width=2),
                Column("Underskriften betyder", width=2.5),
            ),
            rows=rows,
            sheet="Underskrifter",
        ),
    ]


def paper(
    reading: Reading,
    blocks: list[Block],
    *,
    title: str,
    subtitle: str,
    document_type: str,
    description: str,
    to: str = BOARD,
    head: tuple[tuple[str, str], ...] = (),
) -> Document:
    """Put a report's parts together under the head that all board papers have.

    Args:
        reading: What it is written from.
        blocks: Its content.
        title: What it is.
        subtitle: What it covers.
        document_type: As registered.
        description: One sentence for the files' metadata.
        to: Whom it is to.
        head: More lines of the head, after the usual ones.
    """
    day = document_date(reading.facts)
    return Document(
        title=title,
        subtitle=subtitle,
        municipality=reading.municipality,
        unit=UNIT,
        document_type=document_type,
        date=day,
        description=description,
        keywords=(document_type.lower(), "arbetsmarknadsinsatser", reading.facts.period.key),
        head=(
            ("Till", to),
            ("Från", UNIT),
            ("Datum", swedish_date(day)),
            ("Uppgifterna hämtade", swedish_time(reading.facts.current.as_of)),
            *head,
            *([("Status", "Utkast, inte godkänt")] if reading.is_draft and "Status" not in dict(head) else []),
        ),
        blocks=tuple(blocks),
    )
