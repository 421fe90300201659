"""What providers said in the year's dialogues: success factors and areas to improve, theme by theme.

A theme is told with how many providers raised it, in words and in numbers, and with what they said; never who said it.
Source: Kvalitetsrapport 2018, Nacka, "Framgångsfaktorer enligt anordnarna", "Förbättringsområden" (requirements R80, R81).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from arshjul.comparison.numbers import MISSING, number
from arshjul.prose.swedish import sentence_case, swedish_order
from arshjul.registers.dialogue import (
    DialogueProvider,
    Kind,
    Theme,
    dialogue_providers,
    dialogue_statements,
    dialogue_themes,
)
from arshjul.registers.dialogue import Statement as Said
from arshjul.reports import tables
from arshjul.reports.blocks import Block, Cell, Column, Heading, Paragraph, Row, Table, plain
from arshjul.reports.report_type import Reading

_MOST_QUOTED = 4
_NAMES: dict[Kind, str] = {"framgangsfaktor": "framgångsfaktorer", "forbattringsomrade": "förbättringsområden"}


@dataclass(frozen=True)
class Dialogues:
    """A year's dialogues.

    Attributes:
        year: The year they were held.
        providers: Those it is to be held with.
        themes: What was raised, with counts.
        said: Everything that was said.
    """

    year: int
    providers: tuple[DialogueProvider, ...]
    themes: tuple[Theme, ...]
    said: tuple[Said, ...]

    @property
    def held(self) -> int:
        """With how many the dialogue has been held."""
        return sum(one.held is not None for one in self.providers)

    def of(self, kind: Kind) -> tuple[Theme, ...]:
        """The themes of one kind, the most common first."""
        return tuple(one for one in self.themes if one.kind == kind)


def read_dialogues(reading: Reading, year: int) -> Dialogues:
    """Read a year's dialogues as known when the report's figures were pinned."""
    connection, as_of = reading.connection, reading.facts.current.as_of
    providers = dialogue_providers(connection, as_of, year)
    said = (one for provider in providers for one in dialogue_statements(connection, as_of, year, provider.provider))
    return Dialogues(year, providers, dialogue_themes(connection, as_of, year), tuple(said))


def themes_chapter(
    dialogues: Dialogues,
    kind: Kind,
    heading: str,
    sentence: Callable[[Theme], str],
    how_many: Callable[[Theme], str],
) -> list[Block]:
    """Write one kind of theme as a table, the most common first; one sentence when none was raised.

    Args:
        dialogues: Of the year.
        kind: Success factors or areas to improve.
        heading: The chapter's.
        sentence: Tells how many raised a theme, by the stated rule for such words.
        how_many: The same as it stands in a table.
    """
    themes = dialogues.of(kind)
    if not themes:
        nothing = f"Inga {_NAMES[kind]} togs upp i dialogerna {dialogues.year}."
        return [Heading(heading), Paragraph(plain(nothing))]
    first = themes[0]
    introduction = f"{sentence(first)} Tabellen visar alla teman; det som flest tog upp står först."
    if len(themes) == 1:
        introduction = sentence(first)
    rows = tuple(
        Row((Cell(one.theme), Cell(how_many(one)), Cell(_quoted(dialogues.said, one) or MISSING))) for one in themes
    )
    return [
        Heading(heading),
        Paragraph(plain(introduction)),
        Table(
            id=f"teman-{kind}",
            title=f"{sentence_case(_NAMES[kind])} i dialogerna {dialogues.year}",
            columns=(Column("Tema", width=1.5), Column("Anordnare", width=1.4), Column("Det har sagts", width=4)),
            rows=rows,
            note=tables.explained(rows),
            sheet=sentence_case(_NAMES[kind]),
        ),
    ]


def _quoted(said: Sequence[Said], theme: Theme) -> str:
    """What was said, each once, in the alphabet's order: the order of the providers would tell who said what."""
    words = {one.text for one in said if one.kind == theme.kind and one.theme == theme.theme}
    return " ".join(f"{one.rstrip('.')}." for one in sorted(words, key=swedish_order)[:_MOST_QUOTED])


def themes_table(dialogues: Dialogues) -> Table:
    """The counts behind the words, for the appendix."""
    kinds: tuple[tuple[Kind, str], ...] = (
        ("framgangsfaktor", "Framgångsfaktor"),
        ("forbattringsomrade", "Förbättringsområde"),
    )
    rows = tuple(
        Row(
            (
                Cell(one.theme),
                Cell(title),
                Cell(number(one.providers), one.providers),
                Cell(number(one.of), one.of),
            )
        )
        for kind, title in kinds
        for one in dialogues.of(kind)
    )
    return Table(
        id="dialogteman",
        title=f"Teman i dialogerna {dialogues.year}",
        columns=(
            Column("Tema", width=2.6),
            Column("Slag", width=1.4),
            Column("Anordnare som tog upp det", "right", 1.2, "#,##0"),
            Column("Anordnare med dialog", "right", number_format="#,##0"),
        ),
        rows=rows,
        sheet="Dialogteman",
    )
