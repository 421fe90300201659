"""Sentences made from facts read as Swedish."""

from __future__ import annotations

import pytest

from arshjul.prose.swedish import listed, made_up_of, sentence_case


@pytest.mark.parametrize(
    ("items", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a och b"), (["a", "b", "c"], "a, b och c")],
)
def test_words_are_listed_with_och_before_the_last(items: list[str], text: str) -> None:
    assert listed(items) == text


def test_a_sentence_begins_with_a_capital_and_keeps_the_rest() -> None:
    assert [sentence_case("tertial 1 2026"), sentence_case("åsa Öberg"), sentence_case("")] == [
        "Tertial 1 2026",
        "Åsa Öberg",
        "",
    ]


def test_what_is_done_and_what_is_left_are_told_without_and_twice() -> None:
    assert made_up_of(["3 klara", "2 planerade"], 4, "saknas") == "är 3 klara och 2 planerade, medan 4 saknas"
    assert made_up_of(["3 klara"], 0, "saknas") == "är 3 klara"
    assert made_up_of([], 4, "saknas") == "saknas 4"
