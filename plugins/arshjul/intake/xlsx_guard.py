"""Looking through a workbook before anything parses it: hostile ones are refused, unpacked sizes are counted for real.

What a ZIP directory says of itself is not trusted: every part is inflated, in small pieces, with caps on the part, the
whole and the ratio, and every XML part is run through an XML parser that stops at the first document type definition
(in whatever encoding it is written). Runs inside the parsing process, below its limits on memory and time.

Source: facts/privacy.md §5 (zip bomb, XXE, macro, embedded, external link, encrypted).
"""

from __future__ import annotations

import zipfile
import zlib
from typing import BinaryIO
from xml.parsers import expat

from arshjul.intake.refusals import ReadRefused

_MOST_PARTS = 500
_MOST_PART_BYTES = 100_000_000
_MOST_TOTAL_BYTES = 200_000_000
_MOST_RATIO = 200
_RATIO_FROM_BYTES = 1_000_000  # small parts of one repeated tag compress well and harm nobody
_PIECE_BYTES = 1 << 16

_ZIP_START, _OLE_START = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENCRYPTED_FLAG = 0x1
# What zipfile, zlib and expat raise over damaged input.
_BROKEN = (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, LookupError, OSError, RuntimeError, ValueError)
_CONTENT_TYPES, _WORKBOOK_FOLDER = "[content_types].xml", "xl/"
_ACTIVE_ENDINGS = ("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".ocx")
_ACTIVE_FOLDERS = ("xl/embeddings/", "xl/activex/", "xl/macrosheets/")
_LINK_FOLDER = "xl/externallinks/"


def guard_workbook(file: BinaryIO) -> None:
    """Refuse a workbook that must not be parsed.

    Args:
        file: The workbook, seekable.

    Raises:
        ReadRefused: ``tom_fil``, ``fel_filtyp``, ``krypterad_arbetsbok``, ``makro_arbetsbok``, ``extern_lank``,
            ``zipbomb``, ``dtd`` or ``ej_lasbar``.
    """
    start = file.read(len(_ZIP_START))
    if not start:
        raise ReadRefused("tom_fil")
    if start == _OLE_START:
        # Excel wraps an encrypted workbook in the container that .xls also is.
        raise ReadRefused("krypterad_arbetsbok")
    if start != _ZIP_START:
        raise ReadRefused("fel_filtyp")
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            _check_directory(parts)
            total = 0
            for part in parts:
                total += _check_part(package, part, _MOST_TOTAL_BYTES - total)
    except ReadRefused:
        raise
    except _BROKEN:
        raise ReadRefused("ej_lasbar") from None


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    if len(parts) > _MOST_PARTS:
        raise ReadRefused("zipbomb")
    if any(part.flag_bits & _ENCRYPTED_FLAG for part in parts):
        raise ReadRefused("krypterad_arbetsbok")
    if any(name.endswith(_ACTIVE_ENDINGS) or name.startswith(_ACTIVE_FOLDERS) for name in names):
        raise ReadRefused("makro_arbetsbok")
    if any(name.startswith(_LINK_FOLDER) for name in names):
        raise ReadRefused("extern_lank")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise ReadRefused("ej_lasbar")
    # Two parts of one name: which of them a program reads is anyone's guess.
    if len(set(names)) != len(names):
        raise ReadRefused("ej_lasbar")
    if _CONTENT_TYPES not in names or not any(name.startswith(_WORKBOOK_FOLDER) for name in names):
        raise ReadRefused("fel_filtyp")


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, most_bytes: int) -> int:
    """Inflate one part to its end and return its real size in bytes."""
    watcher = _watcher(part.filename.lower())
    size = 0
    with package.open(part) as content:
        while piece := content.read(_PIECE_BYTES):
            size += len(piece)
            if size > min(_MOST_PART_BYTES, most_bytes):
                raise ReadRefused("zipbomb")
            if size > _RATIO_FROM_BYTES and size > _MOST_RATIO * part.compress_size:
                raise ReadRefused("zipbomb")
            if watcher is not None:
                watcher.Parse(piece, False)
    if watcher is not None:
        watcher.Parse(b"", True)
    return size


def _watcher(name: str) -> expat.XMLParserType | None:
    """A parser that keeps nothing and refuses what must not stand in an XML part; ``None`` for other parts."""
    if not name.endswith((".xml", ".rels")):
        return None
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if name.endswith(".rels") or name == _CONTENT_TYPES:
        # Not on the sheets, where calling Python for each element would cost seconds.
        parser.StartElementHandler = _check_element
    return parser


def _refuse_doctype(*_: object) -> None:
    raise ReadRefused("dtd")


def _check_element(_: str, attributes: dict[str, str]) -> None:
    # A link to click on (an e-mail address) is written as an external relation too, but fetches nothing.
    if attributes.get("TargetMode") == "External" and not attributes.get("Type", "").endswith("/hyperlink"):
        raise ReadRefused("extern_lank")
    if "macroenabled" in attributes.get("ContentType", "").lower():
        raise ReadRefused("makro_arbetsbok")
