"""What the chapters say: golden sentences, made from values that are put together by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import attrs
import pytest
from tests.reports.facts_example import (
    HIDDEN,
    INCLUDE,
    INDICATORS,
    REPORTED,
    Values,
    amount,
    count,
    facts,
    goal,
    mean,
    said,
    share,
    table,
)

from arshjul.catalogue.indicators import Change
from arshjul.catalogue.statistics import load_selection
from arshjul.comparison.peers import PeerValue
from arshjul.reports.blocks import Heading, Table
from arshjul.reports.chapters.activity import process_chapter, volumes_chapter
from arshjul.reports.chapters.complaints import complaints_chapter
from arshjul.reports.chapters.control import control_chapter
from arshjul.reports.chapters.customers import customers_chapter
from arshjul.reports.chapters.definitions import definitions_chapter
from arshjul.reports.chapters.goals import goals_chapter
from arshjul.reports.chapters.groups import groups_chapter
from arshjul.reports.chapters.method import protection_chapter
from arshjul.reports.chapters.money import money_chapter
from arshjul.reports.chapters.outcome import outcome_chapter
from arshjul.reports.chapters.paths import days_chapter, lasting_chapter, steps_chapter
from arshjul.reports.chapters.revised import revised_chapter
from arshjul.reports.chapters.summary import summary_chapter
from arshjul.reports.context import OfficialSeries, Question
from arshjul.reports.facts import Facts
from arshjul.reports.revisions import PublicRevision

OUTCOME = "maluppfyllelse"
NOW: Values = {
    (OUTCOME, ""): share(88, 200),
    (OUTCOME, "insatstyp=a"): share(63, 100),
    (OUTCOME, "insatstyp=b"): share(25, 100),
    ("kunder", ""): count(1284),
}
THEN: Values = {
    (OUTCOME, ""): share(120, 200),
    (OUTCOME, "insatstyp=a"): share(105, 150),
    (OUTCOME, "insatstyp=b"): share(15, 50),
    ("kunder", ""): count(1274),
}


def test_the_outcome_is_told_with_goal_distance_and_what_chance_may_do() -> None:
    text = said(outcome_chapter(facts(NOW, goals=(goal("M1"),))))
    assert (
        "Målet är minst 65 procent; inom 3 procentenheter från målet räknas som nära. Utfallet är 44 procent, "
        "21 procentenheter under målet. Med hänsyn till slumpen ligger värdet mellan 37 och 51 procent."
    ) in text
    assert "Utfallet är 44 procent. Jämförelsevärde saknas för tertial 1 2025 och tertial 3 2025." in text


def test_a_change_is_told_with_chance_and_with_its_parts() -> None:
    blocks = outcome_chapter(facts(NOW, last_year=THEN, goals=(goal("M1"),)))
    text = said(blocks)
    assert "Det är 16 procentenheter lägre än tertial 1 2025, mer än slumpen brukar ge." in text
    assert (
        "Jämfört med tertial 1 2025: ändrade resultat inom insatserna sänkte värdet med 6 procentenheter, och en ändrad "
        "fördelning mellan insatser sänkte värdet med 10 procentenheter. Sammantaget är det en minskning med "
        "16 procentenheter."
    ) in text
    assert table(blocks, "forandringens-delar") == [
        ["Ändrade resultat", "−6"],
        ["Ändrad fördelning", "−10"],
        ["Förändring", "−16"],
    ]


def test_two_changes_of_which_the_same_is_to_be_said_are_told_together() -> None:
    same = {(OUTCOME, ""): share(90, 200)}
    text = said(outcome_chapter(facts(NOW, last_year=same, previous={(OUTCOME, ""): share(92, 200)})))
    assert (
        "Det är 1 procentenhet lägre än tertial 1 2025 och 2 procentenheter lägre än tertial 3 2025. Båda skillnaderna ryms "
        "inom slumpens gränser."
    ) in text


def test_a_change_that_cannot_be_parted_says_so_without_a_table() -> None:
    hidden = {**NOW, (OUTCOME, "insatstyp=b"): HIDDEN}
    blocks = outcome_chapter(facts(hidden, last_year=THEN))
    assert "Förändringen redovisas inte uppdelad" in said(blocks)
    assert "forandringens-delar" not in {block.id for block in blocks if isinstance(block, Table)}


def test_the_table_of_goals_met_shows_interval_distance_and_near() -> None:
    near = facts(NOW, goals=(goal("M1"), goal("M2", insatstyp="b", target=Decimal(50))))
    rows = table(outcome_chapter(near), "maluppfyllelse-mal")
    assert rows == [
        ["Jobbpeng", "100", "63", "63", "53–72", "65", "−2", "Nära målet"],
        ["Coachning", "100", "25", "25", "17–35", "50", "−25", "Inte nått målet"],
        ["Samtliga insatser", "200", "88", "44", "37–51", "65", "−21", "Inte nått målet"],
    ]


def test_a_broken_series_is_marked_and_said() -> None:
    change = Change(version=2, from_="2026-T1", what="Deltidsarbete räknas från 2026.")
    broken = attrs.evolve(INDICATORS[OUTCOME], version=2, changes=(change,))
    given = replace(facts(NOW, last_year=THEN), indicators={**INDICATORS, OUTCOME: broken})
    blocks = outcome_chapter(given)
    assert "Serien är bruten mellan perioderna. Deltidsarbete räknas från 2026." in said(blocks)
    assert "slumpen brukar ge" not in said(blocks)
    assert table(blocks, "utveckling")[0][-1] == "−16b"


def test_a_withheld_outcome_is_said_to_be_withheld_and_draws_nothing() -> None:
    blocks = outcome_chapter(facts({(OUTCOME, ""): HIDDEN}, goals=(goal("M1"),)))
    assert "Utfallet visas inte, eftersom uppgiften kan röja en person." in said(blocks)
    assert not [block for block in blocks if getattr(block, "id", "") == "maluppfyllelse"]


def test_the_summary_tells_outcome_goal_programmes_and_cards() -> None:
    given = {**NOW, ("kostnad_per_lyckat_avslut", ""): amount(130415)}
    text = said(summary_chapter(facts(given, previous=THEN, goals=(goal("M1"),))))
    assert (
        "Av de insatser som avslutades under tertial 1 2026 ledde 44 procent till arbete, studier eller eget företag. Nämndens "
        "mål är 65 procent. Målet nåddes inte. Med hänsyn till slumpen ligger värdet mellan 37 och 51 procent."
    ) in text
    assert (
        "44 % av avslutade insatser ledde till egen försörjning mellan 37 och 51 procent Målet är minst 65 %: inte nått. "
        "Utfallet är 16 procentenheter lägre än tertial 3 2025, mer än slumpen brukar ge"
    ) in text
    assert "Jobbpeng (63 procent) var nära sitt mål. Coachning (25 procent) nådde inte sitt mål." in text
    assert "Antalet kunder är 1 284 personer, 10 fler än tertial 3 2025." in text
    assert "130 415 kr per lyckat avslut" in text
    assert "i kundernas omdöme" not in text, "a card without anything to tell is left out"


def test_without_any_earlier_value_it_is_said_once_for_all() -> None:
    text = said(summary_chapter(facts(NOW)))
    once = "Jämförelsevärde saknas för tertial 1 2025 och tertial 3 2025, så inga förändringar redovisas."
    assert once in text
    assert text.lower().count("jämförelsevärde saknas") == 1
    assert "Antalet kunder är 1 284 personer." in text
    one_stored = said(summary_chapter(facts(NOW, previous=THEN)))
    assert "Jämförelsevärde saknas för tertial 1 2025, så inga förändringar sedan dess redovisas." in one_stored


def test_a_single_figure_without_an_earlier_value_says_so_itself() -> None:
    given = facts(NOW, previous={key: value for key, value in THEN.items() if key != ("kunder", "")}, last_year=THEN)
    text = said(summary_chapter(given))
    assert "Antalet kunder är 1 284 personer; jämförelsevärde saknas för tertial 3 2025." in text
    assert "kunder hade en insats under perioden  Jämförelsevärde saknas för tertial 3 2025" in text
    assert "så inga förändringar" not in text


def test_most_providers_going_the_other_way_is_told_first_in_the_report() -> None:
    up = {(OUTCOME, f"anordnare={code}"): share(60, 100) for code in "123"}
    down = {**NOW, **{(OUTCOME, f"anordnare={code}"): share(55, 100) for code in "123"}, (OUTCOME, ""): share(170, 200)}
    given = facts(down, last_year={**THEN, **up})
    told = "otalen ökade, men värdet minskade för alla 3 anordnare."
    assert told in said(summary_chapter(given))
    groups = said(groups_chapter(given))
    assert "Så har måluppfyllelsen ändrats sedan tertial 1 2025. Alla 3 anordnare som kan jämföras" in groups
    assert told in groups


def test_small_providers_stand_together_last_and_how_many_they_are_is_told() -> None:
    given = {
        **NOW,
        (OUTCOME, "anordnare=1"): share(50, 100),
        (OUTCOME, "anordnare=ovriga"): share(38, 100),
        ("kunder", "anordnare=2"): count(30),
    }
    blocks = groups_chapter(facts(given, merged={OUTCOME: 4}))
    rows = table(blocks, "anordnare")
    assert [row[0] for row in rows] == ["Alfa AB", "Beta AB", "Övriga anordnare", "Samtliga anordnare"]
    note = next(block.note for block in blocks if isinstance(block, Table) and block.id == "anordnare")
    assert "Övriga anordnare är 4 anordnare med få personer, som redovisas tillsammans." in note
    assert "En anordnare som saknar ett värde kan ingå där." in note


def test_a_table_where_all_is_withheld_is_a_sentence_and_one_of_nothing_is_left_out() -> None:
    hidden = {**NOW, (OUTCOME, "insatstyp=a,kon=man"): HIDDEN}
    blocks = groups_chapter(facts(hidden))
    assert "per insats och kön” visas inte, eftersom uppgifterna kan röja en person." in said(blocks)
    assert not [block for block in blocks if isinstance(block, Table)]
    assert "Resultat per anordnare" not in [block.text for block in blocks if isinstance(block, Heading)]


def test_the_bridges_lead_from_the_own_definition_to_the_others_and_sum() -> None:
    given = {
        (OUTCOME, ""): share(88, 200),
        ("maluppfyllelse_kolada", ""): share(78, 200),
        ("maluppfyllelse_bred", ""): share(100, 200),
        ("avslutsorsaker", "avslutsorsak=kommunal_anstallning"): share(10, 200),
        ("avslutsorsaker", "avslutsorsak=andra_studier"): share(7, 200),
        ("avslutsorsaker", "avslutsorsak=deltidsarbete"): share(5, 200),
    }
    blocks = definitions_chapter(facts(given), "Exempelkommun")
    assert table(blocks, "definitioner-brygga") == [
        ["Kommunens egen definition", "88", "44,0"],
        ["Kommunal anställning räknas inte", "−10", "−5,0"],
        ["Koladas definition (egen bearbetning)", "78", "39,0"],
        ["Kommunens egen definition", "88", "44,0"],
        ["Andra studier räknas också", "+7", "+3,5"],
        ["Deltidsarbete räknas också", "+5", "+2,5"],
        ["Bred definition", "100", "50,0"],
    ]
    withheld = {**given, ("avslutsorsaker", "avslutsorsak=kommunal_anstallning"): HIDDEN}
    blocks = definitions_chapter(facts(withheld), "Exempelkommun")
    assert [row[0] for row in table(blocks, "definitioner-brygga")][-1] == "Bred definition"
    assert (
        "Vägen till ”Måluppfyllelse, Koladas definition” kan inte visas, eftersom minst en av delarna kan röja en person."
        in said(blocks)
    )


def test_our_value_stands_beside_the_services_with_the_difference_said() -> None:
    given = facts({("maluppfyllelse_kolada", ""): share(78, 200)})
    series = given.context.peers.series[0]
    values = (
        PeerValue(
            "Deltagare som börjat arbeta", False, "0580", "Linköping", False, "2024", Decimal("41.2"), None, 1, 1
        ),
        PeerValue("Deltagare som börjat arbeta", False, "0000", "Riket", False, "2024", Decimal("38.9"), None, 1, 2),
    )
    official = OfficialSeries(series, load_selection(INCLUDE, "kolada"), values)
    context = replace(given.context, official={"maluppfyllelse_kolada": official})
    blocks = definitions_chapter(replace(given, context=context), "Exempelkommun")
    rows = table(blocks, "maluppfyllelse_kolada-andra")
    assert rows[0] == ["Exempelkommun (egen bearbetning)", "tertial 1 2026", "39", "Egen bearbetning"]
    assert [row[2] for row in rows[1:]] == ["41", "–", "39"]
    assert "Värdet för Exempelkommun är egen bearbetning och kommer inte från Kolada." in said(blocks)
    assert "ej jämförbar period" in said(blocks)
    assert "Bredvid andra kommuner" not in str(definitions_chapter(given, "Exempelkommun")), (
        "nothing fetched, nothing told"
    )


def test_goals_stand_under_the_councils_with_how_each_is_met() -> None:
    goals = (
        goal("F1", level="fullmaktige", goal="Fler försörjer sig själva.", indicator_id=None, target=None),
        goal("F2", level="fullmaktige", goal="Nöjda kunder.", indicator_id=None, target=None),
        goal("N1", parent_id="F1", is_followed=True),
        goal(
            "N2", parent_id="F1", indicator_id="kunder_per_coach", direction="ned", target=Decimal(30), goal="Högst 30."
        ),
    )
    blocks = goals_chapter(facts(NOW, goals=goals))
    assert said(blocks) == (
        "Det enda mål som kan bedömas är inte nått. Ett mål går inte att bedöma. Ett mål hos fullmäktige har inget mål hos "
        "nämnden."
    )
    rows = table(blocks, "mal")
    assert rows[0] == ["Fler försörjer sig själva.", "–", "–", "–", "–"]
    assert rows[1] == [
        "65 procent når målet (följs särskilt).",
        "Måluppfyllelse (%)",
        "minst 65",
        "44",
        "Inte nått målet",
    ]
    assert rows[2][2:] == ["högst 30", "–", "–"]
    assert goals_chapter(facts(NOW)) == []


def question(version: str) -> Question:
    return Question("mal", version)


SURVEY: Values = {
    ("kundnojdhet", ""): mean("4.4", 200),
    ("kundnojdhet", "block=mal"): mean("4.4", 200),
    ("kundnojdhet", "fraga_id=F1"): mean("4.5", 100, "4.3", "4.7"),
    ("kundnojdhet", "fraga_id=F2"): mean("4.3", 100),
    ("svarsfrekvens", ""): share(109, 347),
}
SURVEY_THEN: Values = {
    ("kundnojdhet", ""): mean("4.1", 200),
    ("kundnojdhet", "block=mal"): mean("4.1", 200),
    ("kundnojdhet", "fraga_id=F1"): mean("4.2", 100, "4.0", "4.2"),
    ("kundnojdhet", "fraga_id=F2"): mean("4.0", 100),
}


def test_the_survey_is_told_with_its_response_rate_and_beside_the_year_before() -> None:
    questions = {(year, code): question("1") for year in (2025, 2026) for code in ("F1", "F2")}
    blocks = customers_chapter(facts(SURVEY, last_year=SURVEY_THEN, questions=questions))
    assert (
        "Genomsnittet för alla frågor är 4,4 poäng, 0,3 poäng högre än tertial 1 2025. Svarsfrekvensen var 31 procent (109 av "
        "347). Det är lågt, så värdet bör tolkas försiktigt."
    ) in said(blocks)
    assert table(blocks, "kundnojdhet-fragor") == [
        ["Mål", "4,4", "–", "4,1", "+0,3"],
        ["Jag vet vad jag ska göra.", "4,5", "4,3–4,7", "4,2", "+0,3*"],
        ["Jag får stöd.", "4,3", "–", "4,0", "+0,3"],
        ["Alla frågor", "4,4", "–", "4,1", "+0,3"],
    ]


def test_a_reworded_question_is_not_compared_and_nor_is_what_it_is_part_of() -> None:
    questions = {(year, code): question("1") for year in (2025, 2026) for code in ("F1", "F2")}
    questions[2026, "F2"] = question("2")
    blocks = customers_chapter(facts(SURVEY, last_year=SURVEY_THEN, questions=questions))
    assert "Frågor som är nya eller har formulerats om sedan förra året jämförs inte." in said(blocks)
    assert "4,4 poäng; frågorna har ändrats sedan tertial 1 2025." in said(blocks)
    changes = [row[3:] for row in table(blocks, "kundnojdhet-fragor")]
    assert changes == [["–", "–"], ["4,2", "+0,3*"], ["–", "–"], ["–", "–"]]


@pytest.mark.parametrize(
    ("blocks", "sentence"),
    [
        (customers_chapter(facts(NOW)), "Det finns inga omdömen från kunder att redovisa för tertial 1 2026."),
        (complaints_chapter(facts(NOW)), "Inga synpunkter eller klagomål kom in under tertial 1 2026."),
        (control_chapter(facts(NOW)), "Inga besök, åtgärder eller kontroller finns att redovisa för tertial 1 2026."),
        (
            money_chapter(facts({("budgetavvikelse", ""): amount(0, observations=0)})),
            "Det finns inga uppgifter om ekonomin för tertial 1 2026.",
        ),
        (revised_chapter(facts(NOW)), "Inga uppgifter i tidigare rapporter har ändrats."),
        (
            process_chapter(facts(NOW)),
            "Det finns inga uppgifter om närvaro, platser eller ledtider för tertial 1 2026.",
        ),
    ],
)
def test_a_chapter_without_values_is_one_sentence(blocks: list[object], sentence: str) -> None:
    assert len(blocks) == 2
    assert said(blocks) == sentence  # type: ignore[arg-type]


def test_money_is_told_in_sentences_instead_of_signs() -> None:
    given = {
        ("budgetavvikelse", ""): amount(-29470),
        ("ersattningsavvikelse", ""): amount(14470),
        ("kostnad_per_lyckat_avslut", ""): amount(130415),
    }
    assert said(money_chapter(facts(given))) == (
        "Verksamheten har kostat 29 470 kronor mer än budgeten. Anordnarna har fått 14 470 kronor mer än vad den redovisade "
        "närvaron motsvarar. Kostnaden per lyckat avslut är 130 415 kronor. "
        "Kostnaden gäller alla pågående insatser, inte bara dem som avslutades."
    )


def test_visits_and_actions_are_told_in_words() -> None:
    given = {("namndbesok_genomforda", ""): count(1), ("atgarder_i_tid", ""): share(5, 8)}
    text = said(control_chapter(facts(given, last_year={("atgarder_i_tid", ""): share(6, 8)})))
    assert text == (
        "Nämnden gjorde ett besök i verksamheterna och tjänstemännen inga. Andelen åtgärder som blev klara i tid är 63 procent, "
        "12 procentenheter lägre än tertial 1 2025."
    )


def test_complaints_that_are_withheld_are_said_to_be() -> None:
    given = {("synpunkter_inkomna", ""): count(8), ("brister_atgardade", ""): HIDDEN}
    text = said(complaints_chapter(facts(given)))
    assert "Antalet synpunkter och klagomål som kom in är 8 ärenden." in text
    assert "Andelen brister som har lett till en åtgärd visas inte, eftersom uppgiften kan röja en person." in text


def test_lasting_results_are_told_with_how_many_were_reached() -> None:
    given = {("kvar_i_egen_forsorjning_3m", ""): share(42, 53), ("uppfoljning_tackning_3m", ""): share(53, 123)}
    assert (
        "Andelen kvar efter tre månader är 79 procent. Med hänsyn till slumpen ligger "
        "värdet mellan 66 och 88 procent. Andelen som har följts upp var 43 procent (53 av 123). Det är lågt, så värdet bör "
        "tolkas försiktigt."
    ) in said(lasting_chapter(facts(given)))
    assert "Ingen uppföljning finns att redovisa" in said(lasting_chapter(facts(NOW)))
    assert "Ingen sådan insats avslutades under tertial 1 2026." in said(steps_chapter(facts(NOW)))


def test_days_are_told_with_both_comparisons_and_their_interval() -> None:
    days = "insatsdagar_till_egen_forsorjning"
    given = {(days, ""): mean("239", 80, "225", "253")}
    text = said(days_chapter(facts(given, previous={(days, ""): mean("240", 80, "226", "254")})))
    assert (
        "Tiden till egen försörjning är 239 dagar i genomsnitt, 1 dag kortare än tertial 3 2025, inom slumpens gränser. "
        "Med hänsyn till slumpen ligger värdet mellan 225 och 253 dagar."
    ) in text


def test_customers_may_be_more_although_most_providers_have_fewer() -> None:
    def customers(total: int, *each: int) -> Values:
        providers = {("kunder", f"anordnare={code}"): count(number) for code, number in enumerate(each, start=1)}
        return {("kunder", ""): count(total), **providers}

    now, then = customers(110, 90, 9, 11), customers(100, 70, 15, 15)
    text = said(volumes_chapter(facts(now, last_year=then)))
    assert text.startswith(
        "Kunderna är fler än under tertial 1 2025. Av 3 anordnare som kan jämföras har 1 fått fler och 2 färre. "
    )
    assert "Totalen ökade, men värdet minskade för 2 av 3 anordnare." in text


def test_what_earlier_reports_said_is_told_beside_what_is_known_now() -> None:
    revision = PublicRevision(
        REPORTED.previous,
        OUTCOME,
        {},
        "tertialrapport",
        date(2026, 1, 15),
        share(88, 200),
        share(86, 200),
        {"rattade_uppgifter": Decimal("-0.01")},
    )
    given = facts(NOW)
    given = replace(given, context=replace(given.context, revisions=(revision,)))
    blocks = revised_chapter(given)
    assert (
        "Måluppfyllelse, tertial 3 2025: värdet är nu 43 procent; i rapporten den 15 januari 2026 stod 44 procent. Hela "
        "ändringen beror på rättade uppgifter."
    ) in said(blocks)
    assert table(blocks, "andrade-uppgifter") == [
        ["Måluppfyllelse (%)", "Alla", "Tertial 3 2025", "44", "43", "Hela ändringen beror på rättade uppgifter."]
    ]
    assert "1 uppgift har ändrats sedan de redovisades" not in said(summary_chapter(given)), "the number agrees"
    assert "Tidigare rapporter: 1 uppgift har ändrats sedan den redovisades." in said(summary_chapter(given))


def test_how_persons_are_protected_is_told_with_how_many_are_hidden() -> None:
    given = {**NOW, ("nya_insatser", ""): HIDDEN}
    text = said(protection_chapter(facts(given)))
    assert "I den här periodens tabeller är 1 av 5 uppgifter dolda." in text
    assert "Även stora tal kan vara dolda." in text
    assert "Övriga anordnare" not in text


def test_only_periods_that_are_stored_have_columns_and_the_others_are_named() -> None:
    def columns(given: Facts) -> tuple[list[str], str]:
        blocks = volumes_chapter(given)
        found = next(block for block in blocks if isinstance(block, Table) and block.id == "volymer")
        return [column.title.replace("\u00a0", " ") for column in found.columns], found.note

    assert columns(facts(NOW)) == (
        ["Mått", "Tertial 1 2026"],
        "Jämförelsevärde saknas för tertial 3 2025 och tertial 1 2025.",
    )
    titles, note = columns(facts(NOW, previous=THEN))
    assert titles == ["Mått", "Tertial 1 2026", "Tertial 3 2025", "Förändring sedan tertial 3 2025"]
    assert note.startswith("Jämförelsevärde saknas för tertial 1 2025.")


def test_a_sentence_compares_with_the_year_before_where_it_is_stored_else_with_the_period_before() -> None:
    rate: Values = {("kvar_i_egen_forsorjning_3m", ""): share(42, 53)}
    assert "oförändrat jämfört med tertial 3 2025" in said(lasting_chapter(facts(rate, previous=rate)))
    both = said(lasting_chapter(facts(rate, previous=rate, last_year=rate)))
    assert "oförändrat jämfört med tertial 1 2025" in both


def test_a_measure_without_any_value_has_neither_row_nor_column() -> None:
    blocks = volumes_chapter(facts({**NOW, ("kunder", "insatstyp=a"): count(30)}))
    assert table(blocks, "volymer") == [["Kunder", "1 284"]]
    assert table(blocks, "volym-insats") == [["Jobbpeng", "30"], ["Samtliga insatser", "1 284"]]
