"""From a computation to a public table that is safe beside everything released before it.

A reader may be told what stands in ``indicator.public_value`` and ``indicator.public_left_out`` and nothing else: every
number, order, bar, interval or sentence that is made from them alone reveals no more than they do.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from arshjul.disclosure import stored
from arshjul.disclosure.profile import OTHERS, PROVIDER
from arshjul.disclosure.public_tables import AS_SHOWN, ONLY_TOTALS, PublicTables, load_protection
from arshjul.disclosure.refusals import DisclosureError, NotProvedInTime, TooRevealing
from arshjul.disclosure.stored import Protection, StoredComputation
from arshjul.periods import Period

__all__ = [
    "ONLY_TOTALS",
    "OTHERS",
    "TREND_LENGTH",
    "DisclosureError",
    "Protection",
    "check_still_safe",
    "comparison_periods",
    "find_protection",
    "load_protection",
    "note",
    "protect",
    "record_release",
    "single_cells",
]

TREND_LENGTH = 6
"""How many periods of the same type a trend shows, the reported one included."""


def comparison_periods(period: Period) -> tuple[Period, ...]:
    """Give the periods that a report of a period sets beside it, oldest first."""
    found = {period.same_last_year.key: period.same_last_year}
    earlier = period
    for _ in range(TREND_LENGTH - 1):
        earlier = earlier.previous
        found[earlier.key] = earlier
    return tuple(sorted(found.values(), key=lambda one: one.start))


def protect(
    connection: Connection,
    include: Path,
    computation_id: int,
    *,
    run_id: int,
    indicators: frozenset[str] | None = None,
    report_id: str | None = None,
    seconds: float = 240.0,
) -> Protection:
    """Make the public table of a computation, and of the comparison periods that its report shows.

    What has been released with the same figures is shown the same way again, so that a report made again as it was known
    then is the same byte for byte. A period that late rows have changed in a way that tells of few persons to whoever saw
    it before is shown as it was.

    Args:
        connection: Under ``Role.COMPUTE``, in a transaction of its own: one protection is made at a time.
        include: The folder with the catalogue and its SQL.
        computation_id: The computation.
        run_id: The run that protects.
        indicators: Only these are in the public tables and leave the house with them; the whole catalogue when not given.
            Where everything has been released with these very figures, that public table is used again.
        report_id: The report that is to be published with it: what other reports make meanwhile is made beside it. Not
            given for what stays in the house or leaves it at once.
        seconds: At most so long for one period; after that nothing is shown.

    Raises:
        CatalogueError: A definition is wrong.
        DisclosureError: Not even totals were found or proved safe in time, and nothing that was shown of the period before
            stands for what is asked for now; the caller's transaction is to be rolled back.
    """
    stored.lock(connection)
    computation = stored.find_computation(connection, computation_id)
    made = _make(connection, include, computation, run_id, indicators, stored.reserved(connection, report_id), seconds)
    if report_id is not None:
        stored.insert_reservation(connection, made, report_id)
    return made


def _make(
    connection: Connection,
    include: Path,
    computation: StoredComputation,
    run_id: int,
    indicators: frozenset[str] | None,
    coming: tuple[int, ...],
    seconds: float,
) -> Protection:
    # What is only on its way may never leave: it is proved anew when it does.
    for beside in dict.fromkeys((coming, ())):
        tables = PublicTables(connection, include, seconds, run_id, indicators, beside)
        companions = _companions(tables, computation)
        try:
            return _with_companions(tables, computation, companions)
        except TooRevealing as one:
            refused = one
    # Too little time is no reason to show what was known before: another try may do.
    as_shown = None if isinstance(refused, NotProvedInTime) else tables.as_shown(computation, companions)
    if as_shown is None:
        raise refused
    return as_shown


def _companions(tables: PublicTables, computation: StoredComputation) -> list[Protection]:
    """Make, or find, the public tables that stand beside a computation's."""
    companions: list[Protection] = []
    for period in comparison_periods(computation.period):
        then = stored.stored_computation(tables.connection, period, computation.as_of)
        beside = None if then is None else tables.beside(then, companions)
        if beside is not None:
            companions.append(beside)
    return companions


