"""What a person has written in Markdown, as blocks of a report, with figures put in where the text points at them.

Only headings, paragraphs, simple lists, bold, italic and links to http, https and mailto are let through; everything else is
refused by name, never dropped or drawn (facts/reports.md §6). A digit that is not a reference is refused too: what a text
says of a figure follows the figure (requirement R95). What is refused is told by section, line and rule, never by the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from arshjul.comparison.numbers import MISSING, NO_BREAK_SPACE, PROTECTED, swedish_date
from arshjul.periods import Period
from arshjul.prose.references import RULES, NotAllowed, Reference, Resolve, UnknownReference, filled_in
from arshjul.prose.texts import Wanted, WrittenText, explanations, says_anything, wanted_texts
from arshjul.reports.blocks import BulletList, Heading, NumberedList, Paragraph, Run, Text
from arshjul.reports.facts import Computed
from arshjul.reports.figures import told
from arshjul.reports.fonts import UnprintableTextError, require_printable
from arshjul.reports.report_type import Reading, ReportType

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

Part: TypeAlias = Paragraph | BulletList | NumberedList | Heading

_LINKS = ("https://", "http://", "mailto:")
_REFUSED = {"html_block": "html", "html_inline": "html", "image": "bild"}


@dataclass(frozen=True)
class Fault:
    """What must be changed in a text before it can stand in a report.

    Attributes:
        section: ``avsnitt``.
        indicator_id: What the text is about, where it is about one indicator.
        line: Line of the text, from 1.
        rule: One of :data:`arshjul.prose.references.RULES`.
    """

    section: str
    indicator_id: str | None
    line: int
    rule: str

    @property
    def message(self) -> str:
        """Where it is and which rule it breaks; never the text itself."""
        about = f" om {self.indicator_id}" if self.indicator_id else ""
        return f"Avsnittet {self.section}{about}, rad {self.line}: {RULES[self.rule]}"


class TextRefused(ValueError):
    """A text cannot stand in a report; ``faults`` says where and why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(fault.message for fault in faults))
        self.faults = tuple(faults)


def written_blocks(text: WrittenText, resolve: Resolve, level: Literal[2, 3] = 2) -> tuple[Part, ...]:
    """Turn a person's text into blocks.

    Args:
        text: As it was written.
        resolve: Where figures come from: :func:`figures_of`.
        level: Level of the text's own headings, one below the section's.

    Raises:
        TextRefused: Something in it is not allowed; all of it is told at once.
    """
    reader = _Reader(text, resolve, level)
    blocks = tuple(reader.blocks())
    if reader.faults:
        raise TextRefused(reader.faults)
    return blocks


def faults_of(text: WrittenText, resolve: Resolve) -> tuple[Fault, ...]:
    """List what must be changed in a text before it can stand in a report."""
    try:
        written_blocks(text, resolve)
    except TextRefused as refused:
        return refused.faults
    return ()


@dataclass(frozen=True)
class TextState:
    """How it is with one text of a report.

    Attributes:
        wanted: Which text.
        is_mandatory: Without it the report is not frozen.
        written: What has been written; ``None`` when nothing has.
        faults: What must be changed in it.
    """

    wanted: Wanted
    is_mandatory: bool
    written: WrittenText | None
    faults: tuple[Fault, ...]

    @property
    def is_missing(self) -> bool:
        """Nobody has written it."""
        return self.written is None or not says_anything(self.written.markdown)

    @property
    def is_open(self) -> bool:
        """A person has to write it, or change it, before the report can be frozen."""
        return bool(self.faults) or (self.is_mandatory and self.is_missing)


def text_states(report: ReportType, reading: Reading) -> tuple[TextState, ...]:
    """Tell how it is with every text that a report can have, in the order of its sections.

    Args:
        report: Says which sections a person writes.
        reading: Holds the texts and the figures they may point at.
    """
    from arshjul.reports.chapters.followed import followed_indicators

    indicators = reading.facts.indicators
    followed = [(one, indicators[one].title) for one in followed_indicators(reading.facts)]
    mandatory = set(wanted_texts(report.sections, followed))
    resolve = figures_of(reading)
    states = []
    for wanted in wanted_texts(report.sections, followed, only_mandatory=False):
        found = reading.texts.get(wanted.section, wanted.indicator_id)
        states.append(TextState(wanted, wanted in mandatory, found, faults_of(found, resolve) if found else ()))
    return tuple(states)


