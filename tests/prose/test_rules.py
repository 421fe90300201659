"""The rules one by one: what decides each word, and what is not said."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from tests.prose.account_example import INDICATORS, PROVIDERS, WORDING, WORDINGS, measured, target

from arshjul.catalogue.indicators import Change
from arshjul.catalogue.prose import Wordings
from arshjul.catalogue.yaml_files import changed
from arshjul.comparison.values import PublicValue
from arshjul.periods import Month, Period, Tertial, Year
from arshjul.prose import changes, counts, levels
from arshjul.prose.facts import Count, Limit, Measured, Names, Span, trend_of
from arshjul.prose.statements import Statement, TwoVoices, one_voice
from arshjul.prose.swedish import Noun, during, in_words, inside, listed, some, some_of

OUTCOME, DAYS, GRADE, RATE = "maluppfyllelse", "insatsdagar_till_egen_forsorjning", "kundnojdhet", "svarsfrekvens"
HIDDEN = PublicValue(None, None, None, None, is_protected=True)


def outcome(percent: float | None, year: int = 2017, part: str = "") -> Measured:
    return measured(OUTCOME, percent, Year(year), part)


def days(value: float | None, year: int) -> Measured:
    return measured(DAYS, value, Year(year))


def of(numerator: int, denominator: int, part: str = "", year: int = 2017) -> Measured:
    value = PublicValue(Decimal(numerator), Decimal(denominator), Decimal(numerator) / denominator, denominator)
    return replace(measured(OUTCOME, None, Year(year), part), value=value)


def text(statement: Statement) -> str:
    return statement.text.replace("\u00a0", " ")


def test_a_change_is_told_with_its_size_and_whether_it_is_for_the_better() -> None:
    assert text(changes.change(WORDING, days(240, 2017), days(201, 2016))) == (
        "Tiden till egen försörjning har ökat med 39 dagar, från 201 dagar 2016 till 240 dagar 2017. Det är en försämring."
    )
    assert text(changes.change(WORDING, outcome(44), outcome(50, 2016))) == (
        "Måluppfyllelsen har minskat med 6 procentenheter, från 50 procent 2016 till 44 procent 2017. Det är en försämring."
    )
    assert "oförändrat jämfört med 2016" in text(changes.change(WORDING, outcome(44), outcome(44, 2016)))
    persons = [measured("kunder", number, Year(year)) for number, year in ((120, 2017), (100, 2016))]
    assert text(changes.change(WORDING, *persons)).endswith("till 120 personer 2017.")


@pytest.mark.parametrize(
    ("now", "then", "is_marginal"),
    [(239, 240, True), (241, 240, True), (200, 202, True), (99, 100, False), (9, 10, False)],
)
def test_marginal_is_under_one_percent_of_what_it_was(now: int, then: int, is_marginal: bool) -> None:
    said = text(changes.change(WORDING, days(now, 2017), days(then, 2016)))
    assert ("marginell " in said) is is_marginal


def test_one_percentage_point_is_marginal_and_two_are_not() -> None:
    assert "en marginell nedgång från 45 procent" in text(changes.change(WORDING, outcome(44), outcome(45, 2016)))
    assert "marginell" not in text(changes.change(WORDING, outcome(44), outcome(46, 2016)))


def test_without_a_stored_earlier_value_no_comparison_is_made() -> None:
    said = changes.change(WORDING, outcome(44), outcome(None, 2016))
    assert said.is_refused
    assert "jämförelsevärde saknas för 2016" in said.text
    assert "minsk" not in said.text


def test_a_tertial_beside_a_year_is_marked() -> None:
    newest = measured(DAYS, 239, Tertial(2018, 1))
    assert "(ej jämförbar period: ett tertial bredvid ett helår)" in text(
        changes.change(WORDING, newest, days(240, 2017))
    )


def test_a_reworded_question_breaks_the_series_in_words() -> None:
    now, then = (
        measured(GRADE, grade, Year(year), "Mål", wording=version)
        for grade, year, version in ((4.4, 2018, "2"), (4.2, 2017, "1"))
    )
    said = changes.change(WORDING, now, then)
    assert said.is_refused
    assert "eftersom frågan har formulerats om" in said.text
    same = measured(GRADE, 4.6, Year(2018), "Stöd", wording="1")
    before = measured(GRADE, 4.3, Year(2017), "Stöd", wording="1")
    assert text(changes.risen(WORDING, [now, same], [then, before])) == (
        "Kundernas omdöme har ökat i det enda frågeområdet som kan jämföras sedan 2017. Ett frågeområde kan inte jämföras."
    )


def test_a_withheld_value_is_never_told_in_any_rule() -> None:
    hidden = replace(outcome(0), value=HIDDEN)
    programmes = [outcome(88, part="Jobbpeng grund"), replace(outcome(0, part="Jobbpeng förstärkt"), value=HIDDEN)]
    for said in (
        changes.change(WORDING, hidden, outcome(50, 2016)),
        changes.change(WORDING, outcome(44), replace(hidden, period=Year(2016))),
        levels.against_target(WORDING, hidden, target(65)),
        levels.lowest(WORDING, programmes),
        levels.total_and_parts(WORDING, outcome(44), programmes),
    ):
        assert said.is_refused
        told = text(said)
        for public in ("44 procent", "2016", "2017"):
            told = told.replace(public, "")
        assert not any(letter.isdigit() for letter in told)


def test_chance_is_told_where_the_counts_behind_are_public() -> None:
    within = text(changes.change(WORDING, of(44, 100), of(50, 100, year=2016)))
    assert within.endswith("Skillnaden är inte större än vad slumpen kan ge.")
    assert "försämring" not in within
    assert text(changes.change(WORDING, of(440, 1000), of(600, 1000, year=2016))).endswith(
        "Skillnaden är större än vad slumpen brukar ge."
    )


def test_a_broken_series_is_marked() -> None:
    newer = changed(
        INDICATORS[OUTCOME],
        version=2,
        changes=(Change(version=2, from_="2017", what="Deltidsarbete räknas inte längre."),),
    )
    now, then = (replace(one, indicator=newer) for one in (of(44, 100), of(60, 100, year=2016)))
    assert (
        "Serien är bruten mellan perioderna. Deltidsarbete räknas inte längre."
        in changes.change(WORDING, now, then).text
    )


def test_a_goal_is_reached_nearly_reached_or_not() -> None:
    assert text(levels.against_target(WORDING, outcome(65), target(65))) == (
        "Måluppfyllelsen var 65 procent 2017, precis på målet. Målet, minst 65 procent, är nått."
    )
    near = text(levels.against_target(WORDING, outcome(63), target(65, tolerance="3")))
    assert "Målet är inte nått, men nära. Målet är minst 65 procent;" in near
    assert "inom 3 procentenheter från målet räknas som nära" in near
    assert "21 procentenheter under målet" in text(levels.against_target(WORDING, outcome(44), target(65)))


def test_those_who_share_the_lowest_place_are_all_named() -> None:
    shared = [outcome(88, part="Jobbpeng grund"), outcome(28, part="Jobbpeng förstärkt"), outcome(28, part="Språk")]
    assert text(levels.lowest(WORDING, shared)) == (
        "Lägst måluppfyllelse har jobbpeng förstärkt och språk, båda 28 procent."
    )
    assert text(levels.lowest(WORDING, shared[1:])) == "Båda har samma måluppfyllelse: 28 procent."


def test_all_above_four_is_computed_and_not_typed() -> None:
    parts = ("Bemötande", "Mål", "Flexibilitet", "Arbetslivet")
    good = [measured(GRADE, grade, Year(2018), part) for grade, part in zip((4.6, 4.4, 4.3, 4.1), parts, strict=True)]
    above, scale = Limit("gräns", "regel", Decimal(4)), Span("skala", "enkät", Decimal(1), Decimal(5))
    assert text(levels.all_above(WORDING, good, above, scale)) == (
        "Kundernas omdöme är över fyra på en skala från ett till fem i samtliga fyra frågeområden."
    )
    # Exactly four is not above four.
    one_low = [*good[:3], measured(GRADE, "4.0", Year(2018), "Arbetslivet")]
    assert text(levels.all_above(WORDING, one_low, above)) == (
        "Kundernas omdöme är över fyra i de flesta frågeområden (tre av fyra). Inte över fyra: arbetslivet (4,0 poäng)."
    )


@pytest.mark.parametrize(
    ("now", "then", "words"),
    [
        (31, 19, "är fortsatt låg"),
        (31, 45, "är låg"),
        (45, 19, "inte längre låg"),
        (45, 50, "är inte låg"),
        (31, None, "är låg"),
    ],
)
def test_still_low_is_below_the_limit_now_and_before(now: int, then: int | None, words: str) -> None:
    low = Limit("låg", "regel", Decimal(40))
    said = levels.still_low(WORDING, measured(RATE, now, Year(2018)), measured(RATE, then, Year(2016)), low)
    assert words in said.text
    assert ("fortsatt" in said.text) is (words == "är fortsatt låg")


@pytest.mark.parametrize(
    ("period", "before"),
    [(Year(2016), "2016"), (Tertial(2016, 1), "tertial 1 2016"), (Month(2016, 5), "maj 2016")],
)
def test_what_was_low_and_is_not_is_set_against_the_period_it_was_low_in(period: Period, before: str) -> None:
    low = Limit("låg", "regel", Decimal(40))
    said = levels.still_low(WORDING, measured(RATE, 45, Year(2018)), measured(RATE, 19, period), low)
    assert text(said).endswith(f"minst 40 procent, till skillnad från {before}, då den var 19 procent.")


def test_a_low_response_rate_is_said_beside_the_grades() -> None:
    low = Limit("låg", "regel", Decimal(40))
    assert "bör därför tolkas försiktigt." in levels.careful(WORDING, measured(RATE, 31, Year(2018)), low).text
    assert "försiktigt" not in levels.careful(WORDING, measured(RATE, 40, Year(2018)), low).text


def test_a_total_must_fit_its_parts() -> None:
    names = ("Jobbpeng grund", "Jobbpeng förstärkt", "Språk- och arbetsintroduktion")
    parts = [outcome(value, part=name) for value, name in zip((88, 68, 28), names, strict=True)]
    assert text(levels.total_and_parts(WORDING, outcome(44), parts)) == (
        "Måluppfyllelsen, 44 procent, ligger mellan insatsernas lägsta värde, 28 procent, och högsta, 88 procent."
    )
    for wrong in (27, 89):
        assert levels.total_and_parts(WORDING, outcome(wrong), parts).is_refused
    counted = [of(22, 25, "Jobbpeng grund"), of(14, 20, "Jobbpeng förstärkt"), of(14, 55, "Språk")]
    assert "Språk stod för 55 procent av underlaget" in text(levels.total_and_parts(WORDING, of(50, 100), counted))
    # Inside the parts' ends, and yet not their sum.
    assert levels.total_and_parts(WORDING, of(44, 100), counted).is_refused


def test_one_result_is_told_under_several_definitions() -> None:
    others = [measured(f"maluppfyllelse_{one}", value, Year(2017)) for one, value in (("kolada", 40), ("bred", 52))]
    assert text(levels.under_definitions(WORDING, outcome(44), others)) == (
        "Måluppfyllelsen 2017 beror på vad som räknas: 44 procent enligt kommunens egen definition, 40 procent enligt "
        "Koladas definition och 52 procent enligt den breda definitionen."
    )


def test_the_dialogue_is_told_beside_all_the_providers_there_were() -> None:
    def said(met: int, whole: int) -> Statement:
        facts = (Count(str(number), "register", number, PROVIDERS, Year(2017)) for number in (met, whole))
        return counts.share_met(WORDING, *facts)

    assert text(said(9, 31)) == "Dialogen nådde 9 av 31 anordnare (29 procent)."
    assert text(said(4, 4)) == "Dialogen nådde samtliga fyra anordnare."
    assert said(5, 4).is_refused


def test_providers_with_nothing_to_compare_are_not_told_of() -> None:
    now, then = measured("kunder", 130, Year(2017)), measured("kunder", 120, Year(2016))
    alone = [measured("kunder", 90, Year(2017), "A")]
    assert changes.total_and_providers(WORDING, now, then, alone, []).is_refused


def test_a_rising_total_with_falling_providers_is_told_as_both() -> None:
    now, then = (measured("kunder", number, Year(year)) for number, year in ((130, 2017), (120, 2016)))
    each_now = [measured("kunder", number, Year(2017), name) for number, name in ((90, "A"), (20, "B"), (20, "C"))]
    each_then = [measured("kunder", number, Year(2016), name) for number, name in ((60, "A"), (30, "B"), (30, "C"))]
    said = text(changes.total_and_providers(WORDING, now, then, each_now, each_then))
    assert said.startswith("Av 3 anordnare som kan jämföras har 1 fått fler och 2 färre.")
    assert "Totalen ökade, men värdet minskade för 2 av 3 anordnare." in said
    small = [replace(each[-1], is_merged=True, part="Övriga anordnare") for each in (each_now, each_then)]
    merged = text(changes.total_and_providers(WORDING, now, then, [*each_now, small[0]], [*each_then, small[1]]))
    assert merged.startswith("Av 3 anordnare")
    assert merged.endswith("Små anordnare som redovisas tillsammans ingår inte i jämförelsen.")


def test_customers_per_coach_are_told_against_what_is_reasonable_with_both_ends_counted_in() -> None:
    per_coach, reasonable = "kunder_per_coach", Span("rimligt", "regel", Decimal(25), Decimal(30))
    each = [
        measured(per_coach, value, Year(2017), name) for value, name in (("25.0", "A"), ("30.0", "B"), ("31.0", "C"))
    ]
    hidden = replace(measured(per_coach, 99, Year(2017), "D"), value=HIDDEN)
    small = replace(measured(per_coach, 12, Year(2017), "Övriga anordnare"), is_merged=True)
    low = counts.caseload(WORDING, measured(per_coach, "24.9", Year(2017)), [*each, hidden, small], reasonable)
    assert text(low) == (
        "Under 2017 var antalet kunder per coach 24,9, under det som räknas som rimligt (25–30). "
        "Av tre anordnare som kan visas ligger två inom och en över."
    )
    same = text(counts.caseload(WORDING, measured(per_coach, "27", Year(2017)), each[:2], reasonable))
    assert same.endswith("Samtliga två anordnare ligger inom det.")
    alone = text(counts.caseload(WORDING, measured(per_coach, "30.1", Year(2017)), [hidden], reasonable))
    assert alone.endswith("över det som räknas som rimligt (25–30).")


def test_more_than_ten_does_not_take_in_ten() -> None:
    strict = Limit("gräns", "urval", Decimal(10), Year(2017))
    assert [number for number in (9, 10, 11) if strict.is_passed_by(number)] == [11]
    assert "fler än tio kunder under 2017" in counts.selected(WORDING, strict).text
    least = replace(strict, is_strict=False)
    assert [number for number in (9, 10, 11) if least.is_passed_by(number)] == [10, 11]
    assert "minst tio kunder" in counts.selected(WORDING, least).text


@pytest.mark.parametrize(
    ("count", "whole", "words"),
    [
        (31, 31, "Samtliga 31 anordnare"),
        (28, 31, "Nästan samtliga anordnare (28 av 31)"),
        (16, 31, "De flesta anordnare (16 av 31)"),
        (15, 30, "Flera anordnare (15 av 30)"),
        (2, 31, "Några anordnare (2 av 31)"),
        (1, 31, "En anordnare (1 av 31)"),
        (1, 9, "En av nio anordnare"),
        (0, 9, "Ingen av nio anordnare"),
        (2, 2, "Samtliga två anordnare"),
        (1, 1, "En av en anordnare"),
    ],
)
def test_words_for_how_many_come_of_counts_and_keep_them(count: int, whole: int, words: str) -> None:
    theme = Names("tema", "dialoger", ("Ledig kapacitet",))
    raised, all_of_them = (Count(str(number), "dialoger", number, PROVIDERS, Year(2018)) for number in (count, whole))
    assert text(counts.how_many(WORDING, theme, raised, all_of_them)) == f"{words} tar upp ledig kapacitet."


@pytest.mark.parametrize(
    ("count", "whole", "words"),
    [(6, 6, "Samtliga (6 av 6)"), (5, 6, "De flesta (5 av 6)"), (2, 6, "Några (2 av 6)"), (1, 31, "En (1 av 31)")],
)
def test_a_table_says_how_many_by_the_same_rule(count: int, whole: int, words: str) -> None:
    assert counts.in_a_cell(WORDING, count, whole) == words


def test_the_like_period_is_told_without_the_figure_again() -> None:
    days = "insatsdagar_till_egen_forsorjning"
    now, then = measured(days, 239, Tertial(2018, 1)), measured(days, 234, Tertial(2017, 1))
    assert text(changes.since_the_like(WORDING, now, then)) == (
        "Tiden till egen försörjning är 5 dagar längre än tertial 1 2017, då den var 234 dagar."
    )
    same = text(changes.since_the_like(WORDING, now, replace(then, value=now.value)))
    assert same == "Tiden till egen försörjning är densamma som under tertial 1 2017."
    assert changes.since_the_like(WORDING, now, replace(then, value=None)).is_refused


def test_a_figure_alone_is_told_without_saying_its_unit_twice() -> None:
    assert text(changes.level(WORDING, measured("kunder", 308, Year(2025)))) == "Under 2025 var antalet kunder 308."
    days = measured("insatsdagar_till_egen_forsorjning", 233, Year(2025))
    assert text(changes.level(WORDING, days)) == "Under 2025 var tiden till egen försörjning 233 dagar."


def test_common_reasons_are_parted_from_few_and_withheld_ones_are_in_neither() -> None:
    shares = [outcome(value, part=part) for value, part in ((30, "SFI"), (9, "Sjukskriven"), (10, "Annat"))]
    hidden = replace(outcome(0, part="Föräldraledig"), value=HIDDEN)
    common, few = counts.split_reasons([*shares, hidden], WORDING, frozenset(), "orsaker")
    assert (common.names, few.names) == (("SFI", "Annat"), ("Sjukskriven",))


def test_a_direction_needs_three_periods_that_agree() -> None:
    def direction(*values: int | None) -> tuple[int, int | None]:
        series = [measured("kunder", value, Year(2014 + place)) for place, value in enumerate(values)]
        found = trend_of(series, WORDING)
        return found.direction, None if found.since is None else found.since.year  # type: ignore[union-attr]

    assert direction(100, 110, 120, 130) == (1, 2014)
    assert direction(130, 120, 125, 100) == (-1, 2014)
    assert direction(100, 130, 90, 120) == (0, 2014)
    assert direction(100, 110) == (0, None)
    # A gap breaks the series: what is left is too short.
    assert direction(100, None, 120, 130) == (0, None)
    assert text(changes.trends(WORDING, *(trend_of([measured("kunder", 1, Year(2014))], WORDING),) * 2)) == (
        "Det finns för få perioder för att säga vart antalet kunder är på väg."
    )


def test_one_rule_and_the_same_facts_give_one_sentence_in_the_whole_document() -> None:
    in_summary = levels.against_target(WORDING, outcome(44), target(65))
    in_body = levels.against_target(WORDING, outcome(44), target(65))
    assert one_voice([in_summary, in_body]) == (in_summary,)
    with pytest.raises(TwoVoices):
        one_voice([in_summary, levels.against_target(WORDING, outcome(45), target(65))])


def test_counts_are_written_as_municipal_swedish_writes_them() -> None:
    case = Noun("mål", "mål", "ett")
    assert [in_words(number, 12) for number in (0, 1, 9, 12, 13)] == ["noll", "en", "nio", "tolv", "13"]
    assert (some(1, case, 12), some(1, PROVIDERS, 12)) == ("ett mål", "en anordnare")
    assert (some_of(9, 12, PROVIDERS, 12), some_of(9, 31, PROVIDERS, 12).replace("\u00a0", " ")) == (
        "nio av tolv anordnare",
        "9 av 31 anordnare",
    )
    assert listed(["a", "b", "c"]) == "a, b och c"
    assert (inside("Jobbpeng grund"), inside("SFI")) == ("jobbpeng grund", "SFI")
    assert [during(one) for one in (Year(2017), Tertial(2018, 1), Month(2018, 5))] == [
        "2017",
        "under tertial 1 2018",
        "i maj 2018",
    ]


def test_an_older_period_keeps_the_words_that_applied_to_it() -> None:
    first = WORDINGS.versions[0]
    newer = changed(first, version=2, from_="2018", marginal_points=Decimal(3))
    both = changed(WORDINGS, versions=(first, newer))
    assert isinstance(both, Wordings)
    said = [changes.change(both.at(Year(year)), outcome(44, year), outcome(46, year - 1)).text for year in (2017, 2018)]
    assert ["marginell" in one for one in said] == [False, True]


def test_every_indicator_that_sentences_name_is_there() -> None:
    assert {one.indicator for one in WORDINGS.subjects} <= INDICATORS.keys()
    assert all(one.subject == one.subject.strip() and one.subject[0].islower() for one in WORDINGS.subjects)
    assert all(here.version < there.version for here, there in pairwise(WORDINGS.versions))
