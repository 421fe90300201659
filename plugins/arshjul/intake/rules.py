"""Every rule a row of a dataset can break, with the sentence its sender gets: one table, made from the contract.

The database judges rows by these checks (``include/sql/intake/judge_rows.sql.j2``), the offline checker by the same
(:mod:`arshjul.intake.judging`); what a sender is told comes from here alone. Source: spec/deliveries.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from arshjul.catalogue.codelists import CodeList
from arshjul.catalogue.contracts import Contract, Field, Rule
from arshjul.catalogue.yaml_files import CatalogueError
from arshjul.intake.parents import ENROLMENT_RULES, ParentKey, parents_of
from arshjul.intake.personnummer import PERSONNUMMER_ERRORS
from arshjul.intake.refusals import ROW_FAULTS

WHOLE_ROW = ""

_MOST_CHECKS = 62  # one bit each in a bigint
_MOST_CODES_TOLD = 6
_Told: TypeAlias = tuple[str, str, str, Rule | None, int | None]
_NOT_OF_ROW = ("rad_format", "dubblett", "motsagelse")
_OF_PERSON = ("minst_alder",)
_RESERVED = {"delivery_id", "row_no", "reasons", "fault", "fault_field", "sender", "period", "known_from", "known_to"}


@dataclass(frozen=True)
class Check:
    """One rule on one field.

    Attributes:
        position: Place in the contract's table, from 0: the bit of a row's reasons that says it is broken.
        rule: Name of the rule, as on the receipt.
        field: Field it is told on; empty when it is about the whole row.
        text: The sentence, unless an error's code says more (:data:`SAID_BY_CODE`).
        definition: The contract's rule, for rules over more than one field.
        parent: For a rule about a row's parent, the place of the foreign key: such a rule is tried again when a new
            delivery of parents has been loaded.
    """

    position: int
    rule: str
    field: str
    text: str
    definition: Rule | None = None
    parent: int | None = None

    @property
    def bit(self) -> int:
        return 1 << self.position


def of_words(contract: Contract, checks: Iterable[Check]) -> tuple[list[Check], list[Check]]:
    """Part a contract's checks of single rows by what decides them.

    Args:
        contract: The dataset.
        checks: Its checks.

    Returns:
        Those that codes, dates and numbers of the row alone decide, so that rows with the same words break them alike,
        and those that texts, a person, a parent or the row's number decide.
    """
    alike: list[Check] = []
    single: list[Check] = []
    for check in checks:
        if check.rule not in _NOT_OF_ROW:
            (alike if _is_of_words(contract, check) else single).append(check)
    return alike, single


def _is_of_words(contract: Contract, check: Check) -> bool:
    rule, field = check.definition, contract.field(check.field)
    names = {check.field, field.code_date}
    if rule:
        names |= {rule.other, rule.given, *(rule.less or ())}
    fields = [contract.field(name) for name in names if name]
    return (
        check.parent is None
        and check.rule not in _OF_PERSON
        and not any(one.is_text or one.format in ("personnummer", "radnummer") for one in fields)
    )


EXCLUDED = "utesluten_genom_rattelse"
"""Rule of a row that the municipality has decided to leave out; in the database such a row has it as its fault."""

SAID_BY_CODE: Mapping[str, Mapping[str, str]] = {
    "rad_format": {**ROW_FAULTS, EXCLUDED: "Raden räknas inte, enligt kommunens beslut om rättelse."},
    "personnummer": PERSONNUMMER_ERRORS,
}


def checks_of(
    contract: Contract, codelists: Mapping[str, CodeList], contracts: Mapping[str, Contract]
) -> tuple[Check, ...]:
    """List a contract's checks in the order of its fields.

    Args:
        contract: The dataset.
        codelists: Every code list, by name.
        contracts: Every contract, by name.

    Raises:
        CatalogueError: The contract has more rules than a row can note, a field with a name of ours, a rule about an
            enrolment without naming one, or a code list that is not there.
    """
    _refuse_unworkable(contract, codelists)
    parents = parents_of(contract, contracts)
    enrolment = next((key.place for key in parents if key.has_days), None)
    told: list[_Told] = [("rad_format", WHOLE_ROW, "Raden går inte att läsa.", None, None)]
    for field in contract.fields:
        told += [(rule, field.name, text, None, None) for rule, text in _field_rules(field, contract, codelists)]
    told += [("foralder_saknas", key.told_on, _parent_rule(key, contract), None, key.place) for key in parents]
    for rule in contract.rules:
        parent = enrolment if rule.rule in ENROLMENT_RULES else None
        if rule.rule in ENROLMENT_RULES and parent is None:
            raise CatalogueError(f"{contract.name}.yaml: {rule.rule} without an enrolment")
        told.append((rule.rule, rule.field, _row_rule(rule, contract), rule, parent))
    key = _enumerate([contract.field(name).title for name in contract.primary_key], "och")
    repeated = "Raden säger samma sak som en tidigare rad i filen. Bara den första räknas."
    contradicted = f"Flera rader i filen är lika i {key} men säger olika saker. Ingen av dem räknas."
    told += [("dubblett", WHOLE_ROW, repeated, None, None), ("motsagelse", WHOLE_ROW, contradicted, None, None)]
    if len(told) > _MOST_CHECKS:
        raise CatalogueError(f"{contract.name}.yaml: more than {_MOST_CHECKS} rules")
    return tuple(Check(place, *one) for place, one in enumerate(told))


def _refuse_unworkable(contract: Contract, codelists: Mapping[str, CodeList]) -> None:
    if reserved := _RESERVED & {field.name for field in contract.fields}:
        raise CatalogueError(f"{contract.name}.yaml: names of ours: {', '.join(sorted(reserved))}")
    if missing := {field.code_list for field in contract.fields if field.code_list} - codelists.keys():
        raise CatalogueError(f"{contract.name}.yaml: no code list {', '.join(sorted(map(str, missing)))}")


def _field_rules(field: Field, contract: Contract, codelists: Mapping[str, CodeList]) -> Iterator[tuple[str, str]]:
    bounds = field.constraints
    if bounds.required:
        yield "obligatorisk", f"{field.title} saknas."
    if field.format == "personnummer":
        yield "personnummer", f"{field.title} är inte ett giltigt nummer."
    elif field.code_list:
        yield "kodlista", _code_sentence(field, contract, codelists[field.code_list])
    elif form := _form(field):
        yield "format", f"{field.title} ska vara {form}."
    if bounds.max_length is not None:
        yield "langd", f"{field.title} får vara högst {bounds.max_length} tecken."
    if limits := _limits(field):
        yield "intervall", f"{field.title} ska vara {limits}."


def _form(field: Field) -> str | None:
    if field.format == "orgnr":
        return "tio siffror, med eller utan bindestreck, där den sista är rätt kontrollsiffra"
    return {
        "date": "ett datum som finns, skrivet ÅÅÅÅ-MM-DD eller ÅÅÅÅMMDD",
        "number": "ett tal, till exempel 7,5, utan mellanslag och enhet",
        "integer": "ett heltal",
        "yearmonth": "skriven ÅÅÅÅ-MM, till exempel 2026-03",
    }.get(field.type)


def _limits(field: Field) -> str | None:
    bounds = field.constraints
    if bounds.enum is not None:
        return _enumerate([str(value) for value in bounds.enum], "eller")
    if bounds.minimum is not None and bounds.maximum is not None:
        return f"från {_swedish(bounds.minimum)} till {_swedish(bounds.maximum)}"
    if bounds.minimum is not None:
        return f"minst {_swedish(bounds.minimum)}"
    if bounds.exclusive_minimum is not None:
        below = "" if bounds.maximum is None else f" och högst {_swedish(bounds.maximum)}"
        return f"större än {_swedish(bounds.exclusive_minimum)}{below}"
    return None if bounds.maximum is None else f"högst {_swedish(bounds.maximum)}"


def _code_sentence(field: Field, contract: Contract, codelist: CodeList) -> str:
    day = f"den dag som står i {contract.field(field.code_date).title}" if field.code_date else "i leveransmånaden"
    codes = [code.code for code in codelist.codes]
    told = f" Koderna är {_enumerate(codes, 'och')}." if len(codes) <= _MOST_CODES_TOLD else ""
    return f"{field.title} ska vara en kod i kodlistan {codelist.title} som gäller {day}.{told}"


def _parent_rule(key: ParentKey, contract: Contract) -> str:
    whose = (
        "era"
        if key.contract.sender == contract.sender
        else "kommunens"
        if key.contract.sender == "kommunen"
        else "anordnarens"
    )
    return (
        f"{contract.field(key.told_on).title} finns inte i {whose} leveranser av {key.contract.title.lower()} "
        "för den här månaden eller tidigare. När den kommer prövas raden igen av sig själv."
    )


def _row_rule(rule: Rule, contract: Contract) -> str:
    """The sentence of a rule over more than one field."""
    title = contract.field(rule.field).title
    other = contract.field(rule.other).title if rule.other else ""
    sentences = {
        "ej_efter_falt": f"{title} får inte vara senare än {other}.",
        "ej_fore_falt": f"{title} får inte vara tidigare än {other}.",
        "hogst_falt": f"{title} får inte vara större än {other}.",
        "ej_efter_manaden": f"{title} får inte ligga efter leveransmånaden.",
        "i_manaden": f"{title} ska ligga i leveransmånaden.",
        "leveransmanaden": f"{title} ska vara leveransmånaden.",
        "minst_alder": f"Personen ska ha fyllt {rule.years} år den dag som står i {title}.",
        "inom_insatsen": f"{title} ska ligga inom insatsens tid, från dess startdatum till dess slutdatum.",
        "insatsen_avslutad": "Insatsen är inte avslutad: den har inget slutdatum i er leverans.",
        "datamangdens_nyckel": (
            f"{title} ska ange hela nyckeln i datamängden, i kontraktets ordning, till exempel "
            "insats_id=A1;datum=2026-03-02."
        ),
        "datamangdens_falt": (
            f"{title} ska vara ett fält i datamängden som får rättas. Personnummer, känsliga texter och fält i nyckeln "
            "får inte rättas."
        ),
    }
    if rule.rule not in ("anges_precis_nar", "anges_nar"):
        return sentences[rule.rule]
    otherwise = ", annars inte" if rule.rule == "anges_precis_nar" else ""
    if rule.less:
        small, large = (contract.field(name).title for name in rule.less)
        return f"{title} ska anges när {small} är mindre än {large}{otherwise}."
    given = contract.field(rule.given or "").title
    return f"{title} ska anges när {given} är {rule.value or 'angivet'}{otherwise}."


def _enumerate(words: list[str], conjunction: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def _swedish(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",")
