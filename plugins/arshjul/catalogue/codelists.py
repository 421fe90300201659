"""Code lists: the words senders may use, with the dates they are valid."""

from __future__ import annotations

from datetime import date
from importlib.resources.abc import Traversable

import attrs

from arshjul.catalogue.yaml_files import CatalogueError, Definition, read_folder


class Code(Definition):
    """One code.

    Attributes:
        code: What stands in the file.
        title: The code in Swedish words.
        valid_from: First day it may be used.
        valid_to: Last day it may be used, ``None`` while it runs.
        attributes: What else the list says of the code (an exit reason: what it counts as).
    """

    code: str
    title: str
    valid_from: date
    valid_to: date | None = None
    attributes: dict[str, str] = attrs.field(factory=dict)

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class CodeList(Definition):
    """A list of codes in the order that tables and charts use."""

    name: str
    title: str
    codes: tuple[Code, ...]

    def __attrs_post_init__(self) -> None:
        codes = [code.code for code in self.codes]
        if len(set(codes)) != len(codes):
            raise ValueError("a code stands twice")

    def code(self, code: str) -> Code | None:
        """Return the code, or ``None`` when the list does not have it."""
        return next((one for one in self.codes if one.code == code), None)


EXIT_DEFINITIONS = ("own", "kolada", "lenient")
EXIT_COUNTS_AS = ("reached", "not", "outside")


def load_codelists(include: Traversable) -> dict[str, CodeList]:
    """Read ``include/contracts/codelists``.

    Raises:
        CatalogueError: A list is wrong, or an exit reason does not say what it counts as.
    """
    lists = read_folder(include / "contracts" / "codelists", CodeList)
    for stem, codelist in lists.items():
        if codelist.name != stem:
            raise CatalogueError(f"{stem}.yaml: name is {codelist.name}")
    for code in lists["avslutsorsaker"].codes:
        if set(code.attributes) != set(EXIT_DEFINITIONS) or not set(code.attributes.values()) <= set(EXIT_COUNTS_AS):
            raise CatalogueError(f"avslutsorsaker.yaml: {code.code} does not say what it counts as")
    return lists
