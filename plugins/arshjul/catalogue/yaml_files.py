"""Reading YAML into frozen, typed objects that refuse what they do not know.

attrs and cattrs, because they are Python all through: the sender's checker reads the same contracts with them from one
file on any machine.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources.abc import Traversable
from typing import Any, TypeVar, cast, dataclass_transform, get_args

import attrs
import yaml
from cattrs import BaseConverter, Converter, ForbiddenExtraKeysError, transform_error
from cattrs.gen import make_dict_structure_fn, override

_KEY, _EXTENSION = "key", ".yaml"
# The same language read by libyaml, which takes a tenth of the time; the sender's machine may be without it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CatalogueError(ValueError):
    """A definition in the catalogue is wrong; the message names the file and the key."""


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(attrs.field,))
class Definition:
    """Base of everything the catalogue defines: frozen, and an unknown key is an error.

    An attribute is read from the key of its name; from another with ``attrs.field(metadata=key("maxLength"))``. A last
    underscore keeps a name from being a word of Python's. What holds between attributes is checked in
    ``__attrs_post_init__``, by raising :class:`ValueError`.
    """

    def __init_subclass__(cls) -> None:
        # Without slots attrs changes the class in place, so that a subclass needs no decorator to forget.
        attrs.frozen(kw_only=True, slots=False)(cls)


Defined = TypeVar("Defined", bound=Definition)


def key(name: str) -> dict[str, str]:
    """Return the metadata of an attribute whose key in the file is not its name."""
    return {_KEY: name}


def as_definition(data: object, kind: type[Defined]) -> Defined:
    """Build one definition from what a YAML file holds.

    Args:
        data: Mappings, lists and scalars as YAML gives them.
        kind: What they must hold.

    Raises:
        CatalogueError: A key is missing, unknown or holds a value of the wrong type. No value is converted: the text
            ``"3"`` is no number and ``true`` is no integer.
    """
    try:
        return _CONVERTER.structure(data, kind)
    except Exception as error:
        # Whatever a validator or cattrs itself raises is about what stands in the file.
        raise CatalogueError("; ".join(transform_error(error, "$", _say))) from None


def changed(definition: Defined, **values: Any) -> Defined:
    """Return a definition with other values for some of its attributes."""
    other: Defined = attrs.evolve(cast("Any", definition), **values)
    return other


def read_definition(path: Traversable, kind: type[Defined]) -> Defined:
    """Read one YAML file as one definition.

    Args:
        path: The YAML file.
        kind: What it must hold.

    Raises:
        CatalogueError: The file is not YAML, lacks a key, has an unknown one or one of the wrong type.
    """
    try:
        return parse_definition(path.read_text(encoding="utf-8"), kind)
    except CatalogueError as error:
        raise CatalogueError(f"{path.name}: {error}") from None


def parse_definition(text: str, kind: type[Defined]) -> Defined:
    """Read a text of YAML as one definition; the same text is read once, since what it gives is frozen.

    Args:
        text: The YAML.
        kind: What it must hold.

    Raises:
        CatalogueError: It is not YAML, lacks a key, has an unknown one or one of the wrong type.
    """
    try:
        return cast(Defined, _parsed(text, cast("Any", kind)))
    except yaml.YAMLError as error:
        raise CatalogueError(str(error)) from None


@lru_cache(maxsize=1024)
def _parsed(text: str, kind: Any) -> Any:
    return as_definition(yaml.load(text, _LOADER), kind)  # noqa: S506 - both are safe


def read_folder(folder: Traversable, kind: type[Defined]) -> dict[str, Defined]:
    """Read every YAML file in a folder (not below it), by file stem in name order.

    Raises:
        CatalogueError: As :func:`read_definition`.
    """
    files = {path.name.removesuffix(_EXTENSION): path for path in folder.iterdir() if path.name.endswith(_EXTENSION)}
    return {stem: read_definition(files[stem], kind) for stem in sorted(files)}


def _converter() -> Converter:
    """A converter that converts nothing: every value must already be what the definition says."""
    converter = Converter()
    for scalar in (str, int, bool):
        converter.register_structure_hook(scalar, _only)
    converter.register_structure_hook(float, lambda value, _: float(_number(value)))
    converter.register_structure_hook(Decimal, lambda value, _: _number(value))
    converter.register_structure_hook(date, _day)
    converter.register_structure_hook_factory(_is_tuple, _tuple)
    converter.register_structure_hook_factory(_is_definition, _definition)
    return converter


def _only(value: Any, kind: type) -> Any:
    # The type itself, not isinstance: true is an int to Python.
    if type(value) is not kind:
        raise TypeError(f"expected {kind.__name__}, found {type(value).__name__}")
    return value


def _number(value: Any) -> Decimal:
    if type(value) not in (int, float):
        raise TypeError(f"expected a number, found {type(value).__name__}")
    return Decimal(str(value))


def _day(value: Any, _: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError(f"expected a date, found {type(value).__name__}")
    return value


def _is_tuple(kind: Any) -> bool:
    return getattr(kind, "__origin__", None) is tuple


def _tuple(kind: Any, converter: BaseConverter) -> Callable[[Any, Any], Any]:
    items: Any = get_args(kind)
    length = None if items[-1] is ... else len(items)

    def structure(value: Any, _: Any) -> Any:
        if not isinstance(value, list):
            raise TypeError(f"expected a list, found {type(value).__name__}")
        if length is not None and len(value) != length:
            raise TypeError(f"expected {length} items, found {len(value)}")
        return tuple(converter.structure(value, list[items[0]]))

    return structure


def _is_definition(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Definition)


def _definition(kind: Any, converter: BaseConverter) -> Callable[[Any, Any], Any]:
    attrs.resolve_types(kind)
    keys: dict[str, Any] = {
        one.name: override(rename=one.metadata.get(_KEY, one.name.removesuffix("_"))) for one in attrs.fields(kind)
    }
    structure_mapping = make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True, **keys)

    def structure(value: Any, _: Any) -> Any:
        if not isinstance(value, dict):
            raise TypeError(f"expected keys and values, found {type(value).__name__}")
        return structure_mapping(value, kind)

    return structure


def _say(error: BaseException, _: Any) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    if isinstance(error, ForbiddenExtraKeysError):
        return f"unknown keys: {', '.join(sorted(map(str, error.extra_fields)))}"
    return str(error)


_CONVERTER = _converter()
