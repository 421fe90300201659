"""Known faults of a sender, corrected by the municipality's register ``rattelser``: what was delivered is judged as decided.

The file in the archive stays as it came. A correction is applied only while the wrong value still stands in the delivery
that counts; when it does not, the gate says so (``rattelsen_behovs``). Source: spec/deliveries.md, issue B point 6.
"""

from __future__ import annotations

from sqlalchemy import Connection

from arshjul.intake.delivery_rules import Slice
from arshjul.intake.office import Office
from arshjul.intake.rules import EXCLUDED
from arshjul.warehouse.statements import execute_text

CORRECTIONS = "rattelser"


def correct_rows(office: Office, connection: Connection, about: Slice, delivery_id: int) -> list[str]:
    """Apply the corrections in force to rows that have landed and are not judged yet.

    Args:
        office: What intake works with.
        connection: Inside the transaction that has loaded the rows into ``delivered``.
        about: Dataset, sender and month.
        delivery_id: The delivery's row in the ledger.

    Returns:
        Sentences for the receipt: row, field and correction, never a value.

    Raises:
        WarehouseError: The database refused something.
    """
    is_register = about.contract.name == CORRECTIONS
    office.statements.execute(connection, "quarantine/lock_corrections.sql", is_register=is_register)
    names = {"dataset": about.contract.name, "sender": about.sender, "period": about.month.start}
    one = {"delivery_id": delivery_id}
    if is_register or not office.statements.fetch_value(connection, "quarantine/in_force.sql", **names, **one):
        return []
    fields = about.contract.correctable_fields
    find = office.statements.render("quarantine/find_corrected.sql.j2", contract=about.contract, fields=fields)
    execute_text(connection, find, **names)
    if fields:
        execute_text(connection, office.statements.render("quarantine/change_rows.sql.j2", fields=fields))
    office.statements.execute(connection, "quarantine/exclude_rows.sql", fault=EXCLUDED)
    office.statements.execute(connection, "quarantine/close_corrected.sql", **one)
    office.statements.execute(connection, "quarantine/open_corrected.sql", **one)
    return [
        f"Rad {row['row_no']} räknas inte, enligt kommunens beslut om rättelse {row['rattelse_id']}."
        if row["action"] == "uteslut"
        else f"Rad {row['row_no']}: {about.contract.field(row['field']).title} är rättat, enligt kommunens beslut om "
        f"rättelse {row['rattelse_id']}."
        for row in office.statements.fetch_all(connection, "quarantine/corrected_rows.sql", **one)
    ]


def deliveries_to_correct(office: Office, connection: Connection) -> list[int]:
    """List the deliveries that any register of corrections has been about, and that were judged before the newest one."""
    found = office.statements.fetch_all(connection, "quarantine/corrections_changed.sql")
    return [row["delivery_id"] for row in found]
