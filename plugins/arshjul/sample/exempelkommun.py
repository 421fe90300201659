"""Writes the made-up municipality's deliveries: ``<out>/<orgnr>/<dataset>_<orgnr>_<YYYY-MM>.<csv|xlsx|json>``.

The same arguments give the same bytes on every machine and Python version. January's files carry the history: every
enrolment open some day of the year before, with its placements and follow-ups, that year's survey and dialogues, and what
is known of its complaints, visits and actions. Attendance, capacity, courses, payments and the ledger are delivered for
the year's own months only. The municipality's other systems deliver in the months of the årshjul: the survey in April and
May, the dialogues in May, quality reports at the turn of the year, analyses before the board's reports.

2024, 2025 and 2026 are one municipality: received in that order they are three years of it, and what January tells of the
year before is what that year's own files told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from arshjul.periods import Month
from arshjul.sample.columns import PROVIDER_DATASETS, Row
from arshjul.sample.facit import Correction, FileFacit, SampleSummary
from arshjul.sample.faults import UNKNOWN_SENDER, UNKNOWN_SENDERS_MONTH, plant, unknown_senders_rows
from arshjul.sample.files import encode, file_name
from arshjul.sample.municipal_faults import plant_in_system
from arshjul.sample.municipality import TownHall, build_town_hall, register_rows, shape_of, system_rows
from arshjul.sample.providers import MUNICIPALITY_SHAPE, FileShape, Provider
from arshjul.sample.registers import check_orgnr
from arshjul.sample.rows import enrolment_row, provider_rows
from arshjul.sample.world import Enrolment, World, build_world

CORRECTED_REASON = "arbete"


def write_sample(
    out: Path,
    year: int,
    seed: int = 1,
    scale: float = 1.0,
    *,
    kommun_orgnr: str,
    providers: int | None = None,
    months: Collection[int] = range(1, 13),
) -> SampleSummary:
    """Write the deliveries of a year.

    Args:
        out: Folder to write below; made where it is missing.
        year: The year of the deliveries.
        seed: Another seed is another municipality.
        scale: Multiplies providers and persons: 1 is 12 providers, about 900 persons and 60 000 attendance days; 2.5
            is 30 providers.
        kommun_orgnr: The municipality's organisationsnummer, the sender of everything that no provider sends.
        providers: How many providers instead of what the scale says; persons still follow the scale.
        months: Which months (1–12) to write. January stands by itself; a later month has children whose parents were
            delivered between the two.

    Returns:
        What was written and what is wrong in it.

    Raises:
        ValueError: The scale is not positive, or the organisationsnummer is not one.
    """
    check_orgnr(kommun_orgnr)
    world = build_world(year, seed, scale, providers)
    hall = build_town_hall(world)
    written = [month for month in world.months if month.month in months]
    files = tuple(file for month in written for file in _write_month(out, hall, month, kommun_orgnr))
    return SampleSummary(
        year=year,
        files=files,
        providers=tuple(provider.orgnr for provider in world.providers),
        persons=len({one.person.number for one in world.everyone}),
        enrolments=sum(len(of_provider) for of_provider in world.enrolments),
    )


def write_correction(
    out: Path, month: Month, seed: int = 1, scale: float = 1.0, *, provider_index: int | None = None
) -> Correction:
    """Write one corrected ``insatser`` file of a sample, for a month that has been delivered already.

    The sender has mended its bad rows, and one exit of the month that was reported as leading nowhere was work after
    all. All other rows are those of the first delivery.

    Args:
        out: Folder to write below, another than the sample's.
        month: The month to correct; its year is the sample's year.
        seed: The sample's seed.
        scale: The sample's scale.
        provider_index: Which provider corrects itself; the first that has something to correct where it is None.

    Raises:
        ValueError: No such exit is to be found in the month.
    """
    world = build_world(month.year, seed, scale)
    provider, changed = _something_to_correct(world, month, provider_index)
    style = provider.shape.person_style
    rows = [
        enrolment_row(one, month, style, CORRECTED_REASON if one is changed else "")
        for one in world.delivered(provider, month)
    ]
    file = _write(out, provider.orgnr, provider.shape, "insatser", month, rows)
    return Correction(file, changed.stay.insats_id, changed.stay.reason, CORRECTED_REASON)


def _something_to_correct(world: World, month: Month, index: int | None) -> tuple[Provider, Enrolment]:
    for provider in world.providers if index is None else (world.providers[index],):
        for one in world.enrolments[provider.index]:
            leads_nowhere = not (one.stay.is_reached or one.stay.is_outside)
            if leads_nowhere and month.start <= one.stay.ended <= month.end:
                return provider, one
    raise ValueError(f"nobody left without a result in {month.key}: nothing to correct")


def _write_month(out: Path, hall: TownHall, month: Month, kommun_orgnr: str) -> Iterator[FileFacit]:
    world = hall.world
    for dataset, rows in register_rows(hall, month):
        yield _write(out, kommun_orgnr, shape_of(dataset), dataset, month, rows)
    attendance: dict[int, list[Row]] = {}
    for provider in world.providers:
        for dataset in PROVIDER_DATASETS:
            true_rows = provider_rows(world, provider, month, dataset)
            if dataset == "narvaro":
                attendance[provider.index] = true_rows
            rows, faults = plant(world, provider, month, dataset, true_rows)
            yield replace(_write(out, provider.orgnr, provider.shape, dataset, month, rows), faults=faults)
    for dataset, true_rows in system_rows(hall, month, attendance):
        rows, faults = plant_in_system(hall, month, dataset, true_rows)
        yield replace(_write(out, kommun_orgnr, shape_of(dataset), dataset, month, rows), faults=faults)
    if month.month == UNKNOWN_SENDERS_MONTH:
        rows = unknown_senders_rows(world, month)
        yield replace(_write(out, UNKNOWN_SENDER, MUNICIPALITY_SHAPE, "insatser", month, rows), is_refused=True)


def _write(out: Path, orgnr: str, shape: FileShape, dataset: str, month: Month, rows: list[Row]) -> FileFacit:
    folder = out / orgnr
    folder.mkdir(parents=True, exist_ok=True)
    name = file_name(dataset, orgnr, month.key, shape.suffix)
    (folder / name).write_bytes(encode(shape, dataset, rows))
    return FileFacit(f"{orgnr}/{name}", dataset, orgnr, month.key, len(rows))
