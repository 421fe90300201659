"""Follow-up objects: what the municipality follows up in a year, by kind, by its own role and by purpose.

Source: BIN 2016-134, 1 Inledning (verksamhet, avtal, överenskommelser, projekt, projektmedel, IOP); R10–R18.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from arshjul.catalogue.follow_ups import Purpose
from arshjul.lineage.statements import LEDGER

PROJECTS = ("projekt", "permanentas")
"""Kinds of object in which the municipality has one of three roles (R14)."""


@dataclass(frozen=True)
class FollowUpObject:
    """One object of the register ``uppfoljningsobjekt``.

    Attributes:
        object_id: Its id.
        kind: Code of the list ``objekttyper``.
        kind_title: The kind in words.
        name: Its name.
        counterpart: The other party.
        role: The municipality's part in a project: ``deltar``, ``delagare`` or ``agare``.
        role_title: The part in words.
        purposes: Codes of what it is to serve, in the order given.
        begins: First day.
        ends: Last day, by its own words or because a newer register lacks it; ``None`` while it runs.
        reference: Diarienummer.
        provider: Organisationsnummer of the provider it is an agreement with.
        requires: Codes of the follow-ups that every year must have, in the order given.
    """

    object_id: str
    kind: str
    kind_title: str
    name: str
    counterpart: str | None
    role: str | None
    role_title: str | None
    purposes: tuple[str, ...]
    begins: date
    ends: date | None
    reference: str | None
    provider: str | None
    requires: tuple[str, ...]

    def is_there(self, first: date, last: date) -> bool:
        """Say whether it was there some day from ``first`` to ``last``."""
        return self.begins <= last and (self.ends is None or self.ends >= first)


@dataclass(frozen=True)
class PurposeFollowUp:
    """One purpose: the objects that serve it and the indicators that measure it.

    Attributes:
        purpose: The purpose; an object's purpose that the catalogue does not know has its code as title.
        objects: Objects that serve it, in the register's order.
    """

    purpose: Purpose
    objects: tuple[FollowUpObject, ...]


def read_objects(connection: Connection, as_of: datetime, year: int) -> tuple[FollowUpObject, ...]:
    """Read the objects that were there some day of a year, by kind as the code list has them and then by id.

    Args:
        connection: Under a role that may read reports.
        as_of: Point of knowledge.
        year: The year.
    """
    rows = LEDGER.fetch_all(connection, "report/objects.sql", as_of=as_of, year=year)
    return tuple(_object(**row) for row in rows)


def _object(purposes: list[str], requires: list[str], **row: Any) -> FollowUpObject:
    return FollowUpObject(purposes=tuple(purposes), requires=tuple(requires), **row)


def by_role(objects: Iterable[FollowUpObject]) -> Mapping[str, tuple[FollowUpObject, ...]]:
    """Put projects under the municipality's role in them: lists that have nothing in common and together are all (R14).

    Args:
        objects: From :func:`read_objects`.

    Returns:
        The three roles, and the empty text for projects whose role is not told; only where there are any.
    """
    found: dict[str, tuple[FollowUpObject, ...]] = {"deltar": (), "delagare": (), "agare": ()}
    for one in objects:
        if one.kind in PROJECTS:
            found[one.role or ""] = (*found.get(one.role or "", ()), one)
    return found


def by_purpose(objects: Iterable[FollowUpObject], purposes: Iterable[Purpose]) -> tuple[PurposeFollowUp, ...]:
    """Put objects under the purposes they serve, known purposes first, also those that nobody serves (R15).

    Args:
        objects: From :func:`read_objects`.
        purposes: From :func:`arshjul.catalogue.follow_ups.load_follow_ups`.
    """
    every = tuple(objects)
    known = {one.id: one for one in purposes}
    for code in (code for one in every for code in one.purposes):
        known.setdefault(code, Purpose(id=code, title=code))
    return tuple(PurposeFollowUp(one, tuple(o for o in every if one.id in o.purposes)) for one in known.values())
