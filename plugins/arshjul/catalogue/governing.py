"""Governing documents with their headers, and outside events that may break a series (``include/governing``).

A header has the eleven fields of the documents that Linköping decides on; all are mandatory, and an empty one is told, not
filled in. Source: BIN 2016-134, the document's own header; R1, R7, T5, T16.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

import attrs

from arshjul.catalogue.yaml_files import Definition, read_definition

FIELDS: Mapping[str, str] = {
    "kind": "Dokumenttyp",
    "adopted_by": "Antaget av",
    "status": "Status",
    "validity": "Giltighetstid",
    "reference": "Diarienummer",
    "owner": "Dokumentansvarig",
    "addressed_to": "Adresserat till",
    "review_on": "Tidpunkt för aktualitetsprövning",
    "revised_on": "Tidpunkt för senaste revidering",
    "related": "Relaterade styrdokument",
    "keywords": "Sökord",
}
"""The header's fields in its own order, attribute to the words the document has."""

_NAMED_LAW = re.compile(r"(?P<name>[a-zåäö]+)\s+\((?P<number>\d{4}:\d+)\)", re.IGNORECASE)

Fault = Literal["tomt_falt", "aktualitetsprovning_passerad", "citerar_senare_beslut", "lagens_namn"]


class Citation(Definition):
    """One decision or law that a document refers to.

    Attributes:
        text: What it says there.
        decided: When what it refers to was decided, where that is said.
        place: Where in the document.
    """

    text: str
    decided: date | None = None
    place: str


class GoverningText(Definition):
    """One governing document as its header tells it.

    Attributes:
        id: Its name in commands.
        title: Its title.
        kind: Dokumenttyp.
        adopted_by: Antaget av.
        status: The day it was decided.
        validity: Giltighetstid.
        reference: Diarienummer.
        owner: Dokumentansvarig: a function of ``include/calendar/activities.yaml`` or its title.
        addressed_to: Adresserat till.
        review_on: The day by which it is to be tried whether it still applies.
        revised_on: The day of the last revision.
        related: Related governing documents.
        keywords: Search words.
        citations: What it refers to.
    """

    id: str
    title: str
    kind: str = ""
    adopted_by: str = ""
    status: date | None = None
    validity: str = ""
    reference: str = ""
    owner: str = ""
    addressed_to: str = ""
    review_on: date | None = None
    revised_on: date | None = None
    related: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()

    @property
    def empty_fields(self) -> tuple[str, ...]:
        """The words of the header's empty fields, in its order."""
        return tuple(words for name, words in FIELDS.items() if not getattr(self, name))


class Law(Definition):
    """A law that documents cite: what it is called, and under which numbers it has been published."""

    names: tuple[str, ...]
    numbers: tuple[str, ...]


class DocumentRegister(Definition):
    """Everything in ``documents.yaml``."""

    documents: tuple[GoverningText, ...]
    laws: tuple[Law, ...] = ()

    def __attrs_post_init__(self) -> None:
        ids = [one.id for one in self.documents]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"documents that stand twice: {', '.join(twice)}")


@attrs.frozen
class Finding:
    """One fault of one document.

    Attributes:
        document: The document.
        fault: What kind.
        what: The field, or where in the document.
        words: The fault as a Swedish sentence.
    """

    document: GoverningText
    fault: Fault
    what: str
    words: str


class OutsideEvent(Definition):
    """A dated event outside the municipality's control that may break a series.

    Attributes:
        day: When.
        title: What, in few words: the mark in a chart.
        text: What it may do to the figures.
        source: Where that is known from.
        indicators: Indicators it may break; none named means all.
    """

    day: date
    title: str
    text: str
    source: str
    indicators: tuple[str, ...] = ()


class EventCalendar(Definition):
    """Everything in ``events.yaml``, in order of time."""

    events: tuple[OutsideEvent, ...]

    def __attrs_post_init__(self) -> None:
        if list(self.events) != sorted(self.events, key=lambda one: one.day):
            raise ValueError("events stand in order of time")


def load_documents(include: Path) -> DocumentRegister:
    """Read ``include/governing/documents.yaml``.

    Raises:
        CatalogueError: It is wrong.
    """
    return read_definition(include / "governing" / "documents.yaml", DocumentRegister)


def findings(register: DocumentRegister, day: date) -> tuple[Finding, ...]:
    """List the faults of every document, in the register's order; none is invented.

    Args:
        register: From :func:`load_documents`.
        day: The day it is asked.
    """
    return tuple(found for one in register.documents for found in _faults(one, register.laws, day))


def _faults(one: GoverningText, laws: Iterable[Law], day: date) -> Iterator[Finding]:
    for field in one.empty_fields:
        yield Finding(one, "tomt_falt", field, f"Fältet ”{field}” är tomt.")
    if one.review_on and one.review_on < day:
        words = f"Aktualitetsprövningen skulle ha gjorts senast {one.review_on.isoformat()}."
        yield Finding(one, "aktualitetsprovning_passerad", FIELDS["review_on"], words)
    for citation in one.citations:
        if one.status and citation.decided and citation.decided > (one.revised_on or one.status):
            words = (
                f"{citation.place} hänvisar till ett beslut från {citation.decided.isoformat()}, som är senare än "
                f"dokumentet självt ({(one.revised_on or one.status).isoformat()})."
            )
            yield Finding(one, "citerar_senare_beslut", citation.place, words)
        yield from _misnamed(one, citation, laws)


def _misnamed(one: GoverningText, citation: Citation, laws: Iterable[Law]) -> Iterator[Finding]:
    """A known law's name before the number of another known law."""
    known = tuple(laws)
    for found in _NAMED_LAW.finditer(citation.text):
        name, number = found["name"].lower(), found["number"]
        other = next((law for law in known if number in law.numbers and name not in law.names), None)
        if other and any(name in law.names for law in known):
            words = f"{citation.place} kallar {number} för {name}, men numret är {other.names[0]}."
            yield Finding(one, "lagens_namn", citation.place, words)


def load_events(include: Path) -> tuple[OutsideEvent, ...]:
    """Read ``include/governing/events.yaml``.

    Raises:
        CatalogueError: It is wrong.
    """
    return read_definition(include / "governing" / "events.yaml", EventCalendar).events


def events_between(
    events: Iterable[OutsideEvent], first: date, last: date, indicator_id: str | None = None
) -> tuple[OutsideEvent, ...]:
    """List the events that a series from ``first`` to ``last`` spans: the marks of its chart (R7).

    Args:
        events: From :func:`load_events`.
        first: First day of the series.
        last: Last day.
        indicator_id: The indicator; events that name others are left out.
    """
    return tuple(
        one
        for one in events
        if first <= one.day <= last and (not one.indicators or indicator_id is None or indicator_id in one.indicators)
    )
