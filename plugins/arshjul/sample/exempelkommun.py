"""Writes the made-up municipality's deliveries: ``<out>/<orgnr>/<dataset>_<orgnr>_<YYYY-MM>.<csv|xlsx|json>``.

The same arguments give the same bytes on every machine and Python version. January's files carry the history: every
enrolment open some day of the year before, with its placements and follow-ups. Attendance and capacity are delivered
for the year's own months only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from arshjul.periods import Month
from arshjul.sample.facit import Correction, FileFacit, SampleSummary
from arshjul.sample.faults import UNKNOWN_SENDER, UNKNOWN_SENDERS_MONTH, plant, unknown_senders_rows
from arshjul.sample.files import encode, file_name
from arshjul.sample.providers import MUNICIPALITY_SHAPE, FileShape, Provider
from arshjul.sample.registers import check_orgnr, goals, provider_register
from arshjul.sample.rows import PROVIDER_DATASETS, Row, enrolment_row, provider_rows
from arshjul.sample.world import Enrolment, World, build_world

CORRECTED_REASON = "arbete"


def write_sample(out: Path, year: int, seed: int = 1, scale: float = 1.0, *, kommun_orgnr: str) -> SampleSummary:
    """Write twelve months of deliveries.

    Args:
        out: Folder to write below; made where it is missing.
        year: The year of the deliveries.
        seed: Another seed is another municipality.
        scale: Multiplies providers and persons: 1 is 12 providers, about 900 persons and 60 000 attendance days.
        kommun_orgnr: The municipality's organisationsnummer, the sender of the registers.

    Returns:
        What was written and what is wrong in it.

    Raises:
        ValueError: The scale is not positive, or the organisationsnummer is not one.
    """
    check_orgnr(kommun_orgnr)
    world = build_world(year, seed, scale)
    files = tuple(file for month in world.months for file in _write_month(out, world, month, kommun_orgnr))
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


def _write_month(out: Path, world: World, month: Month, kommun_orgnr: str) -> Iterator[FileFacit]:
    registers = {"anordnare": provider_register(world), "mal": goals(world.year)}
    for dataset, rows in registers.items():
        yield _write(out, kommun_orgnr, MUNICIPALITY_SHAPE, dataset, month, rows)
    for provider in world.providers:
        for dataset in PROVIDER_DATASETS:
            true_rows = provider_rows(world, provider, month, dataset)
            rows, faults = plant(world, provider, month, dataset, true_rows)
            yield replace(_write(out, provider.orgnr, provider.shape, dataset, month, rows), faults=faults)
    if month.month == UNKNOWN_SENDERS_MONTH:
        rows = unknown_senders_rows(world, month)
        yield replace(_write(out, UNKNOWN_SENDER, MUNICIPALITY_SHAPE, "insatser", month, rows), is_refused=True)


def _write(out: Path, orgnr: str, shape: FileShape, dataset: str, month: Month, rows: list[Row]) -> FileFacit:
    folder = out / orgnr
    folder.mkdir(parents=True, exist_ok=True)
    name = file_name(dataset, orgnr, month.key, shape.suffix)
    (folder / name).write_bytes(encode(shape, dataset, rows))
    return FileFacit(f"{orgnr}/{name}", dataset, orgnr, month.key, len(rows))
