"""Which characters a text file is written in: UTF-8, else Windows-1252, decided by the whole file and never guessed.

Both are strict, so a file is accepted in the one encoding all of it is valid in. UTF-16, binary files and text whose
å, ä and ö were already damaged by an earlier conversion are refused.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from arshjul.intake.refusals import ReadRefused
from arshjul.intake.table import FORMULA_SIGNS, OpenStream, has_forbidden

BLOCK_BYTES = 1 << 18
# A row longer than this is a lost quote or an attack; readers stop there instead of filling the memory with it.
MOST_ROW_BYTES = 1 << 21

_NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 med BOM", "cp1252": "Windows-1252"}
_OTHER_KINDS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r")) + b"\x7f"
_ASCII = bytes(range(128))
_FAR_CHARACTER = re.compile("[^\u00a0-\u017f]")
# å ä ö Å Ä Ö in UTF-8, read as Windows-1252. No text that people write has these pairs.
_GARBLED = tuple(letter.encode().decode("cp1252") for letter in "åäöÅÄÖ")


@dataclass(frozen=True)
class TextFacts:
    """What is known of a text file once all of it has been decoded.

    Attributes:
        encoding: Python's name of the codec, without the byte order mark.
        name: The encoding's name for the receipt.
        is_plain: All characters are visible, in Unicode NFC and no sign of a formula, so cells need no closer look.
    """

    encoding: str
    name: str
    is_plain: bool


def examine_text(open_stream: OpenStream, limit_bytes: int) -> TextFacts:
    """Decode a whole text file, block by block, to learn its encoding.

    Args:
        open_stream: Opens the file from its start; called once or twice.
        limit_bytes: Largest file that is accepted.

    Raises:
        ReadRefused: ``tom_fil``, ``for_stor``, ``fel_filtyp`` or ``fel_teckenkodning``.
    """
    with open_stream() as stream:
        has_mark = stream.read(3) == codecs.BOM_UTF8
    for encoding in ("utf-8-sig",) if has_mark else ("utf-8", "cp1252"):
        is_plain = _decode_all(open_stream, limit_bytes, encoding)
        if is_plain is not None:
            return TextFacts(encoding, _NAMES[encoding], is_plain)
    raise ReadRefused("fel_teckenkodning")


def text_blocks(stream: BinaryIO, limit_bytes: int, block_bytes: int = BLOCK_BYTES) -> Iterator[bytes]:
    """Yield a file's blocks, refusing what no text file has.

    Args:
        stream: The file, at its start.
        limit_bytes: Largest file that is accepted.
        block_bytes: How much is read at a time.

    Raises:
        ReadRefused: ``tom_fil``, ``for_stor``, ``fel_filtyp`` or ``fel_teckenkodning``.
    """
    size = 0
    while block := stream.read(block_bytes):
        if size == 0 and block.startswith(_OTHER_KINDS):
            raise ReadRefused("fel_filtyp")
        if size == 0 and block.startswith(_UTF16_MARKS):
            raise ReadRefused("fel_teckenkodning")
        size += len(block)
        if size > limit_bytes:
            raise ReadRefused("for_stor")
        if len(block.translate(None, _CONTROLS)) != len(block):
            raise ReadRefused("fel_teckenkodning")
        yield block
    if size == 0:
        raise ReadRefused("tom_fil")


def _is_plain(text: str) -> bool:
    """Whether all characters are visible and in Unicode NFC; control characters are known not to be there."""
    beyond_ascii = text.encode().translate(None, _ASCII).decode()
    # The letters of western and central Europe are, in any order: most files need no look at each character.
    return not _FAR_CHARACTER.search(beyond_ascii) or (
        not has_forbidden(text) and unicodedata.is_normalized("NFC", text)
    )


def _decode_all(open_stream: OpenStream, limit_bytes: int, encoding: str) -> bool | None:
    """Whether all text is plain; ``None`` when the file is not in this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    is_plain, is_garbled, last = True, False, ""
    with open_stream() as stream:
        try:
            for block in text_blocks(stream, limit_bytes):
                text = last + decoder.decode(block)
                is_plain = is_plain and not any(sign in text for sign in FORMULA_SIGNS)
                if not text.isascii():
                    is_garbled = is_garbled or ("Ã" in text and any(pair in text for pair in _GARBLED))
                    is_plain = is_plain and _is_plain(text)
                last = text[-1:]
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return None
    if is_garbled:
        raise ReadRefused("fel_teckenkodning")
    return is_plain
