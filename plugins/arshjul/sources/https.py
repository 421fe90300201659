"""Deliveries over HTTPS: ``GET {address}/leveranser/{YYYY-MM}/{dataset}`` with a bearer token (spec/deliveries.md, "Fetched").

Only the address is spoken to: no redirect is followed, so the token reaches nobody else. A server may be slow, cut off,
endless or wrong: every wait, size and number of attempts has an end. What comes is landed untouched; only its first bytes are
looked at, for the ending of its name.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from arshjul.periods import Month
from arshjul.sources.inbox import FetchError, Inbox, Seen, Tally, extension_of, read_head, sha256_of

if TYPE_CHECKING:
    import requests

_BLOCK_BYTES = 1 << 16
_TOKEN = re.compile(r"[\x21-\x7e]+", re.ASCII)
_DELIVERY_NAME = re.compile(r"([A-Za-z_]{1,60}_[0-9]{10}_[0-9]{4}-[0-9]{2})\.[A-Za-z0-9]{1,8}", re.ASCII)
# Of a length that Python reads as a number: it refuses thousands of digits.
_SIZE = re.compile(r"[0-9]{1,18}", re.ASCII)
_RANGE = re.compile(r"bytes ([0-9]{1,18})-[0-9]+/(?:[0-9]+|\*)", re.ASCII)
_ACCEPTED_TYPES = frozenset(
    {
        "",
        "application/csv",
        "application/json",
        "application/octet-stream",
        "application/vnd.ms-excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "binary/octet-stream",
        "text/csv",
        "text/plain",
    }
)
_PASSING = (429, 500, 502, 503, 504)
_NOT_YET = (204, 404, 410)


@dataclass(frozen=True)
class Patience:
    """How long a server is waited for.

    Attributes:
        attempts: How often one file is asked for.
        connect_seconds: For a connection.
        read_seconds: For the next bytes.
        file_seconds: For one file, however steadily it comes.
        most_pause_seconds: Between two attempts, whatever the server asks for.
        pause: Waits; a test does not.
        clock: Tells the time, in seconds.
    """

    attempts: int = 4
    connect_seconds: float = 10
    read_seconds: float = 60
    file_seconds: float = 900
    most_pause_seconds: int = 60
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


@dataclass(frozen=True)
class Request:
    """One thing to ask for: a dataset of a month."""

    dataset: str
    month: Month

    @property
    def key(self) -> str:
        return f"{self.dataset}/{self.month.key}"

    @property
    def title(self) -> str:
        return f"{self.dataset} för {self.month.title}"


class _Body(NamedTuple):
    """A whole answer that has been written down: its version, and the name that its server gave it."""

    version: str
    given_name: str


@dataclass(frozen=True)
class HttpsSource:
    """One sender's address.

    Attributes:
        address: What comes before ``/leveranser``.
        sender: Ten-digit organisationsnummer.
        token: The bearer token.
        inbox: Where files land.
        most_bytes: Largest file.
        again: Hashes of files to fetch again although they are unchanged.
        patience: How long the server is waited for.
    """

    address: str
    sender: str
    token: str
    inbox: Inbox
    most_bytes: int
    again: Collection[str] = ()
    patience: Patience = Patience()

    def __repr__(self) -> str:
        return f"HttpsSource({self.address!r})"

    def fetch(self, wanted: Iterable[Request]) -> Tally:
        """Ask for everything wanted; land what there is.

        Args:
            wanted: Datasets and months.

        Returns:
            What came of it; what is wrong with one file stands among the faults and does not hinder the others.

        Raises:
            FetchError: The server does not answer, or does not let us in.
        """
        if not _TOKEN.fullmatch(self.token):
            raise FetchError("Anslutningen saknar en användbar token. Lägg in den i fältet Password i Airflow.")
        tally = Tally()
        with _session(self.token, self.patience) as session:
            for request in wanted:
                try:
                    self._fetch_one(session, request, tally)
                except _Unfit as unfit:
                    self.inbox.drop(request.key)
                    tally.faults.append(f"{request.title}: {unfit}")
        return tally

    def _fetch_one(self, session: requests.Session, request: Request, tally: Tally) -> None:
        seen = self.inbox.seen(request.key)
        known = seen if seen and seen.sha256 not in self.again else None
        body = self._download(session, request, known, tally)
        if body is None:
            return
        part = self.inbox.part(request.key)
        head = read_head(part)
        if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
            raise _Unfit("servern svarade med en webbsida i stället för en fil.")
        digest = sha256_of(part)
        if known and known.sha256 == digest:
            self.inbox.drop(request.key)
            tally.unchanged += 1
        else:
            self.inbox.land(request.key, self._name(request, body.given_name, head))
            tally.fetched += 1
        self.inbox.remember(request.key, Seen(body.version, digest))

    def _name(self, request: Request, given_name: str, head: bytes) -> str:
        """Name a file as it was asked for, or as its server does when that is a delivery's name: intake then judges it."""
        given = _DELIVERY_NAME.fullmatch(given_name)
        stem = given[1] if given else f"{request.dataset}_{self.sender}_{request.month.key}"
        return f"{stem}.{extension_of(head)}"

    def _download(self, session: requests.Session, request: Request, known: Seen | None, tally: Tally) -> _Body | None:
        """Write an answer down, in as many pieces as it takes; ``None`` when there is nothing new to have."""
        began = self.patience.clock()
        for attempt in range(self.patience.attempts):
            if attempt:
                self.patience.pause(min(2.0**attempt, self.patience.most_pause_seconds))
            with self._ask(session, request, known) as answer:
                if answer.status_code in (*_NOT_YET, 304):
                    tally.missing += answer.status_code != 304
                    tally.unchanged += answer.status_code == 304
                    return None
                if answer.status_code in (412, 416):
                    self.inbox.drop(request.key)
                    continue
                if self._is_written(answer, request, began):
                    return _Body(answer.headers.get("ETag", ""), _given_name(answer))
        raise FetchError(
            f"Överföringen från servern bröts varje gång ({request.title}). Försök igen senare.", may_pass=True
        )

    @contextmanager
    def _ask(self, session: requests.Session, request: Request, known: Seen | None) -> Iterator[requests.Response]:
        import requests

        url = f"{self.address.rstrip('/')}/leveranser/{request.month.key}/{request.dataset}"
        waits = (self.patience.connect_seconds, self.patience.read_seconds)
        try:
            answer = session.get(
                url, headers=self._conditions(request, known), stream=True, allow_redirects=False, timeout=waits
            )
        except requests.exceptions.SSLError:
            raise FetchError("Serverns certifikat går inte att lita på. Kontakta avsändaren.") from None
        except requests.RequestException as error:
            raise FetchError(f"Servern svarar inte ({type(error).__name__}).", may_pass=True) from None
        with answer:
            _require_usable(answer)
            yield answer

    def _conditions(self, request: Request, known: Seen | None) -> dict[str, str]:
        """Ask for the rest of what was begun, or for a file only if it has changed."""
        if version := self.inbox.begun(request.key):
            have = self.inbox.part(request.key).stat().st_size
            return {"Range": f"bytes={have}-", "If-Range": version}
        return {"If-None-Match": known.mark} if known and known.mark else {}

    def _is_written(self, answer: requests.Response, request: Request, began: float) -> bool:
        """Write one answer's bytes down; false when they stopped coming before the end."""
        from urllib3.exceptions import HTTPError

        part, version = self.inbox.part(request.key), answer.headers.get("ETag", "")
        have = part.stat().st_size if answer.status_code == 206 and part.exists() else 0
        if answer.status_code == 206 and not self._continues(answer, request, have):
            self.inbox.drop(request.key)
            return False
        _require_delivery(answer)
        length = answer.headers.get("Content-Length", "")
        self._require_size(have + (int(length) if _SIZE.fullmatch(length) else 0))
        if answer.status_code == 200:
            self.inbox.drop(request.key)
            # A weak ETag does not promise the same bytes, so a cut download cannot be gone on with.
            if version.startswith('"'):
                self.inbox.begin(request.key, version)
        try:
            with part.open("ab") as file:
                # Not in whole blocks, which a server could make us wait for byte by byte.
                while block := answer.raw.read1(_BLOCK_BYTES, decode_content=False):
                    have += len(block)
                    self._require_size(have)
                    if self.patience.clock() - began > self.patience.file_seconds:
                        raise FetchError(f"Servern är för långsam ({request.title}).", may_pass=True)
                    file.write(block)
        except HTTPError:
            return False
        return True

    def _continues(self, answer: requests.Response, request: Request, have: int) -> bool:
        """Say whether a part of a file is what follows on what we have, of the same version."""
        begun, version = self.inbox.begun(request.key), answer.headers.get("ETag")
        starts = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        return bool(begun) and starts is not None and int(starts[1]) == have and version in (None, begun)

    def _require_size(self, size: int) -> None:
        if size > self.most_bytes:
            raise _Unfit("filen är större än vad som tas emot.")


