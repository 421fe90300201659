"""Contracts: what a dataset's files must hold. The only place where a field is described.

Vocabulary: Frictionless Table Schema (fields, types, constraints, primaryKey, foreignKeys) with the additions ``codeList``,
``codeDate``, ``sensitive``, ``rules`` and
``expected``. Source: spec/deliveries.md.
"""

from __future__ import annotations

from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Literal

import attrs

from arshjul.catalogue.yaml_files import CatalogueError, Definition, changed, key, read_folder

RuleName = Literal[
    "ej_efter_falt",
    "ej_fore_falt",
    "hogst_falt",
    "ej_efter_manaden",
    "i_manaden",
    "leveransmanaden",
    "minst_alder",
    "anges_precis_nar",
    "anges_nar",
    "inom_insatsen",
    "insatsen_avslutad",
    "datamangdens_nyckel",
    "datamangdens_falt",
]


SENDER = "sender"
"""The field of a reference that is not in the parent's file: who sent it."""


class Constraints(Definition):
    """Frictionless constraints of one field."""

    required: bool = False
    max_length: int | None = attrs.field(default=None, metadata=key("maxLength"))
    minimum: Decimal | None = None
    exclusive_minimum: Decimal | None = attrs.field(default=None, metadata=key("exclusiveMinimum"))
    maximum: Decimal | None = None
    enum: tuple[int, ...] | None = None


class Field(Definition):
    """One column of a delivery.

    Attributes:
        name: Header in the file and column in the core table.
        title: The field in Swedish words; used in every sentence about it.
        description: What the sender should put there, in Swedish.
        type: Frictionless type.
        format: ``personnummer`` (never stored: becomes ``person_id``), ``orgnr``, or ``radnummer`` (an integer that is the
            row's number in the file when it is not given).
        sensitive: A text about a person: only its keyed mark is stored with the row, itself encrypted in the vault.
        example: A value as a sender may write it, for the pages.
        code_list: Code list the value must be in.
        code_date: Field whose date decides whether a code is valid; the delivery month's last day when not given.
        aliases: Other headers that mean the same.
        constraints: Required, lengths and bounds.
    """

    name: str
    title: str
    description: str
    type: Literal["string", "date", "number", "integer", "yearmonth"]
    format: Literal["personnummer", "orgnr", "radnummer"] | None = None
    sensitive: bool = False
    example: str | None = None
    code_list: str | None = attrs.field(default=None, metadata=key("codeList"))
    code_date: str | None = attrs.field(default=None, metadata=key("codeDate"))
    aliases: tuple[str, ...] = ()
    constraints: Constraints = Constraints()

    @property
    def is_text(self) -> bool:
        """Whether any text is good: the field holds no code, number or date."""
        return self.type == "string" and not self.format and not self.code_list

    @property
    def column(self) -> str:
        """Its column in staging and core."""
        return "person_id" if self.format == "personnummer" else f"{self.name}_mark" if self.sensitive else self.name


class Rule(Definition):
    """A rule over more than one field of a row, or over the row and its delivery.

    Attributes:
        rule: ``ej_efter_falt``/``ej_fore_falt`` field ≤/≥ other; ``hogst_falt`` field ≤ other (numbers);
            ``ej_efter_manaden`` field ≤ last day of the delivery month; ``i_manaden`` inside it; ``leveransmanaden`` is it;
            ``minst_alder`` the person is ``years`` or older on the day in field; ``anges_precis_nar`` field is given exactly
            when ``given`` is given (when it is ``value``, if one is named), or exactly when the first of ``less`` is less
            than the second; ``anges_nar`` field is given at least then; ``inom_insatsen`` the day lies inside the parent
            enrolment; ``insatsen_avslutad`` the parent enrolment has ended; ``datamangdens_nyckel`` and
            ``datamangdens_falt`` field names a row, or a field that may be corrected, of the dataset that other names. A
            rule over fields that are empty or unreadable holds.
        field: Field the reason is told on.
        forms: For the last two, the regular expression that field must match, by dataset: made by
            :func:`load_contracts` from the other contracts.
    """

    rule: RuleName
    field: str
    other: str | None = None
    years: int | None = None
    given: str | None = None
    value: str | None = None
    less: tuple[str, str] | None = None
    forms: tuple[tuple[str, str], ...] = ()


class Reference(Definition):
    """The other end of a foreign key."""

    resource: str
    fields: tuple[str, ...]


class ForeignKey(Definition):
    """A row's parent, delivered for this or an earlier month; a row that leaves one of the fields empty needs none.

    A provider's row has its parent in what the same provider delivers, or in what the municipality does. For the
    municipality's row with a parent of a provider's, ``reference`` says whose: its field ``sender`` is the provider.
    """

    fields: tuple[str, ...]
    reference: Reference