def _with_companions(tables: PublicTables, computation: StoredComputation, companions: list[Protection]) -> Protection:
    # The report matters more than what it is compared with: the periods beside it stand as they were shown, or not at all.
    as_shown = [
        one if one.origin in tables.out else tables.last_shown(one.period, computation.as_of) or one
        for one in companions
    ]
    out = [one for one in as_shown if one.origin in tables.out]
    tries = {tuple(one.protection_id for one in some): some for some in (companions, as_shown, out)}
    *before, last = tries.values()
    for some in before:
        with suppress(TooRevealing):
            return tables.ensure(computation, some, is_reported=True)
    return tables.ensure(computation, last, is_reported=True)


def find_protection(connection: Connection, computation_id: int) -> Protection | None:
    """Find the newest protection of a computation, or None when it has none."""
    return stored.one_protection(connection, computation_id=computation_id)


def note(protection: Protection) -> str | None:
    """Say in Swedish what the data team should know of a public table; whoever reads it must not be able to tell."""
    if protection.method != AS_SHOWN:
        return None
    return (
        f"Siffrorna för {protection.period.title} visas som de senast visades: det som har ändrats sedan dess gäller så få "
        "personer att skillnaden skulle röja dem. Säg det inte till läsarna, det röjer också något."
    )


def single_cells(
    connection: Connection, computation_id: int, indicator_id: str, cell: Mapping[str, str]
) -> list[dict[str, str]]:
    """Take a public cell apart into the cells that were computed: those of each provider that stands in ``ovriga``.

    Args:
        connection: Any that may read protections.
        computation_id: The figure's computation.
        indicator_id: The figure's indicator.
        cell: Breakdown to code.
    """
    if cell.get(PROVIDER) != OTHERS:
        return [dict(cell)]
    protection = find_protection(connection, computation_id)
    members = protection.grouping.get(indicator_id, ()) if protection else ()
    return [{**cell, PROVIDER: code} for code in members]


def check_still_safe(connection: Connection, include: Path, protection: Protection, *, seconds: float = 240.0) -> None:
    """Make sure that a public table is as safe now as when it was made: what has left the house since then is set beside it.

    Two reports that begin on the same day are each made without the other, and approved on different days; they may show
    the same things or things that have nothing to do with each other.

    Args:
        connection: Under a role that may read computed values.
        include: The folder with the catalogue and its SQL.
        protection: What is to leave the house, with its companions.
        seconds: At most so long for one table.

    Raises:
        CatalogueError: A definition is wrong.
        DisclosureError: It is not safe any more, or was not proved within the time; the message says what to run again.
    """
    shown = {protection.origin, *(load_protection(connection, one).origin for one in protection.companions)}
    others = [
        one
        for one in stored.released(connection)
        if one not in shown.union(protection.against) and not shown.issubset(load_protection(connection, one).against)
    ]
    if not others:
        return
    if not PublicTables(connection, include, seconds).are_safe(protection):
        raise DisclosureError(
            f"Andra siffror har publicerats eller exporterats sedan {protection.period.title} gick igenom "
            "röjandekontrollen, och tillsammans kan de röja en person: kör om från Röjandekontroll (Clear)."
        )


def record_release(
    connection: Connection,
    include: Path,
    protection: Protection,
    kind: Literal["publicering", "export"],
    *,
    run_id: int,
) -> None:
    """Say that a public table has left the house; everything made later is protected against it.

    Args:
        connection: Under ``Role.COMPUTE`` or ``Role.PUBLISH``, in the transaction of what is released.
        include: The folder with the catalogue and its SQL.
        protection: What was released. A publication also shows its companions.
        kind: ``publicering`` (a report, with its companions) or ``export`` (the period alone). Said twice it counts
            once.
        run_id: The run that released.

    Raises:
        DisclosureError: As :func:`check_still_safe`.
    """
    stored.lock(connection)
    if stored.is_released(connection, protection.protection_id, kind):
        return
    check_still_safe(connection, include, protection)
    shown = (*protection.companions, protection.protection_id) if kind == "publicering" else (protection.protection_id,)
    stored.insert_releases(connection, shown, kind, run_id)
