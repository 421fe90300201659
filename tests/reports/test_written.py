"""What people write, as blocks: the little that is let through, and everything that is refused by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.reports.facts_example import HIDDEN, INCLUDE, REPORTED, count, facts, goal, share

from arshjul.periods import Tertial
from arshjul.prose.texts import Texts, WrittenText
from arshjul.reports.blocks import BulletList, Heading, NumberedList, Paragraph, Run
from arshjul.reports.facts import Facts
from arshjul.reports.report_type import Reading, ReportType, Section
from arshjul.reports.written import (
    TextRefused,
    explanation_notes,
    faults_of,
    figures_of,
    text_states,
    written_blocks,
)

FACTS = facts(
    {
        ("maluppfyllelse", ""): share(44, 100),
        ("maluppfyllelse", "insatstyp=a"): share(30, 40),
        ("maluppfyllelse", "insatstyp=b"): HIDDEN,
        ("kunder", ""): count(120),
    },
    last_year={("maluppfyllelse", ""): share(50, 100)},
    goals=(goal("N1", is_followed=True),),
)


def written(markdown: str, section: str = "analys", indicator_id: str | None = None) -> WrittenText:
    return WrittenText(section, indicator_id, markdown, "Utredare", date(2026, 5, 12))


def reading(of: Facts = FACTS, *texts: WrittenText, connection: Any = None) -> Reading:
    return Reading(connection, INCLUDE, of, Texts(texts), "Exempelkommun")


def said(markdown: str) -> list[Any]:
    return list(written_blocks(written(markdown), figures_of(reading())))


def rules(markdown: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.rule) for fault in faults_of(written(markdown), figures_of(reading()))]


def filled(reference: str) -> str:
    (paragraph,) = said(reference)
    return "".join(run.text for run in paragraph.text).replace("\u00a0", " ")


def test_the_little_that_is_let_through_becomes_blocks() -> None:
    text = (
        "# Rubrik\n\nEtt **fett** och _kursivt_\nstycke, [länk](https://exempel.se/2026).\n\n- a\n- b\n\n1. c\n2. d\n"
    )
    assert said(text) == [
        Heading("Rubrik", 2),
        Paragraph(
            (
                Run("Ett "),
                Run("fett", "strong"),
                Run(" och "),
                Run("kursivt", "emphasis"),
                Run(" "),
                Run("stycke, "),
                Run("länk", link="https://exempel.se/2026"),
                Run("."),
            )
        ),
        BulletList(((Run("a"),), (Run("b"),))),
        NumberedList(((Run("c"),), (Run("d"),))),
    ]
    assert said("[skriv](mailto:a@exempel.se)")[0].text[0].link == "mailto:a@exempel.se"


@pytest.mark.parametrize(
    ("markdown", "faults"),
    [
        ("Resultatet blev 44 procent.", [(1, "siffra")]),
        ("Rad ett.\nRad två är 4.\n\n- fem\n- 5", [(2, "siffra"), (5, "siffra")]),
        ("Resultatet blev &#52;&#52; procent.", [(1, "siffra")]),
        ("# Målet 65", [(1, "siffra")]),
        ("**4**4", [(1, "siffra")]),
        ("[44 procent](https://exempel.se)", [(1, "siffra")]),
        ("<b>fett</b>", [(1, "html")]),
        ("<script>x</script>", [(1, "html")]),
        ("![karta](https://exempel.se/a.png)", [(1, "bild")]),
        ("[x](javascript:alert)", [(1, "lank")]),
        ("[x](//exempel.se)", [(1, "lank")]),
        ("> citat", [(1, "form")]),
        ("`kod`", [(1, "form")]),
        ("---", [(1, "form")]),
        ("    kod", [(1, "form")]),
        ("- a\n  - b", [(1, "lista")]),
        ("Bra 😀", [(1, "tecken")]),
        ("{okand}", [(1, "okand_referens")]),
        ("{maluppfyllelse 2019}", [(1, "okand_referens")]),
        ("{maluppfyllelse kon=man}", [(1, "okand_referens")]),
        ("{maluppfyllelse insatstyp=finns_inte}", [(1, "okand_referens")]),
        ("{svarsfrekvens}", [(1, "okand_referens")]),
    ],
)
def test_everything_else_is_refused_by_line_and_rule(markdown: str, faults: list[tuple[int, str]]) -> None:
    assert rules(markdown) == faults


def test_what_is_refused_is_told_in_swedish_without_the_text() -> None:
    with pytest.raises(TextRefused) as refused:
        said("Hemligt namn\nfick 44 procent.")
    assert str(refused.value).startswith("Avsnittet analys, rad 2: En siffra är skriven för hand.")
    assert "Hemligt" not in str(refused.value)
    (fault,) = faults_of(written("4", "analys", "kunder"), figures_of(reading()))
    assert fault.message.startswith("Avsnittet analys om kunder, rad 1:")


def test_references_give_the_figures_that_readers_see() -> None:
    assert filled("{maluppfyllelse}") == "44 procent"
    assert filled("{maluppfyllelse insatstyp=a}") == "75 procent"
    assert filled("{maluppfyllelse 2025-T1}") == "50 procent"
    assert filled("{kunder}") == "120 personer"


def test_a_withheld_figure_says_that_it_is_protected() -> None:
    assert filled("{maluppfyllelse insatstyp=b}") == ".. (uppgiften är skyddad)"
    assert filled("{maluppfyllelse 2025-T1 insatstyp=a}") == "– (uppgift saknas)"


def test_the_text_follows_the_figure() -> None:
    text = written("Utfallet är {maluppfyllelse}.")
    changed = replace(FACTS, current=replace(FACTS.current, values={("maluppfyllelse", ()): share(52, 100)}))
    before, after = (written_blocks(text, figures_of(reading(one))) for one in (FACTS, changed))
    assert ["44" in str(before), "52" in str(after), "44" in str(after)] == [True, True, False]


REPORT = ReportType(
    "tertialrapport",
    lambda _reading: None,  # type: ignore[arg-type, return-value]
    (
        Section("analys", "Analys", per_followed_indicator=True),
        Section("ekonomiska_konsekvenser", "Ekonomiska konsekvenser"),
        Section("forslag", "Fortsatt arbete", is_mandatory=False),
    ),
)


def test_a_report_knows_which_texts_are_open() -> None:
    texts = (
        written("Utfallet blev 44.", indicator_id="maluppfyllelse"),
        written("# Bara rubrik", "ekonomiska_konsekvenser"),
    )
    states = text_states(REPORT, reading(FACTS, *texts))
    assert [(one.wanted.section, one.is_open, one.is_missing, len(one.faults)) for one in states] == [
        ("analys", True, False, 1),
        ("ekonomiska_konsekvenser", True, True, 0),
        ("forslag", False, True, 0),
    ]
    assert states[0].wanted.title == "Analys: Måluppfyllelse"
    good = (
        written("Utfallet blev {maluppfyllelse}.", indicator_id="maluppfyllelse"),
        written("Ja.", "ekonomiska_konsekvenser"),
    )
    assert not any(one.is_open for one in text_states(REPORT, reading(FACTS, *good)))


def test_an_explanation_stands_beside_later_comparisons_with_its_own_figures(connection: Connection) -> None:
    then = Tertial(2025, 1)
    connection.exec_driver_sql(
        "INSERT INTO core.analystexter (sender, period, rapport_id, avsnitt, indikator_id, text, forfattare, datum,"
        " delivery_id, row_no, known_from) VALUES ('2120000001', '2025-05-01', 'tertialrapport', 'forklaring',"
        " 'maluppfyllelse', 'Många bytte insats; utfallet blev {maluppfyllelse}.', 'Utredare', '2025-05-15', 1, 1,"
        " '2025-05-20')"
    )
    notes = explanation_notes(reading(connection=connection), "maluppfyllelse", then)
    told = [
        " ".join(run.text for run in one.text).replace("\u00a0", " ") for one in notes if isinstance(one, Paragraph)
    ]
    assert told == [
        "Förklaring till tertial 1 2025  (Utredare, 15 maj 2025):",
        "Många bytte insats; utfallet blev 50 procent.",
    ]
    assert explanation_notes(reading(connection=connection), "maluppfyllelse", REPORTED) == ()
    assert explanation_notes(reading(connection=connection), "kunder", then) == ()
