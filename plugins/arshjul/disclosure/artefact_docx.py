"""Every text of a Word file: what is shown, read aloud, hidden, commented, or stands in its properties and links.

A Word file is a ZIP of XML parts (ECMA-376 part 1, §11; part 2). Parts that hold nothing but looks are passed over; of any
other part every text is given, so that what nobody thought of is read too.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LOOKS = frozenset(
    f"word/{name}.xml" for name in ("styles", "numbering", "fontTable", "webSettings", "settings", "theme/theme1")
)
_SAID = frozenset((f"{_WORD}tblCaption", f"{_WORD}tblDescription", f"{_WORD}alias", f"{_WORD}tag", f"{_WORD}docVar"))
_MADE = frozenset(("created", "modified", "revision"))
"""Properties that tell of the file and not of the report."""


class HiddenPartError(ValueError):
    """The file carries something along that cannot be read."""


def docx_texts(content: bytes) -> Iterator[str]:
    """Give every text of a Word file: one for each paragraph, alternative texts, names of parts, properties and links.

    Args:
        content: The file.

    Raises:
        HiddenPartError: It has a part that is neither XML nor a picture of a drawing.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.endswith(".rels"):
                # Only what leads out of the file: the others name its parts.
                for link in ET.fromstring(parts.read(name)):  # noqa: S314 - our own file, just written
                    if link.get("TargetMode") == "External":
                        yield str(link.get("Target"))
            elif name.endswith(".xml"):
                part = ET.fromstring(parts.read(name))  # noqa: S314
                if name in _LOOKS:
                    yield from (value for one in part.iter(f"{_WORD}docVar") for value in one.attrib.values())
                elif name != "[Content_Types].xml":
                    yield from _part_texts(part)
            elif not (name.startswith("word/media/") and name.endswith(".png")):
                raise HiddenPartError("a Word file carries along something that cannot be read")


def _part_texts(part: ET.Element) -> Iterator[str]:
    in_paragraphs = set()
    for paragraph in part.iter(f"{_WORD}p"):
        pieces = []
        for one in paragraph.iter():
            if one.tag == f"{_WORD}instrText":
                continue  # what a field counts is not a part of the sentence: it is told by itself below
            in_paragraphs.add(one)
            pieces.append("\n" if one.tag in (f"{_WORD}tab", f"{_WORD}br") else one.text or "")
        yield "".join(pieces)
    for one in part.iter():
        if one not in in_paragraphs and one.text and one.tag.rpartition("}")[2] not in _MADE:
            yield one.text
        for name, value in one.attrib.items():
            if one.tag in _SAID or name in ("descr", "title"):
                yield value
