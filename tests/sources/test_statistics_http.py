"""The client for statistics: what it tries again, how long it waits, and that it always ends."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.sources.statistics_services import Answer, Asked, FakeService, as_json

from arshjul.sources.statistics_http import Patience, StatisticsHttp
from arshjul.sources.statistics_page import FetchFailed

SMALL = Patience(read_seconds=0.3, total_seconds=5, retries=2, backoff_seconds=0.5, calls=1000)


class Echo(FakeService):
    """Answers every request with itself."""

    def usual(self, asked: Asked) -> Answer:
        return as_json({"method": asked.method, "body": asked.body})


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo() as service:
        yield service


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def http(echo: Echo, waits: list[float]) -> Iterator[StatisticsHttp]:
    with StatisticsHttp("Tjänsten", echo.address, "data@kommun.example", SMALL, waits.append) as session:
        yield session


def failure(http: StatisticsHttp, path: str = "/x") -> FetchFailed:
    with pytest.raises(FetchFailed) as failed:
        http.get(path)
    return failed.value


def test_a_service_that_is_down_for_a_moment_is_asked_again_also_by_post(
    echo: Echo, http: StatisticsHttp, waits: list[float]
) -> None:
    echo.misbehave("/x", Answer(status=503), times=1)
    assert http.get("/x")
    echo.misbehave("/x", Answer(status=503), times=2)
    assert http.post("/x", {"a": 1}) == b'{"method": "POST", "body": {"a": 1}}'
    assert [one.method for one in echo.asked] == ["GET", "GET", "POST", "POST", "POST"]
    assert waits == [1.0], "the first try again is at once, then the wait is doubled"


def test_a_service_that_stays_down_fails_and_trying_later_may_help(echo: Echo, http: StatisticsHttp) -> None:
    echo.misbehave("/x", Answer(status=503))
    failed = failure(http)
    assert (failed.code, failed.is_transient) == ("http_503", True)
    assert len(echo.asked) == 3


@pytest.mark.parametrize(
    ("asked_for", "waited"),
    [("7", 7), ("86400", 120), ("99999999999999999999999", 120), ("soon", None), ("-5", None), ("0", None)],
)
def test_the_wait_a_service_asks_for_is_kept_up_to_two_minutes(
    echo: Echo, http: StatisticsHttp, waits: list[float], asked_for: str, waited: float | None
) -> None:
    echo.misbehave("/x", Answer(status=429, headers={"Retry-After": asked_for}), times=1)
    assert http.get("/x")
    assert waits == ([] if waited is None else [waited])


@pytest.mark.parametrize(("ahead", "least", "most"), [(30, 20, 30), (86_400, 120, 120), (-30, 0, 0)])
def test_the_wait_may_be_a_date(
    echo: Echo, http: StatisticsHttp, waits: list[float], ahead: float, least: float, most: float
) -> None:
    until = email.utils.formatdate(time.time() + ahead, usegmt=True)
    echo.misbehave("/x", Answer(status=429, headers={"Retry-After": until}), times=1)
    assert http.get("/x")
    assert least <= sum(waits) <= most


def test_status_500_is_not_tried_again_and_says_so(echo: Echo, http: StatisticsHttp) -> None:
    echo.misbehave("/x", Answer(status=500))
    failed = failure(http)
    assert (failed.code, failed.is_transient) == ("http_500", False)
    assert str(failed) == "Tjänsten svarade med status 500."
    assert len(echo.asked) == 1


def test_the_title_of_a_problem_is_told_and_a_page_of_html_is_not(echo: Echo, http: StatisticsHttp) -> None:
    echo.misbehave("/x", as_json({"title": "Too many cells\x00 selected", "status": 400}, 400), times=1)
    assert str(failure(http)) == "Tjänsten svarade med status 400: Too many cells selected."
    echo.misbehave("/x", Answer(b"<html>" + b"x" * 20_000, 404), times=1)
    assert str(failure(http)) == "Tjänsten svarade med status 404."


def test_a_service_that_never_answers_is_given_up(echo: Echo, http: StatisticsHttp) -> None:
    echo.misbehave("/x", Answer(hang=True))
    assert (failure(http).code, failure(http).is_transient) == ("inget_svar", True)


def test_a_service_that_sends_a_byte_now_and_then_is_given_up(echo: Echo) -> None:
    echo.misbehave("/x", Answer(b"x" * 10_000, trickle=True))
    patience = Patience(read_seconds=1, total_seconds=0.3)
    with StatisticsHttp("Tjänsten", echo.address, "data@kommun.example", patience) as http:
        assert (failure(http).code, failure(http).is_transient) == ("for_langsam", True)


def test_an_answer_that_is_cut_off_fails(echo: Echo, http: StatisticsHttp) -> None:
    echo.misbehave("/x", Answer(b'{"values": [', cut=True))
    assert failure(http).code == "inget_svar"


def test_an_answer_that_is_too_large_fails(echo: Echo) -> None:
    echo.misbehave("/x", Answer(b"x" * 100_000))
    with StatisticsHttp("Tjänsten", echo.address, "data@kommun.example", Patience(body_bytes=50_000)) as http:
        assert failure(http).code == "for_stort"


def test_a_redirection_is_followed_within_the_host_and_not_beyond(echo: Echo, http: StatisticsHttp) -> None:
    echo.misbehave("/x", Answer(status=307, headers={"Location": "/y"}), times=1)
    assert http.get("/x")
    echo.misbehave("/x", Answer(status=302, headers={"Location": "http://127.0.0.2:1/y"}), times=1)
    assert failure(http).code == "http_302"


@pytest.mark.parametrize("before", [Answer(status=503), Answer(status=307, headers={"Location": "/y"})])
def test_what_stands_below_another_answer_than_the_last_is_left_unread(
    echo: Echo, http: StatisticsHttp, before: Answer
) -> None:
    echo.misbehave("/x", replace(before, body=b"x" * 1000, trickle=True), times=1)
    assert http.get("/x"), "reading it would have taken longer than a whole request may"


@pytest.mark.parametrize(
    "url", ["http://elsewhere.example/v3/a", "//127.0.0.2/v3/a", "http://127.0.0.1/other/a", "http://x@127.0.0.1/v3/a"]
)
def test_the_next_page_is_on_the_same_host_and_below_the_same_address(url: str) -> None:
    with StatisticsHttp("Tjänsten", "http://127.0.0.1:81/v3", "data@kommun.example") as http:
        with pytest.raises(FetchFailed) as failed:
            http.path_of(url, "/a")
        assert failed.value.code == "annan_vard"
        assert http.path_of("http://127.0.0.1/v3/a?page=2", "/a") == "/a?page=2"
        assert http.path_of("?page=2", "/a") == "/a?page=2"


def test_requests_keep_the_pace_and_say_who_asks(echo: Echo, waits: list[float]) -> None:
    now = [100.0]

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    with StatisticsHttp("Tjänsten", echo.address, "data@kommun.example", SMALL, sleep, lambda: now[0]) as http:
        http.pace(2, 10)
        for _ in range(5):
            http.get("/x")
    assert waits == [10, 10], "two in each window of ten seconds"
    assert {one.agent for one in echo.asked} == {"arshjul (kontakt: data@kommun.example)"}
