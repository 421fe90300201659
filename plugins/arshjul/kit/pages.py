"""A page for senders about each dataset, made from its contract: ``docs/leveranser``, written by ``make docs``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from arshjul.catalogue.codelists import Code, CodeList
from arshjul.catalogue.contracts import Contract
from arshjul.intake.personnummer import PERSONNUMMER_ERRORS
from arshjul.intake.refusals import REFUSALS, ROW_FAULTS
from arshjul.intake.rules import checks_of
from arshjul.kit.example import example_row
from arshjul.kit.wording import (
    BEFORE_SENDING,
    CORRECTION,
    HOW_TO_SEND,
    SENDERS,
    enumerate_words,
    file_name,
    form_of,
    required,
    when,
)
from arshjul.periods import Month

INDEX = "README.md"

_MADE = "<!-- Sidan är gjord av kontraktet med make docs. Ändra i include/contracts. -->"
_EXAMPLE_MONTH = Month(2026, 3)
_EXAMPLE_SENDER = "5560360793"
_WHOLE_ROW = "hela raden"
_SENDING = (BEFORE_SENDING, HOW_TO_SEND, CORRECTION)
_WHAT_IT_IS = (
    "En leverans är en fil med en datamängd för en månad. Filen heter datamängd, avsändarens organisationsnummer och "
    "månad, till exempel `{name}`, och är CSV, Excel (.xlsx) eller JSON."
)
_RECEIPT = (
    "Ni får en kvittens på varje fil. Rader som är fel läggs i karantän och läses inte in; de andra läses in. Kvittensen "
    "säger vilken rad det är, vilket fält och vad som är fel. Rad 1 är den första under rubrikraden."
)


def sender_pages(contracts: Mapping[str, Contract], codelists: Mapping[str, CodeList]) -> Iterator[tuple[str, str]]:
    """Make every page for senders.

    Args:
        contracts: Every contract, by name.
        codelists: Every code list, by name.

    Yields:
        File name and text, the index first.
    """
    yield INDEX, _index(contracts)
    for contract in contracts.values():
        yield f"{contract.name}.md", _page(contract, contracts, codelists)


def _index(contracts: Mapping[str, Contract]) -> str:
    parts = [
        _MADE,
        "# Leveranser",
        _WHAT_IT_IS.format(name=_example_name("insatser", "csv")),
    ]
    for sender, title in (("anordnare", "Från anordnare"), ("kommunen", "Från kommunens egna system")):
        own = sorted((one for one in contracts.values() if one.sender == sender), key=lambda one: one.title)
        rows = [[f"[{one.title}]({one.name}.md)", f"`{one.name}`", when(one.expected)] for one in own]
        parts += [f"## {title}", _table(["Datamängd", "Filnamnet börjar med", "När"], rows)]
    refused = [[f"`{code}`", text] for code, text in REFUSALS.items()]
    parts += [
        "## Så här skickar ni",
        _steps(["Fyll i mallen för datamängden, eller ta ut filen ur ert system.", *_SENDING]),
        "## Kvittensen",
        _RECEIPT,
        "En fil som inte går att läsa alls avvisas. Då läses ingenting i den in:",
        _table(["Regel", "Kvittensen säger"], refused),
    ]
    return "\n\n".join(parts) + "\n"


def _page(contract: Contract, contracts: Mapping[str, Contract], codelists: Mapping[str, CodeList]) -> str:
    key = enumerate_words([contract.field(name).title.lower() for name in contract.primary_key])
    whole = "Registret skickas i sin helhet: en rad som saknas räknas som avslutad. " if contract.register_ else ""
    fields = [
        [f"`{one.name}`", one.title, required(one), form_of(one), _description(one.description, one.aliases)]
        for one in contract.fields
    ]
    parts = [
        _MADE,
        f"# {contract.title}",
        contract.description,
        _table(
            ["", ""],
            [
                ["Filens namn", f"`{file_name(contract, 'csv')}`, eller `.xlsx` eller `.json`"],
                ["Skickas av", SENDERS[contract.sender]],
                ["När", when(contract.expected)],
                ["Rader skiljs åt av", key],
            ],
        ),
        f"{whole}{CORRECTION}",
        "## Kolumner",
        _table(["Kolumn", "Betyder", "Måste anges", "Skrivs som", "Vad som ska stå där"], fields),
        *_codes(contract, codelists),
        "## Exempel",
        *_example(contract, contracts, codelists),
        "## Vad kvittensen säger när något är fel",
        _table(["Fält", "Regel", "Kvittensen säger"], _sentences(contract, contracts, codelists)),
        "## Vanliga misstag",
        "\n".join(f"- {mistake}" for mistake in _mistakes(contract)),
        f"[Alla datamängder]({INDEX})",
    ]
    return "\n\n".join(parts) + "\n"


def _description(text: str, aliases: Sequence[str]) -> str:
    return text + (f" Kolumnen får också heta {enumerate_words([f'`{one}`' for one in aliases])}." if aliases else "")


def _codes(contract: Contract, codelists: Mapping[str, CodeList]) -> Iterator[str]:
    """The code lists, each once, with the fields that use them."""
    uses: dict[str, list[str]] = {}
    for one in contract.fields:
        if one.code_list:
            uses.setdefault(one.code_list, []).append(f"`{one.name}`")
    for name, fields in uses.items():
        yield f"## Koder för {enumerate_words(fields)}"
        rows = [[f"`{code.code}`", code.title, _validity(code)] for code in codelists[name].codes]
        yield _table(["Kod", "Betyder", "Gäller"], rows)


def _validity(code: Code) -> str:
    until = f" till och med {code.valid_to.isoformat()}" if code.valid_to else ""
    return f"från {code.valid_from.isoformat()}{until}"


def _example(
    contract: Contract, contracts: Mapping[str, Contract], codelists: Mapping[str, CodeList]
) -> tuple[str, ...]:
    row = example_row(contract, codelists, contracts, _EXAMPLE_MONTH)
    return (
        f"Filen `{_example_name(contract.name, 'csv')}` med en påhittad rad:",
        "\n".join(["```", ";".join(row), ";".join(row.values()), "```"]),
    )


def _example_name(dataset: str, extension: str) -> str:
    return f"{dataset}_{_EXAMPLE_SENDER}_{_EXAMPLE_MONTH.key}.{extension}"


def _sentences(
    contract: Contract, contracts: Mapping[str, Contract], codelists: Mapping[str, CodeList]
) -> Iterator[list[str]]:
    """Every rule of the contract with the sentences a receipt can say of it."""
    for check in checks_of(contract, codelists, contracts):
        said = {"rad_format": ROW_FAULTS, "personnummer": PERSONNUMMER_ERRORS}.get(check.rule)
        for text in said.values() if said else (check.text,):
            yield [f"`{check.field}`" if check.field else _WHOLE_ROW, f"`{check.rule}`", text]


def _mistakes(contract: Contract) -> Iterator[str]:
    """What senders do wrong, as far as this dataset's columns invite to it."""
    types = {one.type for one in contract.fields}
    rules = {rule.rule for rule in contract.rules}
    if contract.identity_field:
        yield (
            "Excel gör personnummer till tal, och inledande nollor försvinner. Använd mallen, där kolumnen är text, eller "
            "gör kolumnen till text innan ni skriver i den."
        )
    if "date" in types:
        yield "Datum skrivs som 16/3-26 eller 2026-3-16. Skriv 2026-03-16, eller låt Excel ha det som datum."
    if types & {"number", "integer"}:
        yield "Tal skrivs med enhet eller mellanslag, som 7,5 tim eller 1 000. Skriv bara siffrorna: 7,5 och 1000."
    if any(one.code_list for one in contract.fields):
        yield "Kodens betydelse skrivs i stället för koden. Skriv koden precis som i listan ovan."
    if rules & {"i_manaden", "leveransmanaden"}:
        yield "Filnamnets månad är en annan än radernas. Månaden i namnet är den som uppgifterna gäller."
    if contract.foreign_keys:
        yield "Det som raderna hör till har inte kommit ännu. Skicka det samtidigt: då läses det in först."
    yield "Bara de rättade raderna skickas om. En ny fil ersätter hela den förra, så skicka alla rader."
    yield "Samma rad står två gånger med olika uppgifter. Då läses ingen av dem in."


def _steps(steps: Sequence[str]) -> str:
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))


def _table(head: Sequence[str], rows: Iterator[list[str]] | Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)