def figures_of(reading: Reading, period: str | None = None) -> Resolve:
    """Give what a report's texts may point at: the public figures it shows, of its own period and those beside it.

    Args:
        reading: What the report is written from.
        period: Key of the period that a reference without one is about; the report's own when not given.
    """
    facts = reading.facts
    stored = [facts.previous, facts.last_year, *(computed for _, computed in facts.history)]
    stored += [beside.current for beside in reading.beside.values()]
    computed: Mapping[str, Computed] = {one.period: one for one in [*stored, facts.current] if one is not None}

    def resolve(reference: Reference) -> str:
        indicator = facts.indicators.get(reference.indicator_id)
        values = computed.get(reference.period or period or facts.current.period)
        breakdowns = tuple(sorted(breakdown for breakdown, _ in reference.cell))
        if (
            indicator is None
            or values is None
            or breakdowns not in {tuple(sorted(table)) for table in indicator.tables}
            or any(code not in facts.labels.get(breakdown, {}) for breakdown, code in reference.cell)
            or not any(shown == indicator.id for shown, _ in values.values)
        ):
            raise UnknownReference
        value = values.get(indicator.id, **dict(reference.cell))
        if value is not None and value.is_protected:
            return f"{PROTECTED}{NO_BREAK_SPACE}(uppgiften är skyddad)"
        return told(indicator, value) or f"{MISSING}{NO_BREAK_SPACE}(uppgift saknas)"

    return resolve


def explanation_notes(reading: Reading, indicator_id: str, period: Period) -> tuple[Part, ...]:
    """Tell why an indicator became what it did in an earlier period, to stand beside a comparison with it.

    Args:
        reading: What the report is written from.
        indicator_id: The indicator.
        period: The period compared with.

    Raises:
        TextRefused: An explanation has something in it that is not allowed.

    Source: requirement R96.
    """
    from arshjul.reports.library import REPORTS

    about = [report_id for report_id, report in REPORTS.items() if report.accepts(period)]
    found = explanations(reading.connection, indicator_id, period, about, reading.facts.current.as_of)
    resolve = figures_of(reading, period.key)
    return tuple(
        part
        for one in found
        for part in (
            Paragraph(
                (
                    Run(f"Förklaring till {period.title}", "strong"),
                    Run(f" ({one.author}, {swedish_date(one.written_on)}):"),
                )
            ),
            *written_blocks(one, resolve, level=3),
        )
    )


class _Reader:
    """Reads one text; what is not allowed is gathered in ``faults`` and the reading goes on."""

    def __init__(self, text: WrittenText, resolve: Resolve, level: Literal[2, 3]) -> None:
        self.text = text
        self.resolve = resolve
        self.level = level
        self.faults: list[Fault] = []
        self.line = 1

    def blocks(self) -> Iterator[Part]:
        """Give the text's blocks in order."""
        from markdown_it import MarkdownIt
        from markdown_it.tree import SyntaxTreeNode

        # HTML and every address are parsed, so that they are found and refused; neither is ever rendered.
        markdown = MarkdownIt("commonmark", {"html": True})
        markdown.validateLink = lambda url: bool(url)  # type: ignore[method-assign]
        for node in SyntaxTreeNode(markdown.parse(self.text.markdown)).children:
            self.line = (node.map or (self.line - 1, 0))[0] + 1
            if node.type == "heading":
                yield Heading("".join(run.text for run in self._inline(node)), self.level)
            elif node.type == "paragraph":
                yield Paragraph(self._inline(node))
            elif node.type in ("bullet_list", "ordered_list"):
                items = tuple(self._item(item) for item in node.children)
                yield BulletList(items) if node.type == "bullet_list" else NumberedList(items)
            else:
                self._refuse(_REFUSED.get(node.type, "form"))

    def _item(self, node: SyntaxTreeNode) -> Text:
        self.line = (node.map or (self.line - 1, 0))[0] + 1
        if [child.type for child in node.children] != ["paragraph"]:
            self._refuse("lista")
            return ()
        return self._inline(node.children[0])

    def _inline(self, node: SyntaxTreeNode) -> Text:
        runs: list[Run] = []
        for inline in node.children:
            self._runs(inline.children, Run(""), runs)
        return tuple(runs)

    def _runs(self, nodes: Sequence[SyntaxTreeNode], like: Run, runs: list[Run]) -> None:
        for node in nodes:
            if node.type == "text":
                runs.append(replace(like, text=self._said(node.content)))
            elif node.type in ("softbreak", "hardbreak"):
                runs.append(replace(like, text=" "))
                self.line += 1
            elif node.type in ("strong", "em"):
                style: Literal["strong", "emphasis"] = "strong" if node.type == "strong" else "emphasis"
                # Bold wins inside italic and the other way round: a run has one emphasis.
                self._runs(node.children, replace(like, style=style if like.style == "plain" else "strong"), runs)
            elif node.type == "link":
                address = str(node.attrs.get("href", ""))
                if not address.startswith(_LINKS):
                    self._refuse("lank")
                    address = ""
                self._runs(node.children, replace(like, link=address), runs)
            else:
                self._refuse(_REFUSED.get(node.type, "form"))

    def _said(self, text: str) -> str:
        try:
            require_printable([text])
            return filled_in(text, self.resolve)
        except NotAllowed as refused:
            for rule in refused.rules:
                self._refuse(rule)
        except UnprintableTextError:
            self._refuse("tecken")
        return ""

    def _refuse(self, rule: str) -> None:
        fault = Fault(self.text.section, self.text.indicator_id, self.line, rule)
        if fault not in self.faults:
            self.faults.append(fault)
