"""Reading YAML into frozen, typed objects that refuse what they do not know."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError


class CatalogueError(ValueError):
    """A definition in the catalogue is wrong; the message names the file and the key."""


class Definition(BaseModel):
    """Base of everything the catalogue defines: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


Defined = TypeVar("Defined", bound=Definition)


def read_definition(path: Path, kind: type[Defined]) -> Defined:
    """Read one YAML file as one definition.

    Args:
        path: The YAML file.
        kind: What it must hold.

    Raises:
        CatalogueError: The file is not YAML, lacks a key, has an unknown one or one of the wrong type.
    """
    try:
        return kind.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise CatalogueError(f"{path.name}: {error}") from None


def read_folder(folder: Path, kind: type[Defined]) -> dict[str, Defined]:
    """Read every YAML file in a folder (not below it), by file stem in name order.

    Raises:
        CatalogueError: As :func:`read_definition`.
    """
    return {path.stem: read_definition(path, kind) for path in sorted(folder.glob("*.yaml"))}
