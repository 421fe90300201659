"""A patient and polite HTTP client for the statistics services.

What it tries again (429, 502, 503, 504, connections that fail) and how long it waits is urllib3's. What it adds: POST is
tried again too, a wait is never longer than two minutes whatever the service asks for, a request has an end even when
the service sends one byte a minute, an answer has a largest size, and no request leaves the host it was meant for.
Status 500 is not tried again: SCB answers so to a repeated code. Source: facts on Kolada and SCB, "Verdict".
"""

from __future__ import annotations

import json
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import InvalidHeader
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from arshjul.sources.statistics_page import FetchFailed

_TRANSIENT = frozenset({429, 502, 503, 504})
_CHUNK_BYTES = 1 << 16
_TITLE_BYTES = 1 << 13
_OK = 200

Result = TypeVar("Result")


@dataclass(frozen=True)
class Patience:
    """How long the client waits and how often it asks. Seconds and bytes.

    Attributes:
        connect_seconds: For a connection.
        read_seconds: For each piece of an answer.
        total_seconds: For a whole request, with everything that is tried again.
        retries: How often a request is tried again.
        backoff_seconds: First wait between tries when the service names none; doubled each time.
        longest_wait_seconds: Longest wait, also when the service asks for more.
        body_bytes: Largest answer.
        calls: Requests in each window.
        window_seconds: The window.
    """

    connect_seconds: float = 5
    read_seconds: float = 60
    total_seconds: float = 900
    retries: int = 5
    backoff_seconds: float = 1
    longest_wait_seconds: int = 120
    body_bytes: int = 64 << 20
    calls: int = 3
    window_seconds: float = 1


class StatisticsHttp:
    """A session with one service.

    Args:
        service: What sentences call the service.
        address: Where its API is; every request is below it.
        contact: E-mail address in the User-Agent, so that the service can reach us.
        patience: How long to wait.
        sleep: Waits so many seconds.
        now: A clock that only goes forwards.
    """

    def __init__(
        self,
        service: str,
        address: str,
        contact: str,
        patience: Patience | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.service = service
        self._address = address.rstrip("/")
        self._patience = patience or Patience()
        self._sleep = sleep
        self._now = now
        self._window = (self._patience.calls, self._patience.window_seconds)
        self._asked: deque[float] = deque()
        self._session = _Session()
        self._session.headers["User-Agent"] = f"arshjul (kontakt: {contact})"
        self._session.headers["Accept"] = "application/json"
        adapter = HTTPAdapter(max_retries=self._retry())
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, adapter)

    def __enter__(self) -> StatisticsHttp:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def pace(self, calls: int, window_seconds: float) -> None:
        """Ask no more often than this from now on."""
        self._window = (calls, window_seconds)

    def get(self, path: str) -> bytes:
        """Ask for what lies at a path below the address.

        Raises:
            FetchFailed: No answer, too late, too large, or another status than 200.
        """
        return self._ask("GET", path, None)

    def post(self, path: str, body: object) -> bytes:
        """Send JSON to a path below the address; otherwise as :meth:`get`."""
        return self._ask("POST", path, json.dumps(body).encode())

    def path_of(self, url: str, current: str) -> str:
        """Turn an address that the service has given into a path below ours.

        Args:
            url: The address, absolute or relative.
            current: Path of the page that gave it.

        Raises:
            FetchFailed: ``annan_vard``: it leads away from the service.
        """
        ours = urlsplit(self._address)
        given = urlsplit(urljoin(self._address + current, url))
        # Behind a proxy a service may write http:// or leave the port out; we keep to our own scheme and port.
        is_ours = given.hostname == ours.hostname and given.port in (None, ours.port) and not given.username
        if not is_ours or not given.path.startswith(ours.path + "/"):
            raise FetchFailed("annan_vard", f"{self.service} hänvisar till en annan adress än sin egen.")
        return given.path.removeprefix(ours.path) + (f"?{given.query}" if given.query else "")

    def _ask(self, method: str, path: str, body: bytes | None) -> bytes:
        self._keep_pace()
        try:
            return _within(self._patience.total_seconds, lambda: self._answer(method, path, body))
        except TimeoutError:
            raise FetchFailed(
                "for_langsam",
                f"{self.service} svarade inte helt inom {self._patience.total_seconds:g} sekunder.",
                is_transient=True,
            ) from None
        except requests.RequestException as error:
            raise FetchFailed(
                "inget_svar", f"{self.service} svarar inte ({type(error).__name__}).", is_transient=True
            ) from None

    def _answer(self, method: str, path: str, body: bytes | None) -> bytes:
        headers = {"Content-Type": "application/json"} if body else {}
        timeout = (self._patience.connect_seconds, self._patience.read_seconds)
        with self._session.request(
            method, self._address + path, data=body, headers=headers, timeout=timeout, stream=True
        ) as response:
            if response.status_code != _OK:
                raise self._refusal(response)
            return self._read(response, self._patience.body_bytes)

    def _read(self, response: requests.Response, limit: int) -> bytes:
        content = bytearray()
        for chunk in response.iter_content(_CHUNK_BYTES):
            content += chunk
            if len(content) > limit:
                raise FetchFailed("for_stort", f"{self.service} svarade med mer än {limit} byte.")
        return bytes(content)

    def _refusal(self, response: requests.Response) -> FetchFailed:
        status = response.status_code
        why = f": {title}" if (title := self._title(response)) else ""
        return FetchFailed(
            f"http_{status}", f"{self.service} svarade med status {status}{why}.", is_transient=status in _TRANSIENT
        )

    def _title(self, response: requests.Response) -> str:
        """SCB says what was wrong in the title of its JSON; an answer without one says nothing more."""
        try:
            problem = json.loads(self._read(response, _TITLE_BYTES))
        except (ValueError, RecursionError, FetchFailed, requests.RequestException):
            return ""
        title = problem.get("title") if isinstance(problem, dict) else None
        return "".join(filter(str.isprintable, title))[:200] if isinstance(title, str) else ""

    def _keep_pace(self) -> None:
        calls, window = self._window
        while len(self._asked) >= calls:
            wait = self._asked.popleft() + window - self._now()
            if wait > 0:
                self._sleep(wait)
        self._asked.append(self._now())

    def _retry(self) -> Retry:
        return _Retry(
            total=self._patience.retries,
            backoff_factor=self._patience.backoff_seconds,
            backoff_max=self._patience.longest_wait_seconds,
            status_forcelist=_TRANSIENT,
            allowed_methods=frozenset({"GET", "POST"}),
            raise_on_status=False,
            retry_after_max=self._patience.longest_wait_seconds,
            sleeper=self._sleep,
        )


