"""The text layer of a PDF, its alternative texts and its properties: what a program that reads the file gets out of it.

ISO 32000-1 §9.4.3 (showing text), §9.10.2–3 (ToUnicode), §14.9 (alternative and replacement texts).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

_CHAR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_FOOT = re.compile(r"\d+ \(\d+\)$")
"""Which page it is, of how many."""

_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end(?:bfchar|bfrange)", re.DOTALL)


def pdf_texts(content: bytes) -> Iterator[str]:
    """Give every text of a PDF: one for each page, alternative texts, titles and properties.

    Args:
        content: The file.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as document:
        for page in document.pages:
            # Letters of drawings stand one by one, without saying where a number ends; the drawing's own text does.
            words = " ".join(text for text in _shown(page, pikepdf) if len(text.strip()) > 1)
            yield _FOOT.sub("", words)
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary):
                for name in ("/Alt", "/ActualText", "/Title", "/Contents"):
                    if isinstance(item.get(name), pikepdf.String):
                        yield str(item[name])
        for name, value in document.docinfo.items():
            if name not in ("/CreationDate", "/ModDate", "/Creator", "/Producer"):
                yield str(value)


def _shown(page: Any, pikepdf: Any) -> Iterator[str]:
    """The texts that a page shows, in the letters that copying them would give."""
    fonts = {str(name): _to_unicode(font) for name, font in page.resources.get("/Font", {}).items()}
    letters: dict[bytes, str] = {}
    text: list[str] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BT":
                text = []
            case "Tf":
                letters = fonts.get(str(operands[0]), {})
            case "Tj" | "'" | '"':
                text.append(_read(bytes(operands[-1]), letters))
            case "TJ":
                text += [_read(bytes(one), letters) for one in operands[0] if isinstance(one, pikepdf.String)]
            case "ET":
                yield "".join(text)


def _read(codes: bytes, letters: dict[bytes, str]) -> str:
    if not letters:
        return codes.decode("latin-1")
    width = len(next(iter(letters)))
    return "".join(letters.get(codes[place : place + width], "") for place in range(0, len(codes), width))


def _to_unicode(font: Any) -> dict[bytes, str]:
    """A font's codes and what each of them says."""
    if "/ToUnicode" not in font:
        return {}
    letters: dict[bytes, str] = {}
    for section in _SECTION.finditer(font.ToUnicode.read_bytes()):
        if section[1] == b"bfchar":
            for code, said in _CHAR.findall(section[2]):
                letters[bytes.fromhex(code.decode())] = _said(said)
        else:
            for first, last, said in _RANGE.findall(section[2]):
                start, width = int(first, 16), len(first) // 2
                for step in range(int(last, 16) - start + 1):
                    base = _said(said)
                    letters[(start + step).to_bytes(width, "big")] = base[:-1] + chr(ord(base[-1]) + step)
    return letters


def _said(code: bytes) -> str:
    return bytes.fromhex(code.decode()).decode("utf-16-be")
