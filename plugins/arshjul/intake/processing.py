"""One delivery's rows, inside one transaction: stream, type, judge, quarantine, and load what is new.

Everything but the streaming is set-based SQL made from the contract. Either all of it is committed or nothing.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection

from arshjul.catalogue.contracts import Contract
from arshjul.intake.corrections import correct_rows
from arshjul.intake.delivery_rules import (
    NO_ROWS,
    Slice,
    already_reported,
    check_municipality,
    check_statements,
    closed_rows,
    far_fewer_rows,
    future_month,
    missing_enrolments,
    month_fields,
    person_warnings,
    wrong_month,
)
from arshjul.intake.headers import match_headers
from arshjul.intake.loading import load_rows
from arshjul.intake.office import Office
from arshjul.intake.parents import ENROLMENTS
from arshjul.intake.rules import SAID_BY_CODE, Check
from arshjul.intake.table import Table
from arshjul.intake.verdicts import Refused
from arshjul.lineage.expected import swedish_today
from arshjul.lineage.releases import reported_periods
from arshjul.periods import Month
from arshjul.warehouse.statements import execute_text, fetch_text

ATTENDANCE = "narvaro"


@dataclass(frozen=True)
class Counts:
    """What became of a delivery's rows: in = loaded + unchanged + quarantined."""

    rows_in: int
    rows_loaded: int
    rows_unchanged: int
    rows_quarantined: int


@dataclass(frozen=True)
class Outcome:
    """What became of a delivery.

    Attributes:
        counts: Of its rows.
        warnings: Sentences for the receipt.
    """

    counts: Counts
    warnings: tuple[str, ...]


def check_sender(office: Office, connection: Connection, about: Slice) -> None:
    """Refuse whoever may not send this dataset for this month.

    Raises:
        Refused: Not the municipality, not in the register, or not authorised any day of the month.
    """
    check_municipality(about, office.settings.kommun_orgnr)
    if about.contract.sender == "kommunen":
        return
    known = office.statements.fetch_one(
        connection, "intake/provider.sql", sender=about.sender, period=about.month.start, period_end=about.month.end
    )
    if known is None:
        raise Refused("avsandare_saknas_i_registret", "Avsändaren finns inte i registret över anordnare.")
    if not known["is_authorised"]:
        raise Refused("ej_auktoriserad", f"Avsändaren är inte auktoriserad någon dag i {about.month.title}.")


def process(office: Office, connection: Connection, about: Slice, delivery_id: int, table: Table) -> Outcome:
    """Load an opened file as what is now known of its slice.

    Args:
        office: What intake works with.
        connection: Inside a transaction that holds the sender's lock and the lock on points of knowledge.
        about: Dataset, sender and month.
        delivery_id: The delivery's row in the ledger.
        table: The opened file.

    Raises:
        ReadRefused: The file cannot be read to its end.
        Refused: A rule for the whole delivery is broken.
        WarehouseError: The database refused something.
    """
    header = match_headers(about.contract, table.headers)
    check_statements(table.statements, about)
    office.statements.fetch_one(connection, "intake/plan_for_many_rows.sql")
    clear = office.statement("intake/clear_staging.sql.j2", about.contract)
    execute_text(connection, clear, sender=about.sender, period=about.month.start)
    load_rows(connection, office.statements, about.contract, table, header, office.keys, about.month.end)
    corrected = correct_rows(office, connection, about, delivery_id)
    rows_in = _judge(office, connection, about, delivery_id)
    _quarantine(office, connection, about.contract, delivery_id)
    _fill_vault(office, connection, about.contract, delivery_id)
    counts = _load(office, connection, about, delivery_id, rows_in)
    warnings = [*header.warnings, *([NO_ROWS] if not counts.rows_in else []), *corrected]
    warnings += _far_fewer(office, connection, about, delivery_id, counts.rows_in)
    return Outcome(counts, (*warnings, *_warnings(office, connection, about, delivery_id)))


def _judge(office: Office, connection: Connection, about: Slice, delivery_id: int) -> int:
    """Type every row, note which rules it breaks, and give the number of rows."""
    judge = office.statement("intake/judge_rows.sql.j2", about.contract)
    days = {"period": about.month.start, "period_end": about.month.end}
    rows_in = execute_text(connection, judge, delivery_id=delivery_id, sender=about.sender, **days)
    _require_month(office, connection, about, delivery_id)
    checks = office.checks(about.contract)
    execute_text(
        connection,
        office.statement("intake/mark_repeated.sql.j2", about.contract),
        delivery_id=delivery_id,
        contradiction_bit=_bit(checks, "motsagelse"),
        repetition_bit=_bit(checks, "dubblett"),
    )
    return rows_in


def _bit(checks: tuple[Check, ...], rule: str) -> int:
    return next(check.bit for check in checks if check.rule == rule)


def _require_month(office: Office, connection: Connection, about: Slice, delivery_id: int) -> None:
    """Refuse a file of another month: the sender has put the wrong name on it."""
    if not month_fields(about.contract):
        return
    sql = office.statement("intake/months_delivered.sql.j2", about.contract)
    days = {"period": about.month.start, "period_end": about.month.end}
    [found] = fetch_text(connection, sql, delivery_id=delivery_id, **days)
    if found["dates_read"] and not found["dates_inside"]:
        raise wrong_month(about.month)


