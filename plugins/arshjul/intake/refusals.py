"""Why a file, or a row of it, cannot be read: one table of codes and the sentences a sender gets.

A *refusal* is about the whole delivery; a *row fault* puts one row in quarantine while the rest goes on
(spec/deliveries.md, "Two kinds of fault"). Neither holds anything from the file but a row number.
"""

from __future__ import annotations

from dataclasses import dataclass

REFUSALS = {
    "tom_fil": "Filen är tom.",
    "for_stor": "Filen är större än vad som tas emot.",
    "fel_filtyp": "Filen ska vara .csv, .xlsx eller .json, och innehållet ska vara av den typ som filnamnet säger.",
    "fel_teckenkodning": "Filens tecken går inte att tolka, till exempel å, ä och ö. Spara filen på nytt som UTF-8.",
    "ej_lasbar": "Filen är skadad eller följer inte sitt format. Öppna den, spara den på nytt och skicka den igen.",
    "fel_citattecken": "Ett citattecken är felplacerat eller saknar sitt par, så cellernas gränser går inte att se.",
    "fel_struktur": 'JSON-filen ska vara en lista av objekt, ett för varje rad, eller ha listan under nyckeln "rader".',
    "rubrik_saknas": "Filens första rad ska ha en rubrik för varje kolumn.",
    "dubblett_kolumn": "Samma kolumnrubrik finns mer än en gång.",
    "for_manga_kolumner": "Filen har fler kolumner än vad som tas emot.",
    "for_lang_rad": "En rad är längre än vad som tas emot. Kontrollera att radbrytningar och citattecken är hela.",
    "for_stort_blad": "Bladet har celler längre ner eller längre till höger än vad som tas emot. Ta bort dem.",
    "for_tung": "Arbetsboken kräver för mycket tid eller minne för att läsas. Skicka uppgifterna som CSV i stället.",
    "krypterad_arbetsbok": "Arbetsboken är låst med lösenord eller av den äldre typen .xls. Spara den som olåst .xlsx.",
    "makro_arbetsbok": "Arbetsboken innehåller makron eller inbäddade filer. Spara den som .xlsx utan dem.",
    "extern_lank": "Arbetsboken hämtar uppgifter från andra filer. Ersätt länkarna med värden och spara om den.",
    "zipbomb": "Arbetsboken blir orimligt stor när den packas upp och öppnas därför inte.",
    "dtd": "Arbetsboken innehåller en XML-definition som inte hör hemma där och öppnas därför inte.",
}

ROW_FAULTS = {
    "fel_antal_kolumner": "Raden har inte lika många celler som rubrikraden.",
    "fel_cellvarde": "Cellen innehåller ett felvärde, sant/falskt eller något annat än text, tal eller datum.",
    "formel": "Cellen börjar med ett likhetstecken och kan bli en formel i ett kalkylprogram. Skriv värdet i stället.",
    "formel_utan_varde": "Cellen innehåller en formel utan beräknat värde. Öppna filen i Excel och spara om den.",
    "otillatet_tecken": "Cellen innehåller osynliga eller trasiga tecken. Skriv om texten.",
    "dubblett_falt": "Samma fält finns mer än en gång i raden.",
}


class ReadRefused(ValueError):
    """The file cannot be read: nothing of it is loaded.

    Attributes:
        code: Key of :data:`REFUSALS`.
        row: The data row where reading stopped (1 is the first below the header), when there is one.
    """

    def __init__(self, code: str, row: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.row = row

    @property
    def sentence(self) -> str:
        """What the sender is told."""
        return REFUSALS[self.code] + (f" Läsningen stannade vid rad {self.row}." if self.row else "")


@dataclass(frozen=True)
class ReadLimits:
    """How much one file may hold.

    Attributes:
        csv_bytes: Largest CSV file.
        xlsx_bytes: Largest workbook, as sent.
        json_bytes: Largest JSON file.
        columns: Most columns in any file.
        xlsx_rows: Most data rows in a sheet; CSV and JSON are bounded by their size alone.
    """

    csv_bytes: int = 100_000_000
    xlsx_bytes: int = 25_000_000
    json_bytes: int = 100_000_000
    columns: int = 200
    xlsx_rows: int = 200_000
