"""How many providers moved which way, from what is shown only."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.comparison.public_values import HIDDEN, PERSONS, SHARE, count, share, spaces

from arshjul.comparison.distribution import distribution_of_change
from arshjul.comparison.values import PublicValue

hundreds = st.one_of(st.none(), st.just(HIDDEN), st.integers(0, 100).map(lambda number: share(number, 100)))


def test_more_customers_in_all_and_fewer_at_most_providers() -> None:
    then = {
        "a": count(99),
        "b": count(40),
        "c": count(40),
        "g": count(7),
        "d": count(20),
        "e": HIDDEN,
        "ovriga": count(12),
    }
    now = {"a": count(180), "b": count(35), "c": count(30), "g": count(6), "d": count(20), "e": count(6), "f": count(9)}
    found = distribution_of_change(PERSONS, count(290), count(220), now, then)
    assert (found.total, found.up, found.down, found.unchanged, found.compared) == (1, 1, 3, 1, 5)
    assert (found.not_shown, found.only_in_one, found.has_merged) == (1, 1, True)
    assert found.is_opposed
    assert not found.is_simpson
    assert [spaces(sentence) for sentence in found.sentences] == [
        "Av 5 anordnare som kan jämföras har 1 fått fler, 3 färre och 1 lika många.",
        "Totalen ökade, men värdet minskade för minst 3 av 6 anordnare.",
        "För 1 anordnare visas ingen jämförelse, eftersom den kan röja en person.",
        "För 1 anordnare finns värde bara för den ena perioden.",
        "Små anordnare som redovisas tillsammans ingår inte i jämförelsen.",
    ]


def test_simpsons_paradox_is_seen() -> None:
    # Both fell, the total rose: the good provider took over.
    then = {"bra": share(80, 100), "svag": share(60, 300)}
    now = {"bra": share(234, 300), "svag": share(18, 100)}
    found = distribution_of_change(SHARE, share(252, 400), share(140, 400), now, then)
    assert found.is_simpson
    assert found.is_opposed
    assert [spaces(sentence) for sentence in found.sentences] == [
        "Båda de anordnare som kan jämföras har ett lägre värde.",
        "Totalen ökade, men värdet minskade för båda.",
        "Att totalen ändå ökade beror på att fördelningen mellan anordnare har ändrats.",
    ]


def test_nothing_is_claimed_that_the_withheld_ones_could_belie() -> None:
    then = {"a": share(50, 100), "b": share(50, 100), "c": HIDDEN}
    now = {"a": share(45, 100), "b": share(45, 100), "c": share(90, 100)}
    found = distribution_of_change(SHARE, share(180, 300), share(150, 300), now, then)
    assert found.is_opposed
    assert not found.is_simpson
    many = dict.fromkeys("cdefg", HIDDEN)
    found = distribution_of_change(SHARE, share(180, 300), share(150, 300), now | many, then | many)
    assert not found.is_opposed


def test_one_provider_with_the_total_is_no_paradox() -> None:
    then = {"a": share(50, 100), "b": share(50, 100), "c": share(50, 100)}
    now = {"a": share(90, 100), "b": share(45, 100), "c": share(45, 100)}
    found = distribution_of_change(SHARE, share(180, 300), share(150, 300), now, then)
    assert found.is_opposed
    assert not found.is_simpson


def test_a_total_that_is_not_shown_is_opposed_by_nobody() -> None:
    found = distribution_of_change(SHARE, HIDDEN, share(1, 2), {"a": share(1, 4)}, {"a": share(1, 2)})
    assert (found.total, found.is_opposed, found.is_simpson, found.down) == (None, False, False, 1)
    assert distribution_of_change(SHARE, None, None, {}, {}).sentences == ()


@given(st.lists(st.tuples(hundreds, hundreds), max_size=12), hundreds, hundreds)
def test_every_provider_is_counted_once(
    pairs: list[tuple[PublicValue | None, PublicValue | None]], now: PublicValue | None, then: PublicValue | None
) -> None:
    known = [(one, other) for one, other in pairs if one or other]
    found = distribution_of_change(
        SHARE,
        now,
        then,
        {str(place): one for place, (one, _) in enumerate(known) if one},
        {str(place): other for place, (_, other) in enumerate(known) if other},
    )
    assert found.compared + found.not_shown + found.only_in_one == len(known)
    assert found.not_shown == sum(any(value == HIDDEN for value in pair) for pair in known)
    assert not found.is_simpson or found.is_opposed
