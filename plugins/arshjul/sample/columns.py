"""The columns of every dataset's file, in the order of its contract (spec/deliveries.md)."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

Cell: TypeAlias = str | int | float | date | None
Row: TypeAlias = tuple[Cell, ...]

_PROVIDERS_COLUMNS = {
    "insatser": "insats_id personnummer insatstyp anvisad_datum startdatum slutdatum avslutsorsak coach_id "
    "kartlaggning_datum",
    "narvaro": "insats_id datum planerade_timmar narvarande_timmar franvaroorsak",
    "trappsteg": "insats_id datum steg tillfalle metodversion",
    "uppfoljningar": "insats_id manader datum status",
    "kapacitet": "manad coacher platser",
    "kurser": "kurs_id namn slutdatum deltagare utvarderas skal",
    "kursutvarderingar": "kurs_id svar_nr fraga betyg",
}
_MUNICIPALITYS_COLUMNS = {
    "anordnare": "orgnr namn typ auktoriserad_fran auktoriserad_till kvalitetssystem certifikat certifikat_till epost",
    "mal": "mal_id niva overordnat_mal_id ar text indikator_id malvarde riktning tolerans insatstyp sarskilt_folja",
    "kundenkat_fragor": "fraga_id block text ordalydelse_version",
    "kundenkat_inbjudningar": "inbjudan_id enkat_ar anordnare_orgnr kanal skickad_datum status besvarad_datum",
    "kundenkat_svar": "inbjudan_id fraga_id betyg",
    "synpunkter": "arende_id inkom_datum typ kanal objekt_id kategori brist atgard_id besvarad_datum avslutad_datum "
    "fritext",
    "utbetalningar": "utbetalning_id anordnare_orgnr insats_id manad ersatta_dagar dagpris belopp",
    "ekonomi": "manad objekt_id konto budget utfall",
    "uppfoljningsobjekt": "objekt_id typ namn motpart ami_roll syften fran till diarienummer anordnare_orgnr kraver",
    "sammantraden": "organ datum utskick_datum",
    "besok": "besok_id typ datum objekt_id deltagare status anteckningar analys",
    "atgarder": "atgard_id kalla kall_id beskrivning ansvarig medansvarig pdca beslutad_datum forfallodatum status "
    "klar_datum bevis indikator_id vantad_effekt",
    "kontrollpunkter": "kontroll_id niva objekt_id risk beskrivning metod check_id frekvens ansvarig",
    "kontrollresultat": "kontroll_id datum utfall iakttagelse atgard_id",
    "kvalitetsrapporter": "objekt_id ar inkom_datum mallversion systematiskt_kvalitetsarbete resultat_och_analys "
    "forbattringsomraden internt",
    "dialoger": "anordnare_orgnr datum typ tema rad text",
    "analystexter": "rapport_id avsnitt indikator_id text forfattare datum",
}

PROVIDER_DATASETS = tuple(_PROVIDERS_COLUMNS)
MUNICIPALITY_DATASETS = tuple(_MUNICIPALITYS_COLUMNS)
COLUMNS = {name: tuple(names.split()) for name, names in (_PROVIDERS_COLUMNS | _MUNICIPALITYS_COLUMNS).items()}
