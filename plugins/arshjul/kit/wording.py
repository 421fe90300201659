"""What senders are told of a contract, in words that the template and the pages share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from arshjul.catalogue.codelists import Code, CodeList
from arshjul.catalogue.contracts import Contract, Expected, Field
from arshjul.periods import MONTH_NAMES

SENDERS: Mapping[str, str] = {"anordnare": "Varje anordnare", "kommunen": "Kommunen"}

BEFORE_SENDING = (
    "Kontrollera filen med programmet arshjul-kontroll.pyz innan ni skickar den: "
    "det säger samma sak som kvittensen, och ingenting lämnar er dator."
)
HOW_TO_SEND = (
    "Lägg filen i er mapp hos kommunen, eller skicka den på det sätt som ni har kommit överens om. "
    "Skicka den aldrig med e-post."
)
CORRECTION = (
    "En ny fil för samma månad ersätter hela den förra. Skicka alltså alla rader igen, inte bara de som är rättade."
)

_EVERY_MONTH = tuple(range(1, 13))
_NO_SENDER = "<organisationsnummer>"


def file_name(contract: Contract, extension: str = "xlsx", sender: str = _NO_SENDER, month: str = "<ÅÅÅÅ-MM>") -> str:
    """Return the name a file of a dataset has, with words where the sender fills in."""
    return f"{contract.name}_{sender}_{month}.{extension}"


def form_of(field: Field) -> str:
    """Say how a field is written, in a few words."""
    if field.format == "personnummer":
        return "Personnummer, 10 eller 12 siffror, som text"
    if field.format == "orgnr":
        return "Organisationsnummer, tio siffror"
    if field.code_list:
        return "Kod ur listan"
    most = field.constraints.max_length
    forms = {
        "string": f"Text, högst {most} tecken" if most else "Text",
        "date": "Datum, ÅÅÅÅ-MM-DD",
        "number": "Tal",
        "integer": "Heltal",
        "yearmonth": "Månad, ÅÅÅÅ-MM",
    }
    return forms[field.type] + (f", {limits}" if (limits := _limits(field)) else "")


def required(field: Field) -> str:
    """Say whether every row must have the field."""
    return "Ja" if field.constraints.required else "Nej"


def when(expected: Expected | None) -> str:
    """Say when a dataset is sent."""
    if expected is None:
        return "När det finns något att skicka."
    after = "månaden efter" if len(expected.months) > 1 else MONTH_NAMES[expected.months[0] % 12]
    due = (
        f"den {_ordinal(expected.workday)} arbetsdagen i {after}"
        if expected.workday
        else f"den {expected.day}:e i {after}, eller arbetsdagen före om den dagen är ledig"
    )
    if expected.months == _EVERY_MONTH:
        return f"Varje månad, senast {due}."
    return f"För {enumerate_words([MONTH_NAMES[month - 1] for month in expected.months])}, senast {due}."


def codes_on(codelist: CodeList, day: date) -> tuple[Code, ...]:
    """Return the codes that are valid on a day, in the list's order."""
    return tuple(code for code in codelist.codes if code.is_valid_on(day))


def enumerate_words(words: Sequence[str]) -> str:
    """Return words as a Swedish sentence lists them."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} och {words[-1]}"


def _limits(field: Field) -> str:
    bounds = field.constraints
    if bounds.enum is not None:
        return " eller ".join(str(value) for value in bounds.enum)
    parts = [
        f"minst {_swedish(bounds.minimum)}" if bounds.minimum is not None else "",
        f"större än {_swedish(bounds.exclusive_minimum)}" if bounds.exclusive_minimum is not None else "",
        f"högst {_swedish(bounds.maximum)}" if bounds.maximum is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def _swedish(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",")


def _ordinal(number: int) -> str:
    words = ("första", "andra", "tredje", "fjärde", "femte", "sjätte", "sjunde", "åttonde", "nionde", "tionde")
    return words[number - 1] if number <= len(words) else f"{number}:e"
