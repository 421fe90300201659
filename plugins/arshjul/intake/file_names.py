"""What a file's name says: dataset, sender and delivery month, and when it says nothing that can be used.

``<dataset>_<orgnr>_<YYYY-MM>.<csv|xlsx|json>`` (spec/deliveries.md, "Files"). A name that breaks the rule may hold
anything, a person's name or number too: the ledger never gets it, and no log.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from arshjul.intake.orgnr import parse_orgnr
from arshjul.intake.readers import detect_kind
from arshjul.intake.refusals import ReadRefused
from arshjul.intake.verdicts import Refusal, Refused
from arshjul.periods import Month, PeriodError, parse_month

FOLDER = "mapp"
"""Channel of files that senders put in their own landing folder: there the folder must say who sent it."""

KEYBOARD = "kommandorad"
"""Channel of files that are named at the keyboard: they come when they are received."""

_NAME = re.compile(
    r"(?P<dataset>[A-Za-z_]+)_(?P<sender>[0-9]{10})_(?P<month>[0-9]{4}-[0-9]{2})\.[A-Za-z0-9]+", re.ASCII
)
_EXTENSION = re.compile(r"\.(?:csv|xlsx|json)", re.ASCII | re.IGNORECASE)
_LONGEST_NAME = 120
_BROKEN_NAME = Refusal(
    "filnamn",
    "Filnamnet ska vara datamängd, organisationsnummer och månad (ÅÅÅÅ-MM) med understreck emellan, "
    "och sluta på .csv, .xlsx eller .json.",
)
_LONG_NUMBER = re.compile(r"[0-9](?:[-+ _.]{0,2}[0-9]){5,}")
_UNPRINTABLE = re.compile(r"[^\w .,;()\[\]+=@!&-]")


class Landed(Protocol):
    """A file that has come in and is not yet received. The room ``sources`` finds such files."""

    @property
    def path(self) -> Path:
        """Where it lies."""

    @property
    def sender(self) -> str | None:
        """The ten digits of the folder it was put in; ``None`` when its name must say who sent it."""

    @property
    def channel(self) -> str:
        """How it came, a word for the ledger."""


@dataclass(frozen=True)
class Address:
    """Where a delivery belongs, as far as its name and its folder tell.

    Attributes:
        file_name: Name that may stand in the ledger.
        given_name: Name as given, for the sender's own receipt; numbers are hidden in one that breaks the rule.
        dataset: The contract it is held to.
        sender: Ten-digit organisationsnummer.
        month: Delivery month.
        kind: ``csv``, ``xlsx`` or ``json``.
        refusal: Why nothing can be done with it; ``None`` when everything else is known.
    """

    file_name: str
    given_name: str
    dataset: str | None = None
    sender: str | None = None
    month: Month | None = None
    kind: str | None = None
    refusal: Refusal | None = None


def read_address(landed: Landed, datasets: Collection[str]) -> Address:
    """Read what a landed file's name and folder say.

    Args:
        landed: The file.
        datasets: Names of all contracts.
    """
    name = landed.path.name
    found = _NAME.fullmatch(name)
    if not found or len(name) > _LONGEST_NAME:
        return Address(
            _neutral(name), _without_numbers(name), sender=parse_orgnr(landed.sender or ""), refusal=_BROKEN_NAME
        )
    dataset = found["dataset"].lower()
    is_known = dataset in datasets
    return Address(
        file_name=name if is_known else _neutral(name),
        given_name=name,
        dataset=dataset if is_known else None,
        sender=parse_orgnr(landed.sender or found["sender"]),
        month=_month(found["month"]),
        kind=_kind(name),
        refusal=_refusal(landed, found, is_known),
    )


def named_slices(files: Iterable[Landed], datasets: Collection[str]) -> list[tuple[str, str, Month]]:
    """List dataset, sender and month of the files whose names and folders are in order.

    Args:
        files: What has come in.
        datasets: Names of all contracts.
    """
    named = (read_address(file, datasets) for file in files)
    return [
        (one.dataset, one.sender, one.month)
        for one in named
        if not one.refusal and one.dataset and one.sender and one.month
    ]


def _refusal(landed: Landed, found: re.Match[str], is_known: bool) -> Refusal | None:
    if not is_known:
        return Refusal("okand_datamangd", "Det finns ingen datamängd med det namn som filnamnet börjar med.")
    if landed.sender is None and landed.channel == FOLDER:
        return Refusal("avsandare_okand", "Filen ligger inte i någon avsändares mapp.")
    if landed.sender is not None and landed.sender != found["sender"]:
        return Refusal("avsandare_stammer_inte", "Filnamnets organisationsnummer är inte avsändarens.")
    if parse_orgnr(found["sender"]) is None:
        return Refusal("organisationsnummer", "Filnamnets organisationsnummer är fel: kontrollsiffran stämmer inte.")
    if _month(found["month"]) is None:
        return Refusal("manad", "Filnamnets månad finns inte. Skriv den som ÅÅÅÅ-MM.")
    try:
        detect_kind(found[0])
    except ReadRefused as refused:
        return Refused.of_reading(refused).refusal
    return None


def _month(text: str) -> Month | None:
    try:
        return parse_month(text)
    except PeriodError:
        return None


def _kind(name: str) -> str | None:
    try:
        return detect_kind(name)
    except ReadRefused:
        return None


def _neutral(name: str) -> str:
    extension = Path(name).suffix
    return "okant-filnamn" + (extension.lower() if _EXTENSION.fullmatch(extension) else "")


def _without_numbers(name: str) -> str:
    """A name the sender recognises but that holds no personnummer, and nothing a terminal would obey."""
    return _LONG_NUMBER.sub("…", _UNPRINTABLE.sub("?", name))[:_LONGEST_NAME]
