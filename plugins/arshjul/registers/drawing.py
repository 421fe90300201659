"""Promise a sample, draw it, record what was found, and draw it again to see that nothing was chosen.

The secret number is made at random when the sample is promised and lies encrypted in the ledger under the vault's key,
which neither the database nor Airflow's users hold; only its hash can be read. The draw tells it. So neither a provider
nor an official can know, or choose, what the sample hits: the number is fixed before the payments are in, and the
payments decide the rest. The database keeps the order of events (migration 0020).

Source: facts/privacy.md §4, "Stickprov" (R66).
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
from sqlalchemy import Connection

from arshjul.catalogue.contracts import load_contracts
from arshjul.catalogue.deadlines import deadlines, load_calendar
from arshjul.catalogue.register_rules import load_register_rules
from arshjul.lineage.keys import load_or_create_key
from arshjul.lineage.ledger import person_name
from arshjul.lineage.statements import LEDGER
from arshjul.periods import Month, Period
from arshjul.registers.sampling import Population, commitment_of, draw, required_size, seed_of
from arshjul.registers.spot_checks import Outcome, Promise, Result, find_promise, population, results
from arshjul.settings import Settings

SAMPLED = ("insatser", "narvaro", "utbetalningar")
"""What the population is made of."""

_NONCE_BYTES, _IV_BYTES = 32, 12
_SWEDEN = ZoneInfo("Europe/Stockholm")


class SpotCheckRefused(ValueError):
    """The sample cannot be promised, drawn or recorded; the message is a Swedish sentence."""


@dataclass(frozen=True)
class Window:
    """When a period's payments and what they are paid for come in, by the contracts and the calendar.

    Attributes:
        closes_on: Last day on which providers deliver.
        complete_on: Last day on which everything is to be in.
    """

    closes_on: date
    complete_on: date


@dataclass(frozen=True)
class DrawnPayment:
    """One drawn payment, for whoever checks it.

    Attributes:
        item: What it is called in the sample.
        provider: Ten-digit organisationsnummer.
        name: The provider's name.
        insats_id: The provider's own number of the enrolment; the person is found with the provider.
        month: The month that was paid for.
        paid: Kronor that were paid.
        payable_days: Days with reported attendance.
        price: Kronor a day; ``None`` when there is none to count by.
        result: What was found; ``None`` until then.
    """

    item: str
    provider: str
    name: str
    insats_id: str
    month: Month
    paid: Decimal
    payable_days: int
    price: Decimal | None
    result: Result | None


def window_of(include: Path, period: Period) -> Window:
    """Say when everything about a period is to be in: the deadlines of its last month.

    Args:
        include: The catalogue's folder.
        period: The period.
    """
    contracts = load_contracts(include)
    due = {
        one.dataset: one.due
        for one in deadlines(contracts, load_calendar(include, contracts), period.months[-1])
        if one.dataset in SAMPLED
    }
    return Window(min(due.values()), max(due.values()))


def promise_sample(connection: Connection, settings: Settings, period: Period, *, run_id: int, on_day: date) -> Promise:
    """Promise a sample of a period's payments; one that is promised already is returned as it is.

    Args:
        connection: Under the role that computes, in a transaction.
        settings: The catalogue, and the vault's key.
        period: The period.
        run_id: The run that promises.
        on_day: The day; another than today only where a year is played.

    Raises:
        WarehouseError: The window is closed, or the day is dated back over what is known (the database's own refusal).
    """
    if found := find_promise(connection, period):
        return found
    rules = load_register_rules(settings.include)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    LEDGER.execute(
        connection,
        "spot_check/promise.sql",
        run_id=run_id,
        period=period.key,
        first_day=period.start,
        last_day=period.end,
        diary=f"{rules.spot_checks.diary} {period.key}",
        closes_on=window_of(settings.include, period).closes_on,
        rules=_as_json({"spot_checks": rules.spot_checks, "payments": rules.payments}),
        commitment=commitment_of(nonce),
        sealed_nonce=_seal(settings, nonce, period),
        on_day=on_day,
    )
    return _promised(connection, period)


def draw_sample(connection: Connection, settings: Settings, period: Period, *, run_id: int, on_day: date) -> Promise:
    """Freeze the population of a promised sample and draw it; one that is drawn already is refused.

    Args:
        connection: Under the role that computes, in a transaction of its own: no delivery is loaded until it ends.
        settings: The catalogue, and the vault's key.
        period: The period.
        run_id: The run that draws.
        on_day: The day; another than today only where a year is played.

    Raises:
        SpotCheckRefused: Nothing is promised for the period, it is drawn already, or nothing was paid.
        WarehouseError: It is too early, or the promise was too late (the database's own refusal).
    """
    promise = _promised(connection, period)
    if promise.draw:
        raise SpotCheckRefused(f"Stickprovet för {period.title} är redan draget. Det dras bara en gång.")
    as_of: datetime = LEDGER.fetch_value(connection, "compute/pin_as_of.sql")
    frozen = population(connection, promise, as_of)
    if not frozen.payments:
        raise SpotCheckRefused(f"Det finns inga utbetalningar för {period.title} att dra stickprov ur.")
    nonce = _open(settings, promise.sealed_nonce, period)
    seed = seed_of(nonce, frozen.manifest, promise.diary)
    drawn = _draw(promise, frozen, seed)
    window = window_of(settings.include, period)
    LEDGER.execute(
        connection,
        "spot_check/draw.sql",
        spot_check_id=promise.spot_check_id,
        run_id=run_id,
        closed_on=window.closes_on,
        complete_on=window.complete_on,
        as_of=as_of,
        nonce=nonce,
        manifest_sha256=frozen.manifest.hex(),
        seed=seed.hex(),
        population=len(frozen.payments),
        items=json.dumps({item: frozen.payments[payment] for item, payment in drawn.items()}),
        on_day=on_day,
    )
    return _promised(connection, period)


def worklist(connection: Connection, period: Period) -> tuple[DrawnPayment, ...]:
    """List the drawn payments for whoever checks them, by provider, month and number.

    The ledger names none of them: they are found by drawing again from the frozen population.

    Args:
        connection: Under the role that computes or audits.
        period: The period.

    Raises:
        SpotCheckRefused: The sample is not drawn, or what was drawn no longer follows from what is known.
    """
    promise = _promised(connection, period)
    if promise.draw is None:
        raise SpotCheckRefused(f"Stickprovet för {period.title} är inte draget än.")
    again = _draw(promise, population(connection, promise, promise.draw.as_of), bytes.fromhex(promise.draw.seed))
    if again.keys() != promise.draw.items.keys():
        raise SpotCheckRefused("Stickprovet går inte att återskapa. Kör arshjul spot-check verify för att se varför.")
    item_of_payment = {payment: item for item, payment in again.items()}
    found = results(connection, promise)
    rows = LEDGER.fetch_all(
        connection,
        "report/sampled_payments.sql",
        as_of=promise.draw.as_of,
        first_day=promise.first_day,
        last_day=promise.last_day,
    )
    return tuple(
        DrawnPayment(
            item,
            row["provider"],
            row["name"],
            row["insats_id"],
            Month.containing(row["month"]),
            row["paid"],
            row["payable_days"],
            row["price"],
            found.get(item),
        )
        for row in rows
        if (item := item_of_payment.get(row["payment"]))
    )


def record_result(
    connection: Connection,
    period: Period,
    item: str,
    outcome: Outcome,
    *,
    reason: str | None,
    action_id: str | None,
    recorded_by: str,
    run_id: int,
    on_day: date,
) -> None:
    """Record what was found of one drawn payment. A new result of the same item replaces the old one, which remains.

    Args:
        connection: Under the role that computes, in a transaction.
        period: The sample's period.
        item: The item, or so much of its beginning that no other begins the same.
        outcome: ``utan_avvikelse``, ``avvikelse`` or ``ej_genomford``.
        reason: What the fault is, or why it could not be checked: at least ten characters and no personal data.
        action_id: The action (``atgard_id``) that follows from a fault.
        recorded_by: User name of who checked.
        run_id: The run that records.
        on_day: The day it was checked.

    Raises:
        SpotCheckRefused: The sample is not drawn, no or several items begin so, or a reason is missing.
    """
    promise = _promised(connection, period)
    meant = [one for one in promise.draw.items if item and one.startswith(item.lower())] if promise.draw else []
    if len(meant) != 1:
        raise SpotCheckRefused(f"Det finns {'flera' if meant else 'inget'} i stickprovet som börjar med {item[:64]}.")
    if outcome != "utan_avvikelse" and len((reason or "").strip()) < 10:
        raise SpotCheckRefused("En avvikelse eller en utebliven granskning behöver ett skäl på minst tio tecken.")
    if action_id and outcome != "avvikelse":
        raise SpotCheckRefused("En åtgärd hör till en avvikelse.")
    LEDGER.execute(
        connection,
        "spot_check/record.sql",
        spot_check_id=promise.spot_check_id,
        run_id=run_id,
        item=meant[0],
        outcome=outcome,
        reason=(reason or "").strip() or None,
        action_id=action_id or None,
        recorded_by=person_name(recorded_by),
        on_day=on_day,
    )


def verify_sample(connection: Connection, period: Period) -> tuple[str, ...]:
    """Draw a sample again from what was known then, and say in Swedish what does not agree; nothing when all does.

    Args:
        connection: Under the role that audits.
        period: The period.

    Raises:
        SpotCheckRefused: Nothing is promised for the period, or it is not drawn.
    """
    promise = _promised(connection, period)
    made = promise.draw
    if made is None:
        raise SpotCheckRefused(f"Stickprovet för {period.title} är inte draget än.")
    frozen = population(connection, promise, made.as_of)
    seed = seed_of(made.nonce, frozen.manifest, promise.diary)
    again = {item: frozen.payments[payment] for item, payment in _draw(promise, frozen, seed).items()}
    said = {
        "Det hemliga talet är inte det som utfästes.": commitment_of(made.nonce) == promise.commitment,
        "Stickprovet utfästes efter att leveranserna skulle vara inne.": promise.on_day <= promise.closes_on,
        "Underlaget frystes före utfästelsen.": promise.committed_at < made.as_of <= made.drawn_at,
        "Underlaget är inte detsamma som när stickprovet drogs.": frozen.manifest.hex() == made.manifest_sha256,
        "Fröet följer inte av utfästelsen och underlaget.": seed.hex() == made.seed,
        "Det som drogs är inte det som följer av fröet.": again == dict(made.items),
    }
    return tuple(sentence for sentence, holds in said.items() if not holds)


def is_played(promise: Promise) -> bool:
    """Say whether the promise was made on another day than its own: a year was played, as the demo does."""
    return promise.on_day != promise.committed_at.astimezone(_SWEDEN).date()


def _promised(connection: Connection, period: Period) -> Promise:
    promise = find_promise(connection, period)
    if promise is None:
        raise SpotCheckRefused(f"Inget stickprov är utfäst för {period.title}.")
    return promise


def _draw(promise: Promise, frozen: Population, seed: bytes) -> dict[str, str]:
    rules = promise.rules["spot_checks"]
    size = required_size(len(frozen.payments), rules["tolerated"], rules["confidence"], int(rules["faults_allowed"]))
    return draw(frozen, seed, size, int(rules["per_provider"]))


def _as_json(rules: Mapping[str, Any]) -> str:
    # A Decimal as the number it was written as, so that the promise reads like the file.
    return json.dumps({name: attrs.asdict(one) for name, one in rules.items()}, default=float)


def _seal(settings: Settings, nonce: bytes, period: Period) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    vector = secrets.token_bytes(_IV_BYTES)
    return vector + AESGCM(_key(settings)).encrypt(vector, nonce, period.key.encode())


def _open(settings: Settings, sealed: bytes, period: Period) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(_key(settings)).decrypt(sealed[:_IV_BYTES], sealed[_IV_BYTES:], period.key.encode())
    except InvalidTag:
        raise SpotCheckRefused("Det hemliga talet går inte att öppna: valvets nyckel är en annan än då.") from None


def _key(settings: Settings) -> bytes:
    """A key of its own, made from the vault's: no ciphertext of one purpose opens as another's."""
    key = load_or_create_key(settings.vault_key_file, settings.is_production)
    return hmac.digest(key, b"arshjul/stickprov/1", "sha256")
