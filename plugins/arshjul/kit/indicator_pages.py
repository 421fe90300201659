"""The catalogue of indicators for readers: ``docs/indikatorer``, written by ``make docs``.

Everything on a page comes from the definition, from the reasons in its SQL of what is left out, and from the statements it
stands on, so that a page cannot say anything else than what is computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from arshjul.catalogue.codelists import CodeList, load_codelists
from arshjul.catalogue.contracts import load_contracts
from arshjul.catalogue.indicators import Indicator, load_indicators, statements_behind
from arshjul.indicators.disclosure import FEW, FEW_FOR_MEAN
from arshjul.kit.wording import enumerate_words
from arshjul.periods import parse_period
from arshjul.reports.chapters.key_indicators import AREAS

INDEX = "README.md"

_MADE = "<!-- Sidan är gjord av definitionen med make docs. Ändra i include/sql/indicator. -->"
_MEASURED = {
    "struktur": "Vilka förutsättningar verksamheten har: volymer, kapacitet och pengar.",
    "process": "Hur arbetet går till: att det som ska göras blir gjort, och i tid.",
    "resultat": "Vad arbetet leder till för dem som det är till för.",
}
_CLASSES = {
    "strategiskt": "strategiskt mått",
    "basuppdrag": "mått på basuppdraget",
    "volym": "volymmått",
    "resurs": "resursmått",
}
_GOOD = {
    "up": "Ett högre värde är bättre.",
    "down": "Ett lägre värde är bättre.",
    "none": "Varken högt eller lågt är bra i sig.",
}
_CADENCES = {"manad": "månad", "tertial": "tertial", "ar": "år"}
_BREAKDOWNS = {
    "insatstyp": "insats",
    "anordnare": "anordnare",
    "kon": "kön",
    "aldersgrupp": "åldersgrupp",
    "avslutsorsak": "avslutsorsak",
    "block": "område i enkäten",
    "fraga_id": "fråga i enkäten",
    "typ": "slag av ärende",
    "kategori": "kategori",
    "kalla": "det som åtgärden kommer ur",
    "niva": "nivå som har beslutat om kontrollen",
    "objekt_id": "uppföljningsobjekt",
}
_PROTECTION = {
    "oppen": "Måttet gäller inte enskilda personer. Alla siffror visas.",
    "antal_personer": f"Ett antal på 1–{FEW - 1} visas inte.",
    "andel_personer": (
        f"En andel visas inte när nämnaren, täljaren eller skillnaden mellan dem är 1–{FEW - 1}. Den visas inte heller när "
        "den är 0 eller 100 procent, för då vet man hur det gick för var och en."
    ),
    "medel_personer": f"Siffran visas inte när den bygger på färre än {FEW_FOR_MEAN} fall.",
    "medel_enheter": f"Siffran visas inte när färre än {FEW_FOR_MEAN} personer har svarat.",
    "kvot_personer": f"Siffran visas inte när den gäller färre än {FEW} personer i genomsnitt per månad.",
    "kvot_per_person": f"Siffran visas inte när färre än {FEW} nådde målet.",
    "kvot_enheter": (
        f"Siffran visas inte när färre än {FEW} personer ligger bakom den, och inte heller när den är exakt 0 eller 100 "
        "procent, för då vet man hur det var för var och en."
    ),
    "summa_enheter": f"Summan visas inte när färre än {FEW} personer ligger bakom den.",
}
_TOGETHER = (
    "Dessutom döljs de siffror som en dold siffra annars går att räkna ut från: i samma tabell, i andra tabeller, för andra "
    "perioder eller i tidigare rapporter. Alla dolda siffror visas som `..`, vilken anledningen än är."
)
_SMALL_PROVIDERS = "Anordnare med få personer kan redovisas tillsammans som Övriga anordnare."
_BREAK = "Serien är bruten där en ny version börjar: siffrorna före och efter betyder inte samma sak."
_MIDDLE = (
    "Ordna talen från det minsta till det största och ta det mittersta. Är de ett jämnt antal tas värdet mitt emellan de "
    "två mittersta."
)
_EXIT_DEFINITIONS = {"own": "maluppfyllelse", "kolada": "maluppfyllelse_kolada", "lenient": "maluppfyllelse_bred"}
_COUNTS_AS = {"reached": "ja", "not": "nej", "outside": "räknas inte med"}
_INTRODUCTION = (
    "Här står vad varje mått i kommunens uppföljning av arbetsmarknadsinsatserna betyder, hur det räknas, varifrån "
    "uppgifterna kommer och vem som svarar för det. Samma definitioner styr beräkningen: ändras de, ändras sidan."
)
_FOR_ALL = {
    "Period": "En månad, ett tertial (januari–april, maj–augusti, september–december) eller ett kalenderår.",
    "Åldersgrupp": "Åldern den sista dagen i perioden: 16–24, 25–34, 35–44, 45–54 eller 55 år och äldre.",
    "Kön": "Juridiskt kön, som det framgår av personnumret.",
    "Det som var känt": (
        "En siffra räknas på det som var levererat när den räknades ut, och varje rapport behåller sina siffror. Kommer det "
        "in rättelser senare kan samma period få en annan siffra i en ny rapport."
    ),
    "Flera leveranser": (
        "Det som den senaste månadens leverans säger gäller. En rättelse av en tidigare månad går inte före en senare månad."
    ),
    "Flera grupper tillsammans": (
        "Man kan inte lägga ihop andelar och genomsnitt. Täljare och nämnare läggs ihop var för sig och delas sedan."
    ),
    "Dolda siffror": f"`..` betyder att siffran är dold för att skydda personer. {_TOGETHER}",
    "Inget värde": "Finns det ingenting att räkna på finns det inget värde. Det är inte samma sak som noll.",
}
_MONTHS = {"tre": "03", "sex": "06", "tolv": "12"}


def indicator_pages(include: Path) -> Iterator[tuple[str, str]]:
    """Make every page of the catalogue.

    Args:
        include: The folder with the catalogue and its SQL.

    Yields:
        File name and text, the overview first.

    Raises:
        CatalogueError: A definition is wrong.
    """
    indicators = load_indicators(include)
    yield INDEX, _index(indicators)
    datasets = {contract.name: contract.title for contract in load_contracts(include).values()}
    reasons = load_codelists(include)["avslutsorsaker"]
    for indicator in indicators.values():
        texts = statements_behind(include, indicator.id)
        named = {name for text in texts.values() for name in re.findall(r"\bcore\.(\w+)", text)}
        sources = {name: title for name, title in datasets.items() if name in named}
        yield (
            f"{indicator.id}.md",
            _page(indicator, indicators, sources, left_out_reasons(include, indicator.id), reasons),
        )


def left_out_reasons(include: Path, indicator_id: str) -> tuple[str, ...]:
    """Return why an indicator leaves things out, in the words its SQL gives to readers; nothing when it does not.

    Args:
        include: The folder with the catalogue and its SQL.
        indicator_id: The indicator.
    """
    file = include / "sql" / "left_out" / f"{indicator_id}.sql"
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    return tuple(dict.fromkeys(re.findall(r"\b(?:SELECT|THEN|ELSE)\s+'([^']+)'", text)))


def _index(indicators: Mapping[str, Indicator]) -> str:
    parts = [_MADE, "# Mått i uppföljningen", _INTRODUCTION]
    for area, meaning in _MEASURED.items():
        own = sorted((one for one in indicators.values() if one.quality_area == area), key=_in_order)
        rows = [[_link(one), _first_sentence(one.definition), one.unit, _cadence(one)] for one in own]
        parts += [f"## {AREAS[area][0]}", meaning, _table(["Mått", "Vad det säger", "Visas i", "Redovisas"], rows)]
    parts += ["## Det här gäller alla mått", _list([f"**{word}.** {text}" for word, text in _FOR_ALL.items()])]
    return "\n\n".join(parts) + "\n"


def _page(
    indicator: Indicator,
    indicators: Mapping[str, Indicator],
    datasets: Mapping[str, str],
    left_out: Sequence[str],
    exit_reasons: CodeList,
) -> str:
    area, _ = AREAS[indicator.quality_area]
    facts = {
        "Område": f"{area}, {_CLASSES[indicator.class_]}",
        "Visas i": f"{indicator.unit}, {_decimals(indicator.decimals)}",
        "Vad som är bra": _GOOD[indicator.good],
        "Redovisas": _cadence(indicator),
    }
    origins = enumerate_words([f"[{title}](../leveranser/{name}.md)" for name, title in datasets.items()])
    parts = [
        _MADE,
        f"# {indicator.title}",
        indicator.definition,
        _table([*facts], [[*facts.values()]]),
        "## Så räknas det",
        "\n".join(f"{number}. {step}" for number, step in enumerate(_steps(indicator), start=1)),
        f"Uppgifterna kommer från {'leveranserna' if len(datasets) > 1 else 'leveransen'} {origins}.",
        *_left_out(left_out),
        *_exit_reasons(indicator, indicators, exit_reasons),
        "## Det här visas",
        *_shown(indicator),
        "## Så skyddas personer",
        " ".join(_protection(indicator)),
        *_related(indicator, indicators),
        "## Källor",
        _sources(indicator),
        "## Ansvar och versioner",
        *_history(indicator),
        f"[Alla mått]({INDEX})",
    ]
    return "\n\n".join(parts) + "\n"


def _steps(one: Indicator) -> tuple[str, ...]:
    """How the figure comes about, as somebody would do it by hand."""
    percent = " Svaret visas i procent." if one.unit == "procent" else ""
    match one.kind:
        case "share":
            return (
                f"Räkna alla {one.counted}. Det är nämnaren.",
                f"Räkna hur många av dem {one.measured}. Det är täljaren.",
                f"Dela täljaren med nämnaren.{percent}",
            )
        case "mean":
            return (f"Räkna alla {one.counted}.", f"Lägg ihop {one.measured}.", "Dela summan med antalet.")
        case "median":
            return (
                f"Ta fram alla {one.counted}.",
                f"Räkna {one.measured}, för varje fall för sig.",
                _MIDDLE,
            )
        case "ratio":
            return (
                f"Lägg ihop {one.measured}. Det är täljaren.",
                f"Lägg ihop {one.counted}. Det är nämnaren.",
                f"Dela täljaren med nämnaren.{percent}",
            )
        case "sum":
            return (f"Ta fram {one.counted}.", f"Räkna ut {one.measured}, för varje fall för sig.", "Lägg ihop talen.")
        case "count":
            return (f"Räkna alla {one.counted}.",)


def _left_out(reasons: Sequence[str]) -> Iterator[str]:
    if not reasons:
        yield "Inget av det räknas bort."
        return
    yield "De här fallen räknas inte med. Hur många de är redovisas bredvid måttet:"
    yield _list(reasons)


def _exit_reasons(indicator: Indicator, indicators: Mapping[str, Indicator], exit_reasons: CodeList) -> Iterator[str]:
    """What each exit reason counts as under the twin definitions, beside each other."""
    if indicator.id not in _EXIT_DEFINITIONS.values():
        return
    head = ["Avslutsorsak", *(indicators[twin].title for twin in _EXIT_DEFINITIONS.values())]
    rows = [
        [code.title, *(_COUNTS_AS[str(code.attributes[name])] for name in _EXIT_DEFINITIONS)]
        for code in exit_reasons.codes
    ]
    yield "## Är målet nått? Så räknas varje avslutsorsak"
    yield _table(head, rows)


def _shown(one: Indicator) -> Iterator[str]:
    tables = ["för alla tillsammans" if not table else f"per {_breakdowns(table)}" for table in one.tables]
    if tables == ["för alla tillsammans"]:
        yield "Läsare ser en siffra för alla tillsammans. Måttet delas inte upp."
        return
    yield "Läsare ser måttet:"
    yield _list(tables)
    if len(one.breakdowns) > 1:
        yield (
            f"Kommunen räknar också ut det för varje annan kombination av {_breakdowns(one.breakdowns)}. De siffrorna stannar "
            "inom kommunen: ju färre tabeller som visas, desto färre siffror måste döljas."
        )


def _protection(one: Indicator) -> Iterator[str]:
    yield _PROTECTION[one.disclosure]
    if one.disclosure != "oppen":
        yield _TOGETHER
        if any("anordnare" in table for table in one.tables):
            yield _SMALL_PROVIDERS


def _sources(one: Indicator) -> str:
    clauses: dict[str, list[str]] = {}
    for source in one.sources:
        clauses.setdefault(source.document, []).append(source.clause)
    return _list([f"{document}: {'; '.join(its)}" for document, its in clauses.items()])


def _related(one: Indicator, indicators: Mapping[str, Indicator]) -> Iterator[str]:
    if one.related:
        yield "## Läs tillsammans med"
        yield _list(f"{_link(indicators[other.indicator])}: {other.how}" for other in one.related)


def _history(one: Indicator) -> Iterator[str]:
    people = {
        "Svarar för måttet": one.owner,
        "Har kontrollerat definitionen": one.checked_by,
        "Senast granskad": one.reviewed.isoformat(),
    }
    yield _table([*people], [[*people.values()]])
    rows = [["1", "början", "Första definitionen."]]
    rows += [[str(each.version), parse_period(each.from_).title, each.what] for each in one.changes]
    yield _table(["Version", "Gäller från", "Vad som ändrades"], rows)
    yield _BREAK if one.changes else "Definitionen har inte ändrats. Serien är obruten."


def _in_order(one: Indicator) -> str:
    """A title to sort by: three months before six before twelve."""
    return re.sub(r"\b(tre|sex|tolv)\b", lambda word: _MONTHS[word[0]], one.title.lower())


def _breakdowns(names: Sequence[str]) -> str:
    return enumerate_words([_BREAKDOWNS[name] for name in names])


def _cadence(one: Indicator) -> str:
    return f"varje {enumerate_words([_CADENCES[cadence] for cadence in one.cadence])}"


def _decimals(number: int) -> str:
    return {0: "utan decimaler", 1: "med en decimal"}.get(number, f"med {number} decimaler")


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=\.) (?=[A-ZÅÄÖ])", text)[0]


def _link(one: Indicator) -> str:
    return f"[{one.title}]({one.id}.md)" + (f" (version {one.version})" if one.changes else "")


def _list(lines: Iterator[str] | Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)
