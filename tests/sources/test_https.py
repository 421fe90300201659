"""Fetching over HTTPS from a server that misbehaves in every way we could think of."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from tests.sources.misbehaving import Script, chunked, cut, endless, http_server, reply, self_signed, start

from arshjul.periods import Month
from arshjul.sources.folder import find_fetched
from arshjul.sources.https import HttpsSource, Patience, Request
from arshjul.sources.inbox import FetchError, Inbox, Tally

PROVIDER, OTHER = "5560360793", "5590000013"
MARCH = Request("kapacitet", Month(2026, 3))
PATH = "/leveranser/2026-03/kapacitet"
TOKEN = "hemlig-token-1234"
CSV = b"manad;coacher;platser\n2026-03;2;40\n"


@dataclass
class World:
    """A server, and what one provider's channel fetches from it, without waiting for real."""

    server: Script
    fetched: Path
    paused: list[float] = field(default_factory=list)
    seconds: Iterator[float] = field(default_factory=lambda: iter(lambda: 0.0, 1.0))
    most_bytes: int = 10_000
    read_seconds: float = 20

    def fetch(self, *wanted: Request, again: tuple[str, ...] = (), token: str = TOKEN) -> Tally:
        patience = Patience(read_seconds=self.read_seconds, pause=self.paused.append, clock=lambda: next(self.seconds))
        inbox = Inbox(self.fetched / "https" / PROVIDER, "kanal")
        source = HttpsSource(
            self.server.address, PROVIDER, token, inbox, self.most_bytes, again=again, patience=patience
        )
        return source.fetch(wanted or [MARCH])

    @property
    def landed(self) -> dict[str, bytes]:
        return {file.path.name: file.path.read_bytes() for file in find_fetched(self.fetched)}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with http_server() as server:
        yield World(server, tmp_path / "fetched")


def test_a_delivery_lands_untouched_with_its_sender_and_channel(world: World) -> None:
    world.server.answers[PATH] = [reply(200, CSV, Content_Type="text/csv; charset=utf-8")]
    assert world.fetch() == Tally(fetched=1)
    [file] = find_fetched(world.fetched)
    assert (file.path.name, file.sender, file.channel) == (f"kapacitet_{PROVIDER}_2026-03.csv", PROVIDER, "https")
    assert file.path.read_bytes() == CSV
    assert world.server.headers("Authorization") == [f"Bearer {TOKEN}"]
    assert list(world.fetched.rglob("*.part")) == []


@pytest.mark.parametrize("status", [404, 410, 204])
def test_what_is_not_there_yet_is_no_fault(world: World, status: int) -> None:
    world.server.answers[PATH] = [reply(status)]
    assert world.fetch() == Tally(missing=1)
    assert world.landed == {}
    assert len(world.server.asked) == 1


@pytest.mark.parametrize(
    ("body", "ending"),
    [
        (b'\xef\xbb\xbf [{"manad": "2026-03"}]', "json"),
        (b'{"rader": []}', "json"),
        (b"PK\x03\x04....", "xlsx"),
        (b"\xd0\xcf\x11\xe0....", "xlsx"),
        (CSV, "csv"),
        (b"", "csv"),
    ],
)
def test_the_content_says_what_kind_of_file_it_is(world: World, body: bytes, ending: str) -> None:
    world.server.answers[PATH] = [reply(200, body, Content_Type="application/octet-stream")]
    world.fetch()
    assert list(world.landed) == [f"kapacitet_{PROVIDER}_2026-03.{ending}"]


@pytest.mark.parametrize(
    "given",
    ["../../../etc/passwd", "..\\..\\x.csv", "C:\\x.csv", "kapacitet_x.csv", "a/b.csv", "", ".ssh", "\u202ex.csv"],
)
def test_a_path_from_the_server_is_never_trusted(world: World, given: str) -> None:
    header = f'attachment; filename="{given}"'.encode().decode("latin-1")
    world.server.answers[PATH] = [reply(200, CSV, Content_Disposition=header)]
    world.fetch()
    assert list(world.landed) == [f"kapacitet_{PROVIDER}_2026-03.csv"]


@pytest.mark.parametrize("given", ["filename*=idna''%ff", "filename*=punycode''%ff", "filename*=finns-inte''x"])
def test_a_name_that_cannot_be_read_is_no_name(world: World, given: str) -> None:
    world.server.answers[PATH] = [reply(200, CSV, Content_Disposition=f"attachment; {given}")]
    world.fetch()
    assert list(world.landed) == [f"kapacitet_{PROVIDER}_2026-03.csv"]


