"""What a kind of report is: which period it is about, what a person must have written, and the function that writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from arshjul.catalogue.report_titles import REPORT_TITLES
from arshjul.periods import Period
from arshjul.prose.texts import Texts
from arshjul.reports.blocks import Document
from arshjul.reports.facts import Facts


@dataclass(frozen=True)
class Section:
    """A section of a report that a person writes.

    Attributes:
        id: ``avsnitt`` of the dataset ``analystexter``.
        title: Heading.
        is_mandatory: Without a text the report is not frozen.
        per_followed_indicator: One text for each indicator that is specially followed (``sarskilt_folja``).
    """

    id: str
    title: str
    is_mandatory: bool = True
    per_followed_indicator: bool = False


@dataclass(frozen=True)
class Reading:
    """What a report is written from. Everything in it is known as of the same time.

    Attributes:
        connection: Under the role that may read reports: public values and registers, never an unprotected figure.
        include: The catalogue's folder.
        facts: Public values of the report's period.
        beside: Facts of the other periods that the report shows, by period key; already released ones.
        texts: What people have written for the report.
        municipality: Its name.
        subject: Whom or what the paper is about, where it is about one: a provider's number, an object's id.
        is_draft: It is not put up for approval.
    """

    connection: Connection
    include: Path
    facts: Facts
    texts: Texts
    municipality: str
    beside: Mapping[str, Facts] = field(default_factory=dict)
    subject: str = ""
    is_draft: bool = False


@dataclass(frozen=True)
class ReportType:
    """One kind of report.

    Attributes:
        id: As commands, file names and recipients name it.
        write: Makes the document.
        sections: What a person writes, in order.
        indicators: Those whose figures it shows; ``None`` for the whole catalogue. Only these leave the house with it.
        beside: Other periods it shows, from the key of its own.
        is_public: It may leave the house; otherwise it is a working paper for those it names.
        has_subject: It is made once for each provider or object.
        accepts: Whether it can be about a period: its length, where the report has one of its own.
    """

    id: str
    write: Callable[[Reading], Document]
    sections: tuple[Section, ...] = ()
    indicators: frozenset[str] | None = None
    beside: Callable[[str], tuple[str, ...]] = lambda _period: ()
    is_public: bool = True
    has_subject: bool = False
    accepts: Callable[[Period], bool] = lambda _period: True

    @property
    def title(self) -> str:
        """As readers name it."""
        return REPORT_TITLES[self.id]

    @property
    def has_open_data(self) -> bool:
        """It goes with a data file of its figures: it is for everybody, and about everybody."""
        return self.is_public and not self.has_subject

    @property
    def stem(self) -> str:
        """Begins the names of its files."""
        return self.id.replace("_", "-")
