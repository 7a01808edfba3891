"""Asks the portal over HTTP: one host, the key for that host alone, and again where an answer did not come whole."""

import json
import random
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from carsi.errors import NoAnswer, Refusal, Unsafe, WrongUse, problem_in

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PASSING = frozenset({408, 429, 502, 503, 504})
PORTS = {"http": 80, "https": 443}
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
MOST_REDIRECTS = 5
MOST_BYTES = 256 * 1024 * 1024  # of one answer, unpacked


@dataclass(frozen=True)
class Patience:
    """How often and how long to try. Times in seconds."""

    tries: int = 8
    first_pause: float = 0.5
    longest_pause: float = 60
    longest_asked: float = 3700  # a Retry-After beyond it ends the attempt; the portal counts calls by the hour
    timeout: float = 60

    def pause(self, tried: int) -> float:
        """After `tried` failures: twice as long each time, by chance up to half less, so that not all come together."""
        longest = min(self.longest_pause, self.first_pause * 2.0 ** min(tried - 1, 30))
        return longest * random.uniform(0.5, 1)  # noqa: S311  (no secret)


@dataclass(frozen=True)
class Answer:
    """A whole answer below 300, unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:
        return json.loads(self.body)


class _Broken(Exception):
    """An answer that did not come, or not whole."""


class Connection:
    """A kept-alive connection to the host of `url`, with the key in each request."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        patience: Patience | None = None,
        plain_http: bool = False,
        tell: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        """`tell` gets a sentence for each pause. Unsafe for http:// to another machine, but with `plain_http`."""
        self.base = urlsplit(url.rstrip("/") + "/")
        if self.base.scheme not in PORTS or not self.base.hostname or self.base.username or self.base.query:
            raise WrongUse("The portal's address looks like https://portal.example.org")
        origin_of(self.base)  # refuses a port that is none
        if self.base.scheme == "http" and self.base.hostname not in THIS_MACHINE and not plain_http:
            raise Unsafe("http:// would send the key in clear: use https://, or set CARSI_PLAIN_HTTP=1.")
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            raise WrongUse("The key is missing or not valid: it is a single word, as the portal showed it.")
        self._key, self._tell = key, tell
        self._patience = patience or Patience()
        self._open: HTTPConnection | None = None

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def address(self, path: str) -> str:
        """The full address of a path below the portal's own; of a full one that leads to another origin, Unsafe."""
        try:
            full = urljoin(self.base.geturl(), path)
        except ValueError as error:
            raise WrongUse(f"“{path}” is no address.") from error
        if not full.isascii() or not full.isprintable() or " " in full:
            raise WrongUse(f"“{full!r}” is no address.")
        if origin_of(urlsplit(full)) != origin_of(self.base):
            raise Unsafe(f"The key is only for {self.base.netloc}: nothing was sent to {urlsplit(full).netloc}.")
        return full

    def ask(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The whole answer, tried again while what is wrong may pass.

        Refusal where the portal says no, NoAnswer when patience ends, Unsafe for an address or redirect elsewhere.
        Safe for GET, and for what carries an Idempotency-Key.
        """
        address = self.address(path)
        for tried in range(1, self._patience.tries + 1):
            asked_wait: float | None = None
            try:
                answer = self._follow(method, address, body, headers or {})
                if answer.status < 300:
                    return answer
                if answer.status not in PASSING:
                    raise Refusal(answer.status, problem_in(answer.body))
                why = f"the portal answered {answer.status}"
                asked_wait = retry_after(answer.headers.get("retry-after", ""), datetime.now(UTC))
                refusal: Refusal | None = Refusal(answer.status, problem_in(answer.body))
            except _Broken as error:
                why, refusal = str(error), None
            if tried == self._patience.tries or (asked_wait or 0) > self._patience.longest_asked:
                raise refusal or NoAnswer(f"{self.base.netloc}: {why}; tried {tried} times.")
            pause = max(self._patience.pause(tried), asked_wait or 0)
            self._tell(f"{why}; again in {pause:.0f} s" if pause >= 1 else f"{why}; again")
            time.sleep(pause)
        raise AssertionError("not reached")

    def _follow(self, method: str, address: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        for _step in range(MOST_REDIRECTS + 1):
            answer = self._once(method, address, body, headers)
            if answer.status not in REDIRECTS:
                return answer
            if method != "GET":
                raise Refusal(
                    answer.status, {"title": f"The portal sent this {method} elsewhere; it was not followed."}
                )
            address = self.address(urljoin(address, answer.headers.get("location", "")))
        raise Refusal(answer.status, {"title": "The portal redirects in a loop."})

    def _once(self, method: str, address: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        parts = urlsplit(address)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        if self._open is None:
            self._open = self._connect()
        sent = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "Accept-Language": "en",
            "Authorization": f"Bearer {self._key}",
            "User-Agent": "carsi/0.1",
            **({"Content-Type": "application/json"} if body is not None else {}),
            **headers,
        }
        try:
            self._open.request(method, target, body=body, headers=sent)
            response = self._open.getresponse()
            found = Answer(
                response.status, {name.lower(): value for name, value in response.getheaders()}, _whole(response)
            )
        except (OSError, HTTPException, zlib.error) as error:
            self.close()
            raise _Broken(f"the connection broke ({type(error).__name__})") from error
        except _Broken:
            self.close()
            raise
        if found.headers.get("connection", "").lower() == "close":
            self.close()
        return found

    def _connect(self) -> HTTPConnection:
        kind = HTTPSConnection if self.base.scheme == "https" else HTTPConnection
        return kind(self.base.hostname or "", self.base.port, timeout=self._patience.timeout)


def origin_of(address: SplitResult) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address: what two addresses must share for the key to go to both."""
    try:
        port = address.port or PORTS.get(address.scheme)
    except ValueError as error:
        raise Unsafe("The port in the address is not valid.") from error
    return address.scheme, (address.hostname or "").lower(), port


def retry_after(value: str, now: datetime) -> float | None:
    """The seconds that a Retry-After asks for (RFC 9110, 10.2.3): a number or a date; None where it is neither."""
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return float(value[:9])
    try:
        at = parsedate_to_datetime(value)
        return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _whole(response: HTTPResponse) -> bytes:
    """The body of an answer, unpacked; _Broken where its end is missing or where it is beyond all measure."""
    packed = response.read(MOST_BYTES + 1)
    # More was promised than came; or nothing says how long it is, as where the line broke within the headers.
    if response.length or (response.length is None and not response.chunked):
        raise _Broken("the answer broke off")
    if response.headers.get("Content-Encoding", "").lower() == "gzip" and packed:
        unpacking = zlib.decompressobj(wbits=31)
        packed = unpacking.decompress(packed, MOST_BYTES + 1)
        if not unpacking.eof and len(packed) <= MOST_BYTES:
            raise _Broken("the answer broke off")
    if len(packed) > MOST_BYTES:
        raise _Broken("the answer is too large")
    return packed