def test_a_name_that_claims_another_sender_is_kept_for_intake_to_refuse(world: World) -> None:
    claimed = f"kapacitet_{OTHER}_2026-03.csv"
    world.server.answers[PATH] = [reply(200, CSV, Content_Disposition=f'attachment; filename="x/{claimed}"')]
    world.fetch()
    [file] = find_fetched(world.fetched)
    assert (file.path.name, file.sender) == (claimed, PROVIDER)


def test_a_server_that_is_busy_is_asked_again(world: World) -> None:
    world.server.answers[PATH] = [reply(503), reply(500), reply(200, CSV)]
    assert world.fetch() == Tally(fetched=1)
    assert world.paused == [0, 2]


def test_retry_after_is_obeyed_up_to_a_limit(world: World) -> None:
    world.server.answers[PATH] = [
        reply(429, Retry_After="7"),
        reply(429, Retry_After="86400"),
        reply(503, Retry_After="Fri, 31 Dec 2123 23:59:59 GMT"),
        reply(200, CSV),
    ]
    assert world.fetch() == Tally(fetched=1)
    assert world.paused == [7, 60, 60]


def test_a_server_that_stays_busy_is_given_up_for_now(world: World) -> None:
    world.server.answers[PATH] = [reply(503, Retry_After="1")]
    with pytest.raises(FetchError, match="svarskod 503") as failed:
        world.fetch()
    assert failed.value.may_pass
    assert len(world.server.asked) == 4


@pytest.mark.parametrize("header", ["snart", "-1"])
def test_a_retry_after_that_means_nothing_ends_in_a_clear_fault(world: World, header: str) -> None:
    world.server.answers[PATH] = [reply(503, Retry_After=header)]
    with pytest.raises(FetchError) as failed:
        world.fetch()
    assert failed.value.may_pass