def _quarantine(office: Office, connection: Connection, contract: Contract, delivery_id: int) -> None:
    told = [
        {"bit": check.bit, "rule": check.rule, "field": check.field, "text": check.text}
        for check in office.checks(contract)
    ]
    execute_text(
        connection,
        office.statement("intake/quarantine_rows.sql.j2", contract),
        delivery_id=delivery_id,
        checks=json.dumps(told),
        said_by_code=json.dumps({rule: dict(texts) for rule, texts in SAID_BY_CODE.items()}),
    )


def _fill_vault(office: Office, connection: Connection, contract: Contract, delivery_id: int) -> None:
    """Give whoever stands on a good row a person's id, and keep the sensitive texts of good rows."""
    if contract.identity_field:
        for step in ("enter_persons", "name_persons"):
            execute_text(connection, office.statement(f"intake/{step}.sql.j2", contract), delivery_id=delivery_id)
    if contract.sensitive_fields:
        sql = office.statement("intake/enter_texts.sql.j2", contract)
        execute_text(connection, sql, delivery_id=delivery_id, key_id=office.keys.key_id)


def _load(office: Office, connection: Connection, about: Slice, delivery_id: int, rows_in: int) -> Counts:
    """Let the good rows be what is known of the slice from now on; rows that say the same stay as they were."""
    slice_names = {"sender": about.sender, "period": about.month.start}
    dataset = about.contract.name
    [known] = office.statements.fetch_all(connection, "intake/slice_is_known.sql", dataset=dataset, **slice_names)
    known_at = known["known_at"]
    delivered = {"delivery_id": delivery_id, "known_at": known_at}
    if not known["is_known"]:
        open_all = office.statement("intake/open_rows.sql.j2", about.contract)
        loaded = execute_text(connection, open_all, **slice_names, **delivered)
        _roll_up(office, connection, about, known_at)
        return Counts(rows_in, loaded, 0, rows_in - loaded)
    find = office.statement("intake/find_changes.sql.j2", about.contract)
    execute_text(connection, find, **slice_names, delivery_id=delivery_id)
    # All is closed before anything is opened: a key has one row that is current.
    execute_text(connection, office.statement("intake/close_rows.sql.j2", about.contract), known_at=known_at)
    open_changed = office.statement("intake/open_changed.sql.j2", about.contract)
    opened = execute_text(connection, open_changed, **slice_names, known_at=known_at)
    _roll_up(office, connection, about, known_at)
    count = office.statement("intake/count_rows.sql.j2", about.contract)
    [found] = fetch_text(connection, count, **slice_names, delivery_id=delivery_id, opened=opened)
    rows_in, loaded, quarantined = found["rows_in"], found["rows_loaded"], found["rows_quarantined"]
    return Counts(rows_in, loaded, rows_in - loaded - quarantined, quarantined)


def _roll_up(office: Office, connection: Connection, about: Slice, known_at: datetime) -> None:
    """Let the roll-up of attendance say what the month says now."""
    if about.contract.name == ATTENDANCE:
        slice_names = {"sender": about.sender, "period": about.month.start}
        office.statements.execute(connection, "intake/roll_up_attendance.sql", **slice_names, known_at=known_at)


def _warnings(office: Office, connection: Connection, about: Slice, delivery_id: int) -> list[str]:
    """Say what was received but looks odd."""
    told = future_month(about.month, swedish_today())
    if about.contract.identity_field:
        found = office.statements.fetch_all(connection, "intake/person_warnings.sql")
        told += person_warnings({row["code"]: (row["total"], row["rows"]) for row in found})
    if about.contract.name == ENROLMENTS:
        told += _missing_enrolments(office, connection, about, delivery_id)
    if about.contract.register_:
        told += _closed_rows(office, connection, about)
    if about.contract.sender == "anordnare":  # what reports are made of
        told += map(already_reported, reported_periods(connection, about.month))
    return told


def _far_fewer(office: Office, connection: Connection, about: Slice, delivery_id: int, rows_in: int) -> list[str]:
    """Warn of a file that may have been cut off on its way, where a row ends."""
    names = {"dataset": about.contract.name, "sender": about.sender, "period": about.month.start}
    before = office.statements.fetch_one(connection, "intake/rows_before.sql", **names, delivery_id=delivery_id)
    if before is None:
        return []
    return far_fewer_rows(about, rows_in, Month.containing(before["period"]), before["rows_in"])


def _missing_enrolments(office: Office, connection: Connection, about: Slice, delivery_id: int) -> list[str]:
    """Warn of open enrolments that the sender's last month had and this one does not mention."""
    missing = office.statements.fetch_all(
        connection,
        "intake/missing_enrolments.sql",
        delivery_id=delivery_id,
        sender=about.sender,
        period=about.month.start,
    )
    if not missing:
        return []
    return [missing_enrolments(Month.containing(missing[0]["period"]), [row["row_no"] for row in missing])]


def _closed_rows(office: Office, connection: Connection, about: Slice) -> list[str]:
    """Warn of what a register closes: a row in quarantine is as gone as one that is not there."""
    sql = office.statement("intake/closed_rows.sql.j2", about.contract)
    found = fetch_text(connection, sql, sender=about.sender, period=about.month.start)
    return [closed_rows(row["closed"], Month.containing(row["period"]), about.month) for row in found]


def as_columns(counts: Counts) -> dict[str, int]:
    """Return counts by their columns in the ledger."""
    return asdict(counts)
