"""Indicators of what people think: the survey, course evaluations, complaints and suggestions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tests.oracles.knowledge import Period, Row, World, current
from tests.oracles.observations import Seen, seen


def invitations(world: World, period: Period, as_of: datetime) -> list[Row]:
    """Those that were sent in the period."""
    everybody = current(world["kundenkat_inbjudningar"], ("inbjudan_id",), as_of)
    return [row for row in everybody if period.holds(row["skickad_datum"])]


def answered(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row in invitations(world, period, as_of):
        yield seen(row["inbjudan_id"], row["status"] == "besvarad", anordnare=row["anordnare_orgnr"])


def satisfaction(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    completed = {row["inbjudan_id"]: row for row in invitations(world, period, as_of) if row["status"] == "besvarad"}
    blocks = {row["fraga_id"]: row["block"] for row in current(world["kundenkat_fragor"], ("fraga_id",), as_of)}
    for answer in current(world["kundenkat_svar"], ("inbjudan_id", "fraga_id"), as_of):
        if answer["inbjudan_id"] in completed:
            yield seen(
                f"{answer['inbjudan_id']}/{answer['fraga_id']}",
                answer["betyg"],
                person=answer["inbjudan_id"],
                block=blocks[answer["fraga_id"]],
                fraga_id=answer["fraga_id"],
                anordnare=completed[answer["inbjudan_id"]]["anordnare_orgnr"],
            )


def courses(world: World, period: Period, as_of: datetime) -> list[Row]:
    """Those that ended in the period."""
    everything = current(world["kurser"], ("sender", "kurs_id"), as_of)
    return [row for row in everything if period.holds(row["slutdatum"])]


def evaluations(world: World, as_of: datetime) -> list[Row]:
    return current(world["kursutvarderingar"], ("sender", "kurs_id", "svar_nr", "fraga"), as_of)


def course_marks(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    over = {(row["sender"], row["kurs_id"]) for row in courses(world, period, as_of)}
    for answer in evaluations(world, as_of):
        if (answer["sender"], answer["kurs_id"]) in over:
            course = f"{answer['sender']}/{answer['kurs_id']}"
            thing = f"{course}/{answer['svar_nr']}/{answer['fraga']}"
            yield seen(thing, answer["betyg"], person=f"{course}/{answer['svar_nr']}", anordnare=answer["sender"])


def evaluated(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    with_answers = {(row["sender"], row["kurs_id"]) for row in evaluations(world, as_of)}
    for row in courses(world, period, as_of):
        if not (row["utvarderas"] == "nej" and row["skal"]):
            key = (row["sender"], row["kurs_id"])
            yield seen("/".join(key), key in with_answers, anordnare=row["sender"])


def cases(world: World, period: Period, as_of: datetime) -> list[Row]:
    """Those received in the period."""
    everything = current(world["synpunkter"], ("arende_id",), as_of)
    return [row for row in everything if period.holds(row["inkom_datum"])]


def received(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row in cases(world, period, as_of):
        yield seen(row["arende_id"], 1, None, typ=row["typ"], kategori=row["kategori"])


def acted_on(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row in cases(world, period, as_of):
        if row["brist"] == "ja":
            yield seen(row["arende_id"], row["atgard_id"] is not None, kategori=row["kategori"])


def days_to_answer(world: World, period: Period, as_of: datetime) -> Iterator[Seen]:
    for row in cases(world, period, as_of):
        if row["besvarad_datum"] is not None:
            yield seen(row["arende_id"], (row["besvarad_datum"] - row["inkom_datum"]).days, None, typ=row["typ"])