class _Retry(Retry):
    """urllib3's own, with a clock to be given and a Retry-After that cannot be read taken as none."""

    def __init__(self, *args: Any, sleeper: Callable[[float], None], **options: Any) -> None:
        super().__init__(*args, **options)
        self._sleeper = sleeper

    def new(self, **changed: Any) -> _Retry:
        return super().new(sleeper=self._sleeper, **changed)

    def increment(self, *args: Any, **named: Any) -> Self:
        following = super().increment(*args, **named)
        if (answer := named.get("response")) is not None:
            answer.close()  # else what is left of it is read, and that may have no end
        return following

    def parse_retry_after(self, retry_after: str) -> float:
        try:
            return super().parse_retry_after(retry_after)
        except (InvalidHeader, ValueError, OverflowError):
            return 0

    def sleep_for_retry(self, response: BaseHTTPResponse) -> bool:
        seconds = self.get_retry_after(response)
        if seconds:
            self._sleeper(seconds)
        return bool(seconds)

    def _sleep_backoff(self) -> None:
        if (seconds := self.get_backoff_time()) > 0:
            self._sleeper(seconds)


class _Session(requests.Session):
    """A session that follows a redirection only within the host it asked."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        target = super().get_redirect_target(resp)
        if target is None:
            return None
        resp.raw.close()  # else requests reads all of what comes below the redirection
        asked, given = urlsplit(resp.url), urlsplit(urljoin(resp.url, target))
        return target if (asked.scheme, asked.netloc) == (given.scheme, given.netloc) else None


def _within(seconds: float, call: Callable[[], Result]) -> Result:
    """Give what a call gives, or give it up: a socket's own timeout is for each piece, and a slow server has many.

    Raises:
        TimeoutError: It was not done in time; its thread is left to itself and does not keep the process alive.
    """
    done: queue.Queue[tuple[Result | None, BaseException | None]] = queue.Queue(1)

    def work() -> None:
        try:
            done.put((call(), None))
        except BaseException as error:
            done.put((None, error))

    threading.Thread(target=work, name="statistics request", daemon=True).start()
    try:
        result, error = done.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]  # without an error there is a result