class _Unfit(ValueError):
    """What the server answers with is no delivery; the message is the end of a Swedish sentence."""


def _session(token: str, patience: Patience) -> requests.Session:
    import requests
    from requests.adapters import HTTPAdapter

    class Session(requests.Session):
        """Sees no redirection: where one stands requests reads all of what comes below it, even to follow nothing."""

        def get_redirect_target(self, *_: object) -> None:
            return None

    session = Session()
    session.headers.update({"Accept-Encoding": "identity", "User-Agent": "arshjul"})
    session.auth = _bearer(token)
    adapter = HTTPAdapter(max_retries=_retries(patience))
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)
    return session


def _bearer(token: str) -> Any:
    def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return sign


def _retries(patience: Patience) -> Any:
    from urllib3.util.retry import Retry

    class Retries(Retry):
        """Waits as it is told, and never longer than we have patience for."""

        def increment(self, *args: Any, **named: Any) -> Self:
            following = super().increment(*args, **named)
            if (answer := named.get("response")) is not None:
                answer.close()  # else what is left of it is read, and that may have no end
            return following

        def sleep(self, response: Any = None) -> None:
            asked_for = self.get_retry_after(response) if response is not None else None
            patience.pause(self.get_backoff_time() if asked_for is None else asked_for)

    return Retries(
        total=patience.attempts - 1,
        redirect=False,
        status_forcelist=_PASSING,
        allowed_methods={"GET"},
        backoff_factor=1,
        backoff_max=patience.most_pause_seconds,
        retry_after_max=patience.most_pause_seconds,
        raise_on_status=False,
    )


