"""What people have written for a report: kept with author, date and version, and shown as they wrote it.

A text is delivered (dataset ``analystexter``) or written in the form of the report's run; both are append only, so that a
report made again as of the time it was frozen reads the same words. Which period a delivered text is about stands in its
report's name (``tertialrapport/2026-T1``); without it the day it was written decides: it is about the report's period that
had ended most recently (:func:`written_between`). Requirements R67, R68, R96, R98.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from sqlalchemy import Connection

from arshjul.lineage.ledger import person_name
from arshjul.periods import Month, Period, Tertial, Year, YearToDate, parse_period
from arshjul.settings import REPOSITORY
from arshjul.warehouse.statements import Statements

STATEMENTS = Statements(REPOSITORY / "include" / "sql")

EXPLANATION = "forklaring"
"""The section of a text that explains why an indicator's value became what it did."""

_ISSUE_DAYS = 61
"""How long after the end of a year's first months a text is about them: the next issue comes two months later."""


@dataclass(frozen=True)
class WrittenText:
    """One text, in its newest version.

    Attributes:
        section: ``avsnitt``.
        indicator_id: What it is about; ``None`` when it concerns the whole section.
        markdown: As it was written.
        author: Function that wrote it.
        written_on: Day.
        version: 1 for the first.
        origin: Where it comes from.
    """

    section: str
    indicator_id: str | None
    markdown: str
    author: str
    written_on: date
    version: int = 1
    origin: Literal["leverans", "formulär"] = "leverans"


@dataclass(frozen=True)
class Texts:
    """The texts of one report about one period."""

    texts: tuple[WrittenText, ...] = ()

    def get(self, section: str, indicator_id: str | None = None) -> WrittenText | None:
        """Return a section's text, or ``None`` when nobody has written one."""
        return next((one for one in self.texts if (one.section, one.indicator_id) == (section, indicator_id)), None)


class Part(Protocol):
    """A section of a report that a person writes, as :class:`arshjul.reports.report_type.Section` says it."""

    @property
    def id(self) -> str:
        """``avsnitt``."""

    @property
    def title(self) -> str:
        """Heading."""

    @property
    def is_mandatory(self) -> bool:
        """Without a text the report is not frozen."""

    @property
    def per_followed_indicator(self) -> bool:
        """One text for each indicator that is specially followed."""


@dataclass(frozen=True)
class Wanted:
    """A text that a report is to have.

    Attributes:
        section: ``avsnitt``.
        indicator_id: The indicator it is to be about, if it is about one.
        title: The section's heading, and the indicator where there is one.
    """

    section: str
    indicator_id: str | None
    title: str


def read_texts(connection: Connection, report_id: str, period: str, as_of: datetime | None = None) -> Texts:
    """Read the texts of a report about a period.

    Args:
        connection: Under a role that may read reports.
        report_id: The report.
        period: Key of what it is about.
        as_of: Texts known later are left out: when the report was frozen, for one that is made again. All when not given.
    """
    first, last = written_between(parse_period(period))
    rows = STATEMENTS.fetch_all(
        connection,
        "prose/texts.sql",
        as_of=as_of,
        report_id=report_id,
        period=period,
        first_day=first,
        last_day=last,
    )
    return Texts(tuple(WrittenText(**row) for row in rows))


def explanations(
    connection: Connection, indicator_id: str, period: Period, reports: Iterable[str], as_of: datetime | None = None
) -> tuple[WrittenText, ...]:
    """Read why an indicator became what it did in a period: shown beside every later comparison with it.

    Args:
        connection: Under a role that may read reports.
        indicator_id: The indicator.
        period: The period that the explanations were written about.
        reports: Ids of the reports that can be about such a period.
        as_of: As for :func:`read_texts`.

    Source: requirement R96; N19–21 of the quality report explains a result by how the year was.
    """
    first, last = written_between(period)
    rows = STATEMENTS.fetch_all(
        connection,
        "prose/explanations.sql",
        as_of=as_of,
        report_ids=list(reports),
        period=period.key,
        first_day=first,
        last_day=last,
        section=EXPLANATION,
        indicator_id=indicator_id,
    )
    return tuple(WrittenText(**row) for row in rows)


def written_between(period: Period) -> tuple[date, date]:
    """Give the first and the last day on which a text that does not say its period is about this one.

    From the day after the period until the next period of its kind has ended; the year's first months are reported so
    often that only the two months after them count.
    """
    first = period.end + timedelta(days=1)
    if isinstance(period, YearToDate):
        return first, period.end + timedelta(days=_ISSUE_DAYS)
    after = Month.containing(first)
    following: Period = after
    if isinstance(period, Tertial):
        following = after.tertial
    elif isinstance(period, Year):
        following = Year(first.year)
    return first, following.end


def wanted_texts(
    sections: Sequence[Part], followed: Iterable[tuple[str, str]] = (), *, only_mandatory: bool = True
) -> tuple[Wanted, ...]:
    """List the texts that a report is to have.

    Args:
        sections: What a person writes, in order.
        followed: Id and title of the indicators that are specially followed.
        only_mandatory: Leave out what a report can be without.
    """
    indicators = tuple(followed)
    return tuple(
        wanted
        for section in sections
        if section.is_mandatory or not only_mandatory
        for wanted in (
            tuple(Wanted(section.id, one, f"{section.title}: {title}") for one, title in indicators)
            if section.per_followed_indicator
            else (Wanted(section.id, None, section.title),)
        )
    )


def says_anything(markdown: str) -> bool:
    """Say whether there is a word outside the headings: a heading alone is no analysis.

    Source: requirements R67, R68 (sections on economy and children), R98 (analysis of what is specially followed).
    """
    return any(
        any(letter.isalpha() for letter in line) for line in markdown.splitlines() if not line.lstrip().startswith("#")
    )


def missing_message(missing: Sequence[Wanted]) -> str:
    """Say which texts are missing and what to do, for whoever reads the gate's verdict."""
    names = "; ".join(one.title for one in missing)
    what = "texten" if len(missing) == 1 else "texterna"
    return (
        f"Rapporten saknar {len(missing)} obligatorisk{'' if len(missing) == 1 else 'a'} "
        f"text{'' if len(missing) == 1 else 'er'}: {names}. "
        f"Skriv {what} i formuläret, eller leverera {'den' if len(missing) == 1 else 'dem'} i analystexter."
    )


def record_text(
    connection: Connection,
    *,
    run_id: int,
    report_id: str,
    period: str,
    wanted: Wanted,
    markdown: str,
    author: str,
    person: str,
) -> None:
    """Keep a text that a person has written in the form of a report's run.

    Args:
        connection: Under the role that publishes.
        run_id: The run.
        report_id: The report.
        period: Key of what the report is about.
        wanted: Which part.
        markdown: As it was written.
        author: Function that readers are told.
        person: User name of who wrote it.

    Raises:
        WarehouseError: It is empty, too long, or nobody's.
    """
    STATEMENTS.execute(
        connection,
        "prose/insert_text.sql",
        run_id=run_id,
        report_id=report_id,
        period=period,
        section=wanted.section,
        indicator_id=wanted.indicator_id,
        markdown=markdown,
        author=author.strip(),
        person=person_name(person),
    )
