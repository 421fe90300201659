"""What a person has written for a report, where it belongs; a text that must be there and is not is said to be missing."""

from __future__ import annotations

from typing import Literal

from arshjul.comparison.numbers import swedish_date
from arshjul.prose.texts import says_anything
from arshjul.reports.blocks import Block, Box, Heading, Paragraph, Run, plain
from arshjul.reports.report_type import Reading, Section
from arshjul.reports.written import figures_of, written_blocks

MISSING_TEXT = "Text saknas"

ECONOMIC = Section("ekonomiska_konsekvenser", "Ekonomiska konsekvenser")
"""Mandatory in board papers (requirement R67)."""

CHILDREN = Section("konsekvenser_for_barn", "Konsekvenser för barn")
"""Mandatory in board papers (requirement R68)."""


def body(reading: Reading, section: Section, indicator_id: str | None = None) -> list[Block]:
    """What has been written for a section, or for one indicator in it, and who wrote it when.

    Args:
        reading: Holds the texts.
        section: The section.
        indicator_id: The indicator that the text is about, where there is one text for each.

    Returns:
        The text; a warning when it is mandatory and missing; nothing when it is optional and missing.

    Raises:
        TextRefused: It holds something that may not stand in a report.
    """
    found = reading.texts.get(section.id, indicator_id)
    if found is None or not says_anything(found.markdown):
        if not section.is_mandatory:
            return []
        about = f" om {reading.facts.indicators[indicator_id].title.lower()}" if indicator_id else ""
        told = f"Någon ansvarig behöver skriva avsnittet ”{section.title}”{about} innan rapporten kan godkännas."
        return [Box(MISSING_TEXT, (plain(told),), "warning")]
    signed = f"{found.author}, {swedish_date(found.written_on)}"
    blocks = written_blocks(found, figures_of(reading), level=3 if indicator_id else 2)
    return [*blocks, Paragraph((Run(signed, "emphasis"),))]


def written_chapter(reading: Reading, section: Section, level: Literal[1, 2] = 1) -> list[Block]:
    """Write a chapter that is a person's text and nothing else; an optional one without a text is left out.

    Args:
        reading: Holds the texts.
        section: The section.
        level: Of its heading.
    """
    found = body(reading, section)
    return [Heading(section.title, level), *found] if found else []