def _require_usable(answer: requests.Response) -> None:
    status = answer.status_code
    if status in (200, 206, 304, 412, 416, *_NOT_YET):
        return
    if status in (401, 403):
        raise FetchError(
            f"Servern godtar inte vår token (svarskod {status}). Be avsändaren om en ny och byt den i Airflows anslutning."
        )
    if status in _PASSING:
        raise FetchError(f"Servern är upptagen eller trasig (svarskod {status}).", may_pass=True)
    if 300 <= status < 400:
        raise FetchError("Servern hänvisar till en annan adress. Den följs inte: rätta adressen i kanalens definition.")
    raise _Unfit(f"servern svarade med kod {status}.")


def _require_delivery(answer: requests.Response) -> None:
    headers: Mapping[str, str] = answer.headers
    media_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type not in _ACCEPTED_TYPES:
        raise _Unfit("servern svarade med något annat än CSV, Excel eller JSON.")
    if headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise _Unfit("servern packade filen fast vi bad om den som den är.")


def _given_name(answer: requests.Response) -> str:
    """The name in Content-Disposition, without folders; empty when there is none or it cannot be read."""
    header = Message()
    header["Content-Disposition"] = answer.headers.get("Content-Disposition", "")
    try:
        name = header.get_filename() or ""
    except ValueError:  # of an encoding that fails; the error's text would quote the server's
        return ""
    return Path(name.replace("\\", "/")).name
