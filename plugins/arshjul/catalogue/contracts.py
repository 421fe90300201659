"""Contracts: what a dataset's files must hold. The only place where a field is described.

Vocabulary: Frictionless Table Schema (fields, types, constraints, primaryKey, foreignKeys) with the additions ``codeList``,
``codeDate`` and ``rules``. Source: spec/deliveries.md.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import Field as Key
from pydantic import model_validator

from arshjul.catalogue.yaml_files import CatalogueError, Definition, read_folder

RuleName = Literal[
    "ej_efter_falt",
    "ej_fore_falt",
    "hogst_falt",
    "ej_efter_manaden",
    "i_manaden",
    "leveransmanaden",
    "minst_alder",
    "anges_precis_nar",
    "inom_insatsen",
    "insatsen_avslutad",
]


class Constraints(Definition):
    """Frictionless constraints of one field."""

    required: bool = False
    max_length: int | None = Key(default=None, alias="maxLength")
    minimum: Decimal | None = None
    exclusive_minimum: Decimal | None = Key(default=None, alias="exclusiveMinimum")
    maximum: Decimal | None = None
    enum: tuple[int, ...] | None = None


class Field(Definition):
    """One column of a delivery.

    Attributes:
        name: Header in the file and column in the core table.
        title: The field in Swedish words; used in every sentence about it.
        description: What the sender should put there, in Swedish.
        type: Frictionless type.
        format: ``personnummer`` (never stored: becomes ``person_id``) or ``orgnr``.
        code_list: Code list the value must be in.
        code_date: Field whose date decides whether a code is valid; the delivery month's last day when not given.
        aliases: Other headers that mean the same.
        constraints: Required, lengths and bounds.
    """

    name: str
    title: str
    description: str
    type: Literal["string", "date", "number", "integer", "yearmonth"]
    format: Literal["personnummer", "orgnr"] | None = None
    code_list: str | None = Key(default=None, alias="codeList")
    code_date: str | None = Key(default=None, alias="codeDate")
    aliases: tuple[str, ...] = ()
    constraints: Constraints = Constraints()


class Rule(Definition):
    """A rule over more than one field of a row, or over the row and its delivery.

    Attributes:
        rule: ``ej_efter_falt``/``ej_fore_falt`` field ≤/≥ other; ``hogst_falt`` field ≤ other (numbers);
            ``ej_efter_manaden`` field ≤ last day of the delivery month; ``i_manaden`` inside it; ``leveransmanaden`` is it;
            ``minst_alder`` the person is ``years`` or older on the day in field; ``anges_precis_nar`` field is given exactly
            when ``given`` is given, or exactly when the first of ``less`` is less than the second; ``inom_insatsen`` the day
            lies inside the parent enrolment; ``insatsen_avslutad`` the parent enrolment has ended. A rule over fields that
            are empty or unreadable holds.
        field: Field the reason is told on.
    """

    rule: RuleName
    field: str
    other: str | None = None
    years: int | None = None
    given: str | None = None
    less: tuple[str, str] | None = None


class Reference(Definition):
    """The other end of a foreign key."""

    resource: str
    fields: tuple[str, ...]


class ForeignKey(Definition):
    """A row's parent, delivered by the same sender for this or an earlier month."""

    fields: tuple[str, ...]
    reference: Reference


class Contract(Definition):
    """What one dataset's files must hold.

    Attributes:
        name: Dataset; also the name of its core table.
        title: The dataset in Swedish words.
        description: For the sender, in Swedish.
        sender: Who may send it: ``anordnare`` or ``kommunen``.
        register: Delivered whole: a row that is gone from the newest delivery is closed.
        order: Files received together are loaded in this order (parents first).
        primary_key: Key within one sender.
    """

    name: str
    title: str
    description: str
    sender: Literal["anordnare", "kommunen"]
    register_: bool = Key(default=False, alias="register")
    order: int
    primary_key: tuple[str, ...] = Key(alias="primaryKey")
    fields: tuple[Field, ...]
    foreign_keys: tuple[ForeignKey, ...] = Key(default=(), alias="foreignKeys")
    rules: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _names_exist(self) -> Contract:
        names = [field.name for field in self.fields]
        if len(set(names)) != len(names):
            raise ValueError("a field stands twice")
        mentioned = {*self.primary_key, *(field.code_date for field in self.fields if field.code_date)}
        for rule in self.rules:
            mentioned |= {name for name in (rule.field, rule.other, rule.given, *(rule.less or ())) if name}
        for key in self.foreign_keys:
            mentioned |= set(key.fields)
        if unknown := mentioned - set(names):
            raise ValueError(f"unknown fields: {', '.join(sorted(unknown))}")
        return self

    def field(self, name: str) -> Field:
        """Return the field with that name.

        Raises:
            KeyError: The contract has no such field.
        """
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def identity_field(self) -> Field | None:
        """The field that holds a personnummer, if the dataset has one."""
        return next((field for field in self.fields if field.format == "personnummer"), None)


def load_contracts(include: Path) -> dict[str, Contract]:
    """Read ``include/contracts``.

    Raises:
        CatalogueError: A contract is wrong or its name is not its file's.
    """
    contracts = read_folder(include / "contracts", Contract)
    for stem, contract in contracts.items():
        if contract.name != stem:
            raise CatalogueError(f"{stem}.yaml: name is {contract.name}")
        for key in contract.foreign_keys:
            if key.reference.resource not in contracts:
                raise CatalogueError(f"{stem}.yaml: no dataset {key.reference.resource}")
    return contracts
