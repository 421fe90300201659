"""The text layer of a PDF, its alternative texts and its properties: what a program that reads the file gets out of it.

Drawings are set letter by letter, each at its own place: letters that stand where the one before ends are one word, as
the eye reads them. ISO 32000-1 §8.3.4 and §9.4 (where text is shown), §9.7.4.3 (widths of letters), §9.10.2–3
(ToUnicode), §14.9 (alternative and replacement texts).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import hypot
from typing import Any
from xml.etree import ElementTree as ET

from arshjul.disclosure.artefact_docx import HiddenPartError

_CHAR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_FOOT = re.compile(r"\d+ \(\d+\)$")
"""Which page it is, of how many."""

_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end(?:bfchar|bfrange)", re.DOTALL)

_SAID = ("/Alt", "/ActualText", "/E", "/Title", "/Contents", "/TU", "/V", "/URI")
_OF_REPORT = ("{http://purl.org/dc/elements/1.1/}", "{http://ns.adobe.com/pdf/1.3/}Keywords")

_JOIN = 0.15
"""Texts this near, in letter heights, are one; the narrowest space between words is wider."""

Matrix = tuple[float, float, float, float, float, float]
_UNMOVED: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True)
class _Font:
    """How a font's codes are read: what each says, how wide it is in thousandths, and how many bytes it takes."""

    letters: Mapping[bytes, str]
    widths: Mapping[int, float]
    code_length: int


@dataclass(frozen=True)
class _Piece:
    """A text as one operator shows it: what, from where to where on the page, and how high its letters are."""

    text: str
    start: tuple[float, float]
    end: tuple[float, float]
    height: float

    def begins_at(self, place: tuple[float, float]) -> bool:
        return hypot(self.start[0] - place[0], self.start[1] - place[1]) <= _JOIN * self.height


def pdf_texts(content: bytes) -> Iterator[str]:
    """Give every text of a PDF: one for each page and drawing, alternative texts, titles, links and properties.

    Args:
        content: The file.

    Raises:
        HiddenPartError: It carries a file along.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as document:
        for page in document.pages:
            shown = _shown(page, page.resources, pikepdf)
            yield _FOOT.sub("", " ".join(_words(shown)))
        for item in document.objects:
            if isinstance(item, pikepdf.Stream):
                yield from _stream_texts(item, pikepdf)
            if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
                yield from (str(item[name]) for name in _SAID if isinstance(item.get(name), pikepdf.String))
        for name, value in document.docinfo.items():
            if name not in ("/CreationDate", "/ModDate", "/Creator", "/Producer"):
                yield str(value)


def _stream_texts(stream: Any, pikepdf: Any) -> Iterator[str]:
    if stream.get("/Type") == "/EmbeddedFile":
        raise HiddenPartError("a PDF carries along something that cannot be read")
    if stream.get("/Subtype") == "/Form" or "/PatternType" in stream:
        yield " ".join(_words(_shown(stream, stream.get("/Resources", {}), pikepdf)))
    elif stream.get("/Subtype") == "/XML":
        yield from _described(stream.read_bytes())


def _described(metadata: bytes) -> Iterator[str]:
    """What the metadata (XMP) says of the report; the rest of it tells of the file."""
    for part in ET.fromstring(metadata).iter():  # noqa: S314 - our own file, just written
        told = [(part.tag, "".join(part.itertext())), *part.attrib.items()]
        yield from (text for name, text in told if name.startswith(_OF_REPORT) and "date" not in name)


def _words(pieces: Iterable[_Piece]) -> list[str]:
    """Put pieces together that stand end to end. What is drawn twice at one place, as a halo is, is read once."""
    found = list(pieces)
    words = [found[0].text] if found else []
    for before, piece in pairwise(found):
        if piece.text == before.text and piece.begins_at(before.start):
            continue
        if piece.begins_at(before.end):
            words[-1] += piece.text
        else:
            words.append(piece.text)
    return [word for word in words if word.strip()]


def _times(one: Matrix, other: Matrix) -> Matrix:
    """Apply one transformation, and then another."""
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


class _Pen:
    """Where the next letter is shown: the state that a page's operators change."""

    def __init__(self) -> None:
        self.page = self.line = self.text = _UNMOVED
        self.saved: list[tuple[Matrix, str, float]] = []
        self.font, self.size, self.leading = "", 0.0, 0.0

    def do(self, operator: str, operands: list[Any]) -> None:
        """Follow an operator that shows nothing."""
        match operator:
            case "q":
                self.saved.append((self.page, self.font, self.size))
            case "Q":
                self.page, self.font, self.size = self.saved.pop()
            case "cm":
                self.page = _times(_matrix(operands), self.page)
            case "BT":
                self.line = self.text = _UNMOVED
            case "Tm":
                self.line = self.text = _matrix(operands)
            case "Td" | "TD":
                self.next_line(float(operands[0]), float(operands[1]))
                self.leading = -float(operands[1]) if operator == "TD" else self.leading
            case "TL":
                self.leading = float(operands[0])
            case "T*" | "'" | '"':
                self.next_line(0, -self.leading)
            case "Tf":
                self.font, self.size = str(operands[0]), float(operands[1])

    def next_line(self, right: float, up: float) -> None:
        self.line = self.text = _times((1, 0, 0, 1, right, up), self.line)

    def show(self, parts: Iterable[Any], font: _Font, pikepdf: Any) -> _Piece:
        """Show texts with small moves between them, and stand where they end."""
        said, start, height = "", self._place(), self._height()
        for part in parts:
            if isinstance(part, pikepdf.String):
                codes = bytes(part)
                said += _read(codes, font)
                wide = sum(font.widths.get(code, 0.0) for code in _codes(codes, font.code_length))
            else:
                wide = -float(part)
            self.text = _times((1, 0, 0, 1, wide / 1000 * self.size, 0), self.text)
        return _Piece(said, start, self._place(), height)

    def _place(self) -> tuple[float, float]:
        return _times(self.text, self.page)[4:]

    def _height(self) -> float:
        return self.size * hypot(*_times(self.text, self.page)[2:4])