def test_a_server_that_is_down_is_told_of(tmp_path: Path, world: World) -> None:
    with http_server() as other:
        address = other.address
    world.server.address = address
    with pytest.raises(FetchError, match="svarar inte") as failed:
        world.fetch()
    assert failed.value.may_pass
    assert failed.value.__suppress_context__


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_not_accepted_is_told_at_once_and_not_tried_again(
    world: World, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world.server.answers[PATH] = [reply(status)]
    with pytest.raises(FetchError, match="token") as failed:
        world.fetch(MARCH, Request("narvaro", Month(2026, 3)))
    assert not failed.value.may_pass
    assert len(world.server.asked) == 1
    assert TOKEN not in caplog.text + str(failed.value)


@pytest.mark.parametrize("token", ["", "två ord", "rad\nbrytning"])
def test_a_token_that_cannot_be_sent_is_not_sent(world: World, token: str) -> None:
    with pytest.raises(FetchError, match="token"):
        world.fetch(token=token)
    assert world.server.asked == []


def test_the_token_is_not_shown_with_the_source(tmp_path: Path) -> None:
    source = HttpsSource("https://a.example", PROVIDER, TOKEN, Inbox(tmp_path, "kanal"), 1)
    assert TOKEN not in repr(source)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_token_goes_nowhere_else(world: World, status: int) -> None:
    with http_server() as elsewhere:
        elsewhere.answers[PATH] = [reply(200, CSV)]
        world.server.answers[PATH] = [reply(status, Location=f"{elsewhere.address}{PATH}")]
        with pytest.raises(FetchError, match="annan adress") as failed:
            world.fetch()
        assert elsewhere.asked == []
    assert not failed.value.may_pass
    assert world.landed == {}


def test_a_cut_download_goes_on_where_it_was_cut(world: World) -> None:
    world.server.answers[PATH] = [
        cut(CSV[:10], len(CSV), ETag='"1"'),
        reply(206, CSV[10:], ETag='"1"', Content_Range=f"bytes 10-{len(CSV) - 1}/{len(CSV)}", Content_Type="text/csv"),
    ]
    assert world.fetch() == Tally(fetched=1)
    assert list(world.landed.values()) == [CSV]
    assert world.server.headers("Range") == [None, "bytes=10-"]
    assert world.server.headers("If-Range") == [None, '"1"']


def test_a_download_that_a_killed_worker_began_is_gone_on_with(world: World) -> None:
    world.server.answers[PATH] = [cut(CSV[:10], len(CSV), ETag='"1"')]
    with pytest.raises(FetchError, match="bröts") as failed:
        world.fetch()
    assert failed.value.may_pass
    assert world.landed == {}
    world.server.answers[PATH] = [reply(206, CSV[10:], ETag='"1"', Content_Range=f"bytes 10-{len(CSV) - 1}/{len(CSV)}")]
    assert world.fetch() == Tally(fetched=1)
    assert list(world.landed.values()) == [CSV]


@pytest.mark.parametrize(
    "second",
    [
        reply(200, CSV, ETag='"1"'),  # ignores Range
        reply(200, CSV, ETag='"2"'),  # has a new version
    ],
)
def test_a_server_that_sends_everything_again_is_started_over_with(world: World, second: object) -> None:
    world.server.answers[PATH] = [cut(b"manad;coach", 500, ETag='"1"'), second]  # type: ignore[list-item]
    assert world.fetch() == Tally(fetched=1)
    assert list(world.landed.values()) == [CSV]


@pytest.mark.parametrize(
    "second",
    [
        reply(206, CSV[5:], ETag='"1"', Content_Range=f"bytes 5-{len(CSV) - 1}/{len(CSV)}"),  # another place
        reply(206, CSV[10:], ETag='"2"', Content_Range=f"bytes 10-{len(CSV) - 1}/{len(CSV)}"),  # another version
        reply(206, CSV[10:], ETag='"1"'),  # from where?
        reply(416),
    ],
)
def test_a_part_that_does_not_fit_is_thrown_away(world: World, second: object) -> None:
    world.server.answers[PATH] = [cut(CSV[:10], len(CSV), ETag='"1"'), second, reply(200, CSV, ETag='"1"')]  # type: ignore[list-item]
    assert world.fetch() == Tally(fetched=1)
    assert list(world.landed.values()) == [CSV]
    assert world.server.headers("Range") == [None, "bytes=10-", None]


@pytest.mark.parametrize("version", ["", 'W/"1"'])
def test_without_a_strong_version_a_cut_download_begins_again(world: World, version: str) -> None:
    headers = {"ETag": version} if version else {}
    world.server.answers[PATH] = [cut(CSV[:10], len(CSV), **headers), reply(200, CSV, **headers)]
    assert world.fetch() == Tally(fetched=1)
    assert list(world.landed.values()) == [CSV]
    assert world.server.headers("Range") == [None, None]


def test_chunks_are_read_to_their_end_and_no_less(world: World) -> None:
    world.server.answers[PATH] = [chunked(CSV[:20], is_whole=False), chunked(CSV, is_whole=True)]
    assert world.fetch() == Tally(fetched=1)
    assert list(world.landed.values()) == [CSV]


def test_an_answer_that_is_always_shorter_than_it_says_never_lands(world: World) -> None:
    world.server.answers[PATH] = [cut(CSV, len(CSV) + 1)]
    with pytest.raises(FetchError, match="bröts varje gång") as failed:
        world.fetch()
    assert failed.value.may_pass
    assert world.landed == {}
    assert world.paused == [2, 4, 8]


@pytest.mark.parametrize(
    "answer",
    [
        reply(200, b"<html>Logga in</html>", Content_Type="text/html; charset=utf-8"),
        reply(200, b"\xef\xbb\xbf\n<!DOCTYPE html>", Content_Type="text/csv"),
        reply(200, b"%PDF-1.7", Content_Type="application/pdf"),
        reply(200, b"\x1f\x8b\x08", Content_Type="text/csv", Content_Encoding="gzip"),
        reply(418),
    ],
)
def test_what_is_no_delivery_is_refused_and_the_rest_is_fetched(world: World, answer: object) -> None:
    world.server.answers[PATH] = [answer]  # type: ignore[list-item]
    world.server.answers["/leveranser/2026-03/insatser"] = [reply(200, CSV)]
    tally = world.fetch(MARCH, Request("insatser", Month(2026, 3)))
    assert tally.fetched == 1
    [fault] = tally.faults
    assert fault.startswith("kapacitet för mars 2026: servern")
    assert list(world.landed) == [f"insatser_{PROVIDER}_2026-03.csv"]
    assert list(world.fetched.rglob("*.part")) == []


@pytest.mark.parametrize("answer", [endless(b"2026-03;2;40\n" * 100), reply(200, b"x" * 10_001), cut(b"x", 10_001)])
def test_a_body_over_the_limit_is_left_unread(world: World, answer: object) -> None:
    world.server.answers[PATH] = [answer]  # type: ignore[list-item]
    assert world.fetch().faults == ["kapacitet för mars 2026: filen är större än vad som tas emot."]
    assert world.landed == {}
    assert list(world.fetched.rglob("*.part")) == []


@pytest.mark.parametrize(("status", "told"), [(302, "annan adress"), (401, "token"), (503, "svarskod 503")])
def test_what_stands_below_a_refusal_is_left_unread(world: World, status: int, told: str) -> None:
    read_to_the_end: list[int] = []

    def long_winded(request: BaseHTTPRequestHandler) -> None:
        start(request, status, {"Location": "/vidare"})
        try:
            for _ in range(1000):
                request.wfile.write(b"x" * 65536)
        except OSError:
            return
        read_to_the_end.append(status)

    world.server.answers[PATH] = [long_winded]
    with pytest.raises(FetchError, match=told):
        world.fetch()
    assert read_to_the_end == []


@pytest.mark.parametrize("location", ["http://[::1", "//", "\xff"])
def test_a_redirect_that_leads_nowhere_is_a_redirect(world: World, location: str) -> None:
    world.server.answers[PATH] = [reply(302, Location=location)]
    with pytest.raises(FetchError, match="annan adress"):
        world.fetch()


def test_a_length_of_thousands_of_digits_is_no_length(world: World) -> None:
    world.server.answers[PATH] = [cut(b"x" * 10_001, 10**4250)]
    assert world.fetch().faults == ["kapacitet för mars 2026: filen är större än vad som tas emot."]


def test_a_body_that_comes_too_slowly_is_given_up(world: World) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        start(request, 200, {"Content-Length": str(len(CSV))})
        try:
            for byte in CSV:
                request.wfile.write(bytes([byte]))
                request.wfile.flush()
        except OSError:
            pass

    world.server.answers[PATH] = [drip]
    world.seconds = iter(range(0, 10_000_000, 1000))
    with pytest.raises(FetchError, match="långsam") as failed:
        world.fetch()
    assert failed.value.may_pass
    assert world.landed == {}


def test_a_server_that_never_answers_is_given_up(world: World) -> None:
    gone = threading.Event()
    world.server.answers[PATH] = [lambda _: gone.wait(30) and None]
    world.read_seconds = 0.05
    try:
        with pytest.raises(FetchError, match="svarar inte") as failed:
            world.fetch()
    finally:
        gone.set()
    assert failed.value.may_pass
    assert len(world.server.asked) == 4


def test_a_server_that_cannot_prove_who_it_is_gets_no_token(world: World, tmp_path: Path) -> None:
    world.server.answers[PATH] = [reply(200, CSV)]
    with http_server(certificate=self_signed(tmp_path)) as impostor:
        impostor.answers[PATH] = [reply(200, CSV)]
        world.server.address = impostor.address
        with pytest.raises(FetchError, match="certifikat") as failed:
            world.fetch()
        assert impostor.asked == []
    assert not failed.value.may_pass


def test_what_has_not_changed_is_not_fetched_again(world: World) -> None:
    world.server.answers[PATH] = [reply(200, CSV, ETag='W/"1"'), reply(304)]
    world.fetch()
    [first] = find_fetched(world.fetched)
    first.path.unlink()
    assert world.fetch() == Tally(unchanged=1)
    assert world.server.headers("If-None-Match") == [None, 'W/"1"']
    assert world.landed == {}


def test_without_versions_the_content_tells_that_nothing_has_changed(world: World) -> None:
    world.server.answers[PATH] = [reply(200, CSV), reply(200, CSV), reply(200, CSV + b"\n")]
    world.fetch()
    [first] = find_fetched(world.fetched)
    first.path.unlink()
    assert world.fetch() == Tally(unchanged=1)
    assert world.landed == {}
    assert world.fetch() == Tally(fetched=1)
    assert list(world.landed.values()) == [CSV + b"\n"]


def test_a_file_can_be_asked_for_again_although_it_is_unchanged(world: World) -> None:
    world.server.answers[PATH] = [reply(200, CSV, ETag='"1"')]
    world.fetch()
    [first] = find_fetched(world.fetched)
    first.path.unlink()
    memory = json.loads((world.fetched / "https" / PROVIDER / ".kanal.json").read_text())
    [seen] = memory["seen"].values()
    assert world.fetch(again=(seen["sha256"],)) == Tally(fetched=1)
    assert world.server.headers("If-None-Match") == [None, None]
    assert list(world.landed.values()) == [CSV]


def test_a_memory_that_is_lost_or_broken_costs_only_a_download(world: World) -> None:
    world.server.answers[PATH] = [reply(200, CSV, ETag='"1"')]
    world.fetch()
    (world.fetched / "https" / PROVIDER / ".kanal.json").write_text("{")
    assert world.fetch() == Tally(fetched=1)