class Expected(Definition):
    """When a dataset is owed. One that is only sent when there is something to send has no such key.

    Attributes:
        months: Delivery months it is owed for, 1–12.
        window: How many delivery months count, the owed one the last of them. By default all since the one before in
            ``months``: a register owed for December has been delivered when it came some time in the year.
        workday: Due on this Swedish working day of the month after (1 is the first).
        day: Due on this day of the month after, or on the last working day before it.
    """

    months: tuple[int, ...] = tuple(range(1, 13))
    window: int | None = None
    workday: int | None = None
    day: int | None = None

    def __attrs_post_init__(self) -> None:
        if (
            not self.months
            or list(self.months) != sorted(set(self.months))
            or not set(self.months) <= set(range(1, 13))
        ):
            raise ValueError("months are 1–12, in order")
        if (self.workday is None) == (self.day is None):
            raise ValueError("expected is due on a workday or on a day")
        if not 1 <= (self.workday or self.day or 0) <= (15 if self.workday else 28):
            raise ValueError("workday is 1–15, day is 1–28")
        if self.window is not None and not 1 <= self.window <= 12:
            raise ValueError("window is 1–12 months")


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
        expected: When it is owed; ``None`` when it is only sent when there is something to send.
    """

    name: str
    title: str
    description: str
    sender: Literal["anordnare", "kommunen"]
    register_: bool = False
    order: int
    primary_key: tuple[str, ...] = attrs.field(metadata=key("primaryKey"))
    fields: tuple[Field, ...]
    foreign_keys: tuple[ForeignKey, ...] = attrs.field(default=(), metadata=key("foreignKeys"))
    rules: tuple[Rule, ...] = ()
    expected: Expected | None = None

    def __attrs_post_init__(self) -> None:
        names = [field.name for field in self.fields]
        if len(set(names)) != len(names):
            raise ValueError("a field stands twice")
        mentioned = {*self.primary_key, *(field.code_date for field in self.fields if field.code_date)}
        for rule in self.rules:
            mentioned |= {name for name in (rule.field, rule.other, rule.given, *(rule.less or ())) if name}
        for parent in self.foreign_keys:
            mentioned |= set(parent.fields)
        if unknown := mentioned - set(names):
            raise ValueError(f"unknown fields: {', '.join(sorted(unknown))}")
        for field in self.fields:
            if field.sensitive and (not field.is_text or field.name in self.primary_key):
                raise ValueError(f"{field.name}: only a text outside the key can be sensitive")
            if field.name in self.optional_key and not field.is_text:
                raise ValueError(f"{field.name}: only a text can be in the key and optional")

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
    def rank(self) -> tuple[bool, int]:
        """Files received together are loaded by rank: registers first, then parents before children."""
        return (not self.register_, self.order)

    @property
    def optional_key(self) -> tuple[str, ...]:
        """Names in the key that a row may leave empty: an empty one is as good a value as any."""
        return tuple(
            field.name
            for field in self.fields
            if field.name in self.primary_key and not field.constraints.required and field.format != "radnummer"
        )

    @property
    def sensitive_fields(self) -> tuple[Field, ...]:
        """The fields whose text is kept in the vault."""
        return tuple(field for field in self.fields if field.sensitive)

    @property
    def correctable_fields(self) -> tuple[str, ...]:
        """Names of the fields that a correction may change: none of the key, no personnummer, no sensitive text."""
        return tuple(
            field.name
            for field in self.fields
            if field.name not in self.primary_key and field.format != "personnummer" and not field.sensitive
        )

    @property
    def identity_field(self) -> Field | None:
        """The field that holds a personnummer, if the dataset has one."""
        return next((field for field in self.fields if field.format == "personnummer"), None)


def load_contracts(include: Traversable) -> dict[str, Contract]:
    """Read ``include/contracts``.

    Raises:
        CatalogueError: A contract is wrong or its name is not its file's.
    """
    contracts = read_folder(include / "contracts", Contract)
    for stem, contract in contracts.items():
        if contract.name != stem:
            raise CatalogueError(f"{stem}.yaml: name is {contract.name}")
        for parent in contract.foreign_keys:
            _require_parent(contract, parent, contracts)
    return {name: _with_forms(contract, contracts) for name, contract in contracts.items()}


def _with_forms(contract: Contract, contracts: dict[str, Contract]) -> Contract:
    """Say what the rules that follow the other contracts ask for."""
    others = [one for one in contracts.values() if one is not contract]
    forms = {
        "datamangdens_nyckel": {
            one.name: ";".join(f"{name}=[^;]{'*' if name in one.optional_key else '+'}" for name in one.primary_key)
            for one in others
        },
        "datamangdens_falt": {one.name: "|".join(one.correctable_fields) for one in others},
    }
    rules = (
        changed(rule, forms=tuple(forms[rule.rule].items())) if rule.rule in forms else rule for rule in contract.rules
    )
    return changed(contract, rules=tuple(rules))


def _require_parent(contract: Contract, key: ForeignKey, contracts: dict[str, Contract]) -> None:
    """Refuse a foreign key that names nothing, leaves open whose row it is, or cannot be loaded before the child."""
    parent = contracts.get(key.reference.resource)
    if parent is None:
        raise CatalogueError(f"{contract.name}.yaml: no dataset {key.reference.resource}")
    known = {SENDER, *(field.name for field in parent.fields)}
    if not set(key.reference.fields) <= known or len(key.fields) != len(key.reference.fields):
        raise CatalogueError(f"{contract.name}.yaml: {parent.name} has no such fields")
    if (parent.sender, contract.sender) == ("anordnare", "kommunen") and SENDER not in key.reference.fields:
        raise CatalogueError(f"{contract.name}.yaml: does not say whose row of {parent.name} is meant")
    if parent.rank >= contract.rank:
        raise CatalogueError(f"{contract.name}.yaml: {parent.name} is not loaded before it")