def _matrix(operands: list[Any]) -> Matrix:
    a, b, c, d, e, f = map(float, operands)
    return a, b, c, d, e, f


def _shown(page: Any, resources: Any, pikepdf: Any) -> Iterator[_Piece]:
    """The texts that a page or a drawing shows, in the letters that copying them would give."""
    fonts = {str(name): _font(font) for name, font in resources.get("/Font", {}).items()}
    pen = _Pen()
    for operands, operator in pikepdf.parse_content_stream(page):
        pen.do(str(operator), list(operands))
        match str(operator):
            case "Tj" | "'" | '"':
                yield pen.show([operands[-1]], fonts[pen.font], pikepdf)
            case "TJ":
                yield pen.show(operands[0], fonts[pen.font], pikepdf)


def _codes(codes: bytes, length: int) -> Iterator[int]:
    for place in range(0, len(codes), length):
        yield int.from_bytes(codes[place : place + length], "big")


def _read(codes: bytes, font: _Font) -> str:
    if not font.letters:
        return codes.decode("latin-1")
    width = font.code_length
    return "".join(font.letters.get(codes[place : place + width], "") for place in range(0, len(codes), width))


def _font(font: Any) -> _Font:
    letters = _to_unicode(font)
    is_composite = "/DescendantFonts" in font
    widths = _wide(font.DescendantFonts[0].get("/W", [])) if is_composite else _narrow(font)
    return _Font(letters, widths, len(next(iter(letters))) if letters else 2 if is_composite else 1)


def _narrow(font: Any) -> dict[int, float]:
    """Widths of a font of one byte for each letter."""
    return {int(font.FirstChar) + place: float(width) for place, width in enumerate(font.get("/Widths", []))}


def _wide(table: Any) -> dict[int, float]:
    """Widths of a composite font: ``first [width width …]`` or ``first last width``."""
    widths: dict[int, float] = {}
    items = list(table)
    while items:
        first = int(items.pop(0))
        second = items.pop(0)
        if hasattr(second, "__iter__"):
            widths |= {first + place: float(width) for place, width in enumerate(second)}
        else:
            widths |= dict.fromkeys(range(first, int(second) + 1), float(items.pop(0)))
    return widths


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
