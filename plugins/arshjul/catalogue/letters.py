"""Texts of ``include/templates`` that are no web pages: letters, whose first line is the subject."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def plain_text(include: Path, template: str, /, **values: Any) -> str:
    """Write a text.

    Args:
        include: The catalogue's folder.
        template: Its name in ``templates``.
        values: What it uses; one that is missing is an error, not an empty space.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(include / "templates"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - plain text
        trim_blocks=True,
    )
    return environment.get_template(template).render(**values)
