"""One good row of every dataset, each the other rows' parent or child; and what breaks each of a contract's checks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from arshjul.catalogue.contracts import Contract, Field
from arshjul.intake.rules import Check

KOMMUN, PROVIDER, STRANGER = "2120000001", "5560360793", "5590000013"

GOOD: Mapping[str, Mapping[str, str]] = {
    "anordnare": {
        "orgnr": PROVIDER,
        "namn": "Anordnaren AB",
        "typ": "extern",
        "auktoriserad_fran": "2020-01-01",
        "auktoriserad_till": "2030-12-31",
        "kvalitetssystem": "certifierat",
        "certifikat": "ISO 9001",
        "certifikat_till": "2028-01-01",
        "epost": "info@anordnaren.example",
    },
    "mal": {
        "mal_id": "M1",
        "niva": "namnd",
        "overordnat_mal_id": "KF1",
        "ar": "2026",
        "text": "Fler ska nå egen försörjning.",
        "indikator_id": "maluppfyllelse",
        "malvarde": "60",
        "riktning": "upp",
        "tolerans": "2,5",
        "insatstyp": "jobbpeng_grund",
        "sarskilt_folja": "ja",
    },
    "sammantraden": {"organ": "Nämnden", "datum": "2026-03-25", "utskick_datum": "2026-03-18"},
    "uppfoljningsobjekt": {
        "objekt_id": "OBJ1",
        "typ": "avtal",
        "namn": "Jobbsatsningen",
        "motpart": "Anordnaren AB",
        "ami_roll": "agare",
        "syften": "kompetensförsörjning, integration",
        "fran": "2025-01-01",
        "till": "2026-12-31",
        "diarienummer": "AMN 2025/17",
        "anordnare_orgnr": PROVIDER,
        "kraver": "kvalitetsrapport, namndbesok",
    },
    "kontrollpunkter": {
        "kontroll_id": "K1",
        "niva": "enhet",
        "objekt_id": "OBJ1",
        "risk": "12",
        "beskrivning": "Stickprov på närvaro.",
        "metod": "manuell",
        "check_id": "karantan_over_en_tiondel",
        "frekvens": "varje tertial",
        "ansvarig": "Enhetschefen",
    },
    "rattelser": {
        "rattelse_id": "R1",
        "dataset": "kapacitet",
        "avsandare_orgnr": PROVIDER,
        "manad": "2026-01",
        "nyckel": "manad=2026-01",
        "atgard": "andra",
        "falt": "platser",
        "fran": "1000",
        "till": "100",
        "skal": "En nolla för mycket.",
        "meddelad": "Verksamhetschefen",
        "beslutad_datum": "2026-03-02",
    },
    "insatser": {
        "insats_id": "A1",
        "personnummer": "199001019802",
        "insatstyp": "jobbpeng_grund",
        "anvisad_datum": "2026-02-16",
        "startdatum": "2026-03-02",
        "slutdatum": "2026-03-20",
        "avslutsorsak": "arbete",
        "coach_id": "C7",
        "kartlaggning_datum": "2026-03-09",
    },
    "kurser": {
        "kurs_id": "KURS1",
        "namn": "Svenska i arbetslivet",
        "slutdatum": "2026-03-13",
        "deltagare": "12",
        "utvarderas": "nej",
        "skal": "Den avbröts.",
    },
    "kundenkat_inbjudningar": {
        "inbjudan_id": "I1",
        "enkat_ar": "2026",
        "anordnare_orgnr": PROVIDER,
        "kanal": "brev_hem",
        "skickad_datum": "2026-03-02",
        "status": "besvarad",
        "besvarad_datum": "2026-03-16",
    },
    "kundenkat_fragor": {
        "fraga_id": "F1",
        "block": "bemotande_vardegrund",
        "text": "Blir du väl bemött?",
        "ordalydelse_version": "2026",
    },
    "atgarder": {
        "atgard_id": "ATG1",
        "kalla": "klagomal",
        "kall_id": "S1",
        "beskrivning": "Nya rutiner för återkoppling.",
        "ansvarig": "Enhetschefen",
        "medansvarig": "Verksamhetschefen",
        "pdca": "folj_upp",
        "beslutad_datum": "2026-03-03",
        "forfallodatum": "2026-04-30",
        "status": "klar",
        "klar_datum": "2026-03-27",
        "bevis": "AMN 2026/3",
        "indikator_id": "svarstid_synpunkter_median",
        "vantad_effekt": "Kortare svarstid.",
    },
    "ekonomi": {"manad": "2026-02", "objekt_id": "OBJ1", "konto": "5010", "budget": "125000,50", "utfall": "-300"},
    "besok": {
        "besok_id": "B1",
        "typ": "namndbesok",
        "datum": "2026-03-11",
        "objekt_id": "OBJ1",
        "deltagare": "Tre ledamöter",
        "status": "genomfort",
        "anteckningar": "Kalle Anka berättade om sin sjukdom.",
        "analys": "Samverkan behöver stärkas.",
    },
    "kvalitetsrapporter": {
        "objekt_id": "OBJ1",
        "ar": "2025",
        "inkom_datum": "2026-01-07",
        "mallversion": "2",
        "systematiskt_kvalitetsarbete": "Årlig plan.",
        "resultat_och_analys": "Bättre än i fjol.",
        "forbattringsomraden": "Dokumentation.",
        "internt": "Två medarbetare samarbetar dåligt.",
    },
    "dialoger": {
        "anordnare_orgnr": PROVIDER,
        "datum": "2026-03-19",
        "typ": "framgangsfaktor",
        "tema": "Handledning",
        "rad": "1",
        "text": "Täta möten.",
    },
    "analystexter": {
        "rapport_id": "tertialrapport",
        "avsnitt": "resultat",
        "indikator_id": "maluppfyllelse",
        "text": "**Fler** når målet.",
        "forfattare": "Processutvecklaren",
        "datum": "2026-03-30",
    },
    "narvaro": {
        "insats_id": "A1",
        "datum": "2026-03-03",
        "planerade_timmar": "8",
        "narvarande_timmar": "6,5",
        "franvaroorsak": "sjuk",
    },
    "trappsteg": {
        "insats_id": "A1",
        "datum": "2026-03-02",
        "steg": "3",
        "tillfalle": "anvisning",
        "metodversion": "2",
    },
    "uppfoljningar": {"insats_id": "A1", "manader": "3", "datum": "2026-03-31", "status": "egen_forsorjning"},
    "kapacitet": {"manad": "2026-03", "coacher": "4,5", "platser": "100"},
    "kursutvarderingar": {"kurs_id": "KURS1", "svar_nr": "1", "fraga": "Var kursen bra?", "betyg": "4"},
    "kundenkat_svar": {"inbjudan_id": "I1", "fraga_id": "F1", "betyg": "5"},
    "synpunkter": {
        "arende_id": "S1",
        "inkom_datum": "2026-03-02",
        "typ": "klagomal",
        "kanal": "E-post",
        "objekt_id": "OBJ1",
        "kategori": "Bemötande",
        "brist": "ja",
        "atgard_id": "ATG1",
        "besvarad_datum": "2026-03-04",
        "avslutad_datum": "2026-03-05",
        "fritext": "Min coach Musse Pigg svarar aldrig.\nRing mig.",
    },
    "utbetalningar": {
        "utbetalning_id": "U1",
        "anordnare_orgnr": PROVIDER,
        "insats_id": "A1",
        "manad": "2026-03",
        "ersatta_dagar": "15",
        "dagpris": "500",
        "belopp": "7500",
    },
    "kontrollresultat": {
        "kontroll_id": "K1",
        "datum": "2026-03-24",
        "utfall": "avvikelse",
        "iakttagelse": "Två dagar saknade underlag.",
        "atgard_id": "ATG1",
    },
}

UNREADABLE = {"date": "2026-02-30", "number": "7 kr", "integer": "två", "yearmonth": "mars", "string": "5560360794"}


def sender_of(contract: Contract) -> str:
    """Who sends the example of a dataset."""
    return KOMMUN if contract.sender == "kommunen" else PROVIDER


def broken_by(check: Check, contract: Contract) -> dict[str, str]:
    """Change the good row of a contract so that it breaks one of its checks.

    Args:
        check: Any check but those about the whole row.
        contract: The check's contract.
    """
    field, row = contract.field(check.field), dict(GOOD[contract.name])
    for name, value in _change(check, field, row).items():
        assert name in row
        row[name] = value
    return row


def _change(check: Check, field: Field, row: Mapping[str, str]) -> dict[str, str]:
    rule: Any = check.definition
    if check.rule in ("ej_efter_falt", "ej_fore_falt"):
        days = 1 if check.rule == "ej_efter_falt" else -1
        return {field.name: (date.fromisoformat(row[rule.other]) + timedelta(days=days)).isoformat()}
    if check.rule in ("anges_precis_nar", "anges_nar"):
        return {field.name: ""}
    if check.rule == "foralder_saknas":
        return {field.name: STRANGER if field.format == "orgnr" else "FINNS_INTE"}
    if check.rule == "intervall":
        bounds = field.constraints
        below = bounds.exclusive_minimum if bounds.minimum is None else bounds.minimum - 1
        return {field.name: "4" if below is None else str(below)}  # 4 is not among the months of a follow-up
    return {
        "obligatorisk": {field.name: ""},
        "format": {field.name: UNREADABLE[field.type]},
        "personnummer": {field.name: "199001019803"},
        "kodlista": {field.name: "finns_inte"},
        "langd": {field.name: "x" * ((field.constraints.max_length or 0) + 1)},
        "hogst_falt": {field.name: "9"},
        "ej_efter_manaden": {field.name: "2026-04" if field.type == "yearmonth" else "2026-04-01"},
        "i_manaden": {field.name: "2026-02-28"},
        "leveransmanaden": {field.name: "2026-04"},
        "minst_alder": {"personnummer": "201101019816"},
        "inom_insatsen": {field.name: "2026-03-21"},
        "insatsen_avslutad": {field.name: "OPPEN"},
        "datamangdens_nyckel": {field.name: "insats_id=A1"},
        "datamangdens_falt": {field.name: "manad"},
    }[check.rule]
