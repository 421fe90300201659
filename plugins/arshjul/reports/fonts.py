"""The two typefaces of every document: where they are, how wide a text is, and what can be set.

Source Sans Pro and Source Serif Pro, static cuts only: with a variable font the regular weight becomes the lightest cut
inside an SVG (facts/reports.md §2). Text in charts is measured here, so the web page must carry the same letters; they
are subset and renamed, since the licence (SIL OFL 1.1, clause 3) reserves the name "Source" for unmodified fonts.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

SANS = "Source Sans Pro"

REGULAR = "SourceSansPro-Regular"
SEMIBOLD = "SourceSansPro-Semibold"
ITALIC = "SourceSansPro-It"
SERIF_SEMIBOLD = "SourceSerifPro-Semibold"
_PACKAGE = {
    REGULAR: "font_source_sans_pro",
    SEMIBOLD: "font_source_sans_pro",
    ITALIC: "font_source_sans_pro",
    SERIF_SEMIBOLD: "font_source_serif_pro",
}

_ON_THE_WEB = (*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, "–—‘’“”„•…−≤≥→"))
_NAME_IDS_WITH_FAMILY = (1, 3, 4, 6, 16)


class UnprintableTextError(ValueError):
    """A character is not in the typeface. The message names its code point, never the text it stands in."""


@dataclass(frozen=True)
class Face:
    """What is needed to measure one cut: code point to advance width, in parts of an em."""

    advances: Mapping[int, float]


def font_file(cut: str) -> Path:
    """Return the TTF of one cut.

    Raises:
        FileNotFoundError: Its package is not installed.
    """
    spec = find_spec(_PACKAGE[cut])
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"the package {_PACKAGE[cut]} is not installed")
    return Path(spec.submodule_search_locations[0]) / "files" / f"{cut}.ttf"


@contextmanager
def font_folder() -> Iterator[Path]:
    """Make a folder with our cuts as TTF and nothing else: beside OTF twins Typst mixes the two."""
    with TemporaryDirectory(prefix="arshjul-fonts-") as name:
        folder = Path(name)
        for cut in _PACKAGE:
            copyfile(font_file(cut), folder / f"{cut}.ttf")
        yield folder


@cache
def face(cut: str) -> Face:
    """Return the measures of one cut."""
    from fontTools.ttLib import TTFont

    with TTFont(font_file(cut), lazy=True) as font:
        units = font["head"].unitsPerEm
        metrics = font["hmtx"].metrics
        return Face({code: metrics[glyph][0] / units for code, glyph in font.getBestCmap().items()})


def text_width(text: str, size: float, *, is_bold: bool = False) -> float:
    """Measure a text in the sans face.

    Args:
        text: One line.
        size: In points.
        is_bold: The semibold cut.

    Returns:
        Width in points. Kerning is left out, which makes it a little too wide rather than too narrow.
    """
    advances = face(SEMIBOLD if is_bold else REGULAR).advances
    return sum(advances.get(ord(character), 1.0) for character in text) * size


def require_printable(texts: Iterable[str]) -> None:
    """Check that every character can be set in every cut.

    Raises:
        UnprintableTextError: One cannot.
    """
    for character in sorted(set().union(*texts)):
        if any(ord(character) not in face(cut).advances for cut in _PACKAGE):
            raise UnprintableTextError(
                f"tecknet U+{ord(character):04X} finns inte i rapportens typsnitt; ta bort eller ersätt det"
            )


@cache
def web_fonts() -> str:
    """Return ``@font-face`` rules with the cuts as data, for a page that needs nothing from elsewhere."""
    return "".join(
        f"@font-face{{font-family:'{family}';font-style:{style};font-weight:{weight};"
        f"src:url(data:font/ttf;base64,{base64.b64encode(_subset(cut, family)).decode('ascii')}) format('truetype')}}"
        for cut, family, style, weight in (
            (REGULAR, "Rapport Sans", "normal", 400),
            (ITALIC, "Rapport Sans", "italic", 400),
            (SEMIBOLD, "Rapport Sans", "normal", 600),
            (SERIF_SEMIBOLD, "Rapport Serif", "normal", 600),
        )
    )


def _subset(cut: str, family: str) -> bytes:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(hinting=False, layout_features=["kern", "tnum", "mark"], name_IDs=["*"], notdef_outline=True)
    # Without this the bytes would tell when they were made.
    font = TTFont(font_file(cut), recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_ON_THE_WEB)
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in _NAME_IDS_WITH_FAMILY:
            record.string = family if record.nameID != 6 else family.replace(" ", "")
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()
