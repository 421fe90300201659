"""Text is measured and checked against the very letters it is set in."""

from __future__ import annotations

import base64
import io
import re

import pytest
from fontTools.ttLib import TTFont

from arshjul.reports.fonts import (
    UnprintableTextError,
    font_folder,
    require_printable,
    text_width,
    web_fonts,
)


def test_swedish_letters_and_the_signs_of_numbers_can_be_set() -> None:
    require_printable(["Åsa Öberg är född på ön é ü", "−3\u00a0%", "1–2 → ≥ … ”ja” •"])


@pytest.mark.parametrize(("text", "code"), [("hemlig 😀", "U+1F600"), ("a\u2011b", "U+2011"), ("a\nb", "U+000A")])
def test_a_character_outside_the_typeface_is_named_by_code_point_and_nothing_else(text: str, code: str) -> None:
    with pytest.raises(UnprintableTextError) as caught:
        require_printable(["bra", text])
    assert code in str(caught.value)
    assert text.strip() not in str(caught.value)
    assert "hemlig" not in str(caught.value)


def test_bold_is_wider_and_width_grows_with_size() -> None:
    assert text_width("Insatser", 10, is_bold=True) > text_width("Insatser", 10) > 0
    assert text_width("Insatser", 20) == pytest.approx(2 * text_width("Insatser", 10))


def test_typst_is_given_truetype_files_only() -> None:
    with font_folder() as folder:
        assert sorted(path.name for path in folder.iterdir()) == [
            "SourceSansPro-It.ttf",
            "SourceSansPro-Regular.ttf",
            "SourceSansPro-Semibold.ttf",
            "SourceSerifPro-Semibold.ttf",
        ]
    assert not folder.exists()


def test_the_web_page_carries_renamed_cuts_with_the_same_widths() -> None:
    data = re.findall(r"base64,([^)]+)\)", web_fonts())
    assert len(data) == 4
    regular = TTFont(io.BytesIO(base64.b64decode(data[0])))
    # The licence reserves the name for unmodified fonts.
    assert not [record for record in regular["name"].names if record.nameID in (1, 4, 6) and "Source" in str(record)]
    glyphs, units = regular.getBestCmap(), regular["head"].unitsPerEm
    width = sum(regular["hmtx"][glyphs[ord(letter)]][0] for letter in "Åsa Öberg") * 10 / units
    assert width == pytest.approx(text_width("Åsa Öberg", 10))
