"""The bytes of a JSON file on their way to the parser: UTF-8 throughout, in blocks, and the same for every parser."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from arshjul.intake.refusals import ReadRefused
from arshjul.intake.text_encoding import MOST_ROW_BYTES, text_blocks

_BLOCK_BYTES = 1 << 16
_LONGEST_ESCAPE = 12  # two halves of a character
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_FIRST_HALF = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}")


class JsonText:
    """The blocks of a file that is UTF-8 throughout, without its byte order mark, in the shape ijson reads from.

    Half a character, written ``\\ud800`` without its other half, becomes the mark of a failed conversion: parsers differ
    in what they make of it, and one of them writes a question mark into the text.

    Attributes:
        records: How many objects have been made of the blocks; counted by who reads them.
        refused: Why the file ended before its end. The parser is told that there is no more, since an exception that
            went through it would leave one of them half done, and complaining.
    """

    def __init__(self, stream: BinaryIO, limit_bytes: int) -> None:
        self._blocks = text_blocks(stream, limit_bytes, _BLOCK_BYTES)
        self._decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self._is_first = True
        self._held = b""
        self._pending = 0
        self._seen = 0
        self.records = 0
        self.refused: ReadRefused | None = None

    def read(self, size: int) -> bytes:
        """Return the next bytes, nothing at the end; however many were asked for, but none when none were."""
        if size == 0 or self.refused:  # ijson asks for nothing to learn whether it gets bytes
            return b""
        try:
            return self._next()
        except ReadRefused as refused:
            self.refused = refused
            return b""

    def _next(self) -> bytes:
        cut = 0
        while cut == 0:
            block = self._block()
            text = self._held + block
            cut = _whole(text) if block else len(text)
            self._held = text[cut:]
            if not block:
                break
        ready = text[:cut]
        return _ESCAPE.sub(_mended, ready) if b"\\ud" in ready or b"\\uD" in ready else ready

    def _block(self) -> bytes:
        block = next(self._blocks, b"")
        self._pending = len(block) + (self._pending if self.records == self._seen else 0)
        self._seen = self.records
        if self._pending > MOST_ROW_BYTES:
            raise ReadRefused("for_lang_rad", self.records + 1)
        try:
            self._decoder.decode(block, final=not block)
        except UnicodeDecodeError:
            raise ReadRefused("fel_teckenkodning") from None
        if self._is_first:
            self._is_first = False
            block = block.removeprefix(codecs.BOM_UTF8)
        return block


def _whole(text: bytes) -> int:
    """How much of the text has no escape at its end that may go on in the next block."""
    start = text.find(b"\\", max(0, len(text) - _LONGEST_ESCAPE))
    if start < 0:
        return len(text)
    start -= _backslashes_before(text, start) % 2
    half = start - _LONGEST_ESCAPE // 2
    is_second_half = half >= 0 and _FIRST_HALF.match(text, half) and _backslashes_before(text, half) % 2 == 0
    return half if is_second_half else start


def _backslashes_before(text: bytes, place: int) -> int:
    return place - len(text[:place].rstrip(b"\\"))


def _mended(escape: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if escape[1] else escape[0]
