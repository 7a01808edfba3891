"""One signed POST to an address of somebody else's, in a way that no address can turn against our own network.

The name is looked up once, every address behind it is checked, and the connection goes to the very address that was
checked (a name that answers otherwise the second time gains nothing); TLS still verifies the name. Redirects are not
followed, answers are read up to a few hundred bytes, and all of it ends by one deadline.
Signed as Standard Webhooks 1.0.0 says (https://www.standardwebhooks.com): webhook-id, webhook-timestamp,
webhook-signature.
"""

import base64
import hashlib
import hmac
import http.client
import io
import queue
import socket
import ssl
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from programs.webhooks.models import SECRET_PREFIX

CONNECT_SECONDS, ALL_SECONDS = 5, 15
# Bytes: of the answer's text, and of all that is received of one address (headers, notices that more will come).
MOST_READ, MOST_RECEIVED = 2048, 64 * 1024
# What a path or query holds as it stands; everything else is written as %XX.
_AS_IT_IS = "/%?:@!$&'()*+,;=~-._"
MOST_KEPT = 500
# Below these, services speak that are no web servers.
LEAST_PORT = 1024
# Addresses in which a gateway finds an IPv4 address (RFC 6052).
NAT64 = ip_network("64:ff9b::/96")
# Not for everybody to call (RFC 6890, RFC 7526), though not every Python says so: clouds keep keys at 192.0.0.192.
SPECIAL = (ip_network("192.0.0.0/24"), ip_network("192.88.99.0/24"))


class Problem(StrEnum):
    """Why an address got no delivery; see describe.PROBLEMS for the words."""

    NOT_HTTPS = "not_https"
    USERINFO = "userinfo"
    PORT = "port"
    UNKNOWN_NAME = "unknown_name"
    INSIDE = "inside"
    TLS = "tls"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    STOPPED = "stopped"


class Deadline:
    """A moment by which all is done, so many seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then; TimeoutError where none are left."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class CannotSend(Exception):
    """No request was made, or none was answered."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class Target:
    """Where a request goes: the address that was checked, and the name that TLS and the Host header hold it to."""

    scheme: str
    host: str
    port: int
    path: str
    ip: str


@dataclass(frozen=True)
class Answer:
    """What an address answered: HTTP status and the beginning of its text."""

    status: int
    text: str

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """The address asks not to be called again (RFC 9110, 410 Gone)."""
        return self.status == 410


class Line:
    """A connection on which every sending and receiving ends by the deadline, however little comes each time."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket, self._deadline = connected, deadline

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(self._deadline.left())
        self._socket.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """What http.client reads the answer from."""
        return io.BufferedReader(_Received(self._socket, self._deadline))

    def close(self) -> None:
        """http.client wants to send nothing more; what is left of the answer is still read, and `post` closes."""


class _Received(io.RawIOBase):
    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket, self._deadline, self._left = connected, deadline, MOST_RECEIVED

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._socket.settimeout(self._deadline.left())
        number = self._socket.recv_into(memoryview(buffer)[: self._left])
        self._left -= number
        return number


def target_of(url: str, deadline: Deadline | None = None) -> Target:
    """The checked target of an address; CannotSend where it is none that we call.

    Looks the name up, until the deadline (without one, CONNECT_SECONDS). Every address behind it must be on the public
    internet or in settings.WEBHOOK_NETWORKS, where plain HTTP is allowed too.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise CannotSend(Problem.UNKNOWN_NAME) from None
    if parts.scheme not in ("http", "https"):
        raise CannotSend(Problem.NOT_HTTPS)
    if parts.username is not None or parts.password is not None:
        raise CannotSend(Problem.USERINFO)
    if port not in (80, 443) and port < LEAST_PORT:
        raise CannotSend(Problem.PORT)
    found = _looked_up(host, port, deadline or Deadline(CONNECT_SECONDS))
    addresses = [ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    own = [_is_own(address) for address in addresses]
    if not all(mine or _is_public(address) for address, mine in zip(addresses, own, strict=True)):
        raise CannotSend(Problem.INSIDE)
    if parts.scheme == "http" and not all(own):
        raise CannotSend(Problem.NOT_HTTPS)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, str(addresses[0]))


def _looked_up(host: str, port: int, deadline: Deadline) -> list[Any]:
    """All addresses of a name. The system's look-up takes no deadline: a thread asks, and is not waited for longer."""
    found: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.put(error)

    threading.Thread(target=ask, daemon=True, name="look-up").start()
    try:
        answer = found.get(timeout=deadline.left())
    except (queue.Empty, TimeoutError):
        raise CannotSend(Problem.TIMEOUT) from None
    if isinstance(answer, Exception):
        raise CannotSend(Problem.UNKNOWN_NAME) from None
    return answer


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if mapped is None and address in NAT64:
        mapped = IPv4Address(int(address) & 0xFFFFFFFF)
    if mapped is not None:
        return _is_public(mapped)
    special = address.is_multicast or address.is_reserved or any(address in network for network in SPECIAL)
    return address.is_global and not special


def _is_own(address: IPv4Address | IPv6Address) -> bool:
    """Whether the site's operator named the network that it is in as one that may be called."""
    return any(address in ip_network(network) for network in settings.WEBHOOK_NETWORKS)


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The webhook-signature of a message: v1, and the HMAC-SHA256 of id, timestamp and body in base64."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def post(url: str, secret: str, message_id: str, body: bytes, *, seconds: float = ALL_SECONDS) -> Answer:
    """Sends a message; what was answered. CannotSend where there is no answer.

    `seconds` is for all of it: looking the name up, connecting, sending, and reading the answer, however slowly it
    comes. Of an answer whose text does not end in time, the status counts and the text is cut.
    """
    deadline = Deadline(seconds)
    target = target_of(url, deadline)
    timestamp = int(time.time())
    headers = {
        "Host": target.host if target.port in (80, 443) else f"{target.host}:{target.port}",
        "Content-Type": "application/json",
        "User-Agent": "CARSI-Portal-Webhook/1",
        "Connection": "close",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message_id, timestamp, body),
    }
    try:
        with closing(_connected(target, deadline)) as line:
            connection = http.client.HTTPConnection(target.host, target.port)
            # It never connects by itself: the address that was checked is the one that is called.
            connection.sock = Line(line, deadline)
            connection.request("POST", quote(target.path, safe=_AS_IT_IS), body=body, headers=headers)
            response = connection.getresponse()
            text = _beginning(response).decode("utf-8", "replace")
    except ssl.SSLError:
        raise CannotSend(Problem.TLS) from None
    except TimeoutError:
        raise CannotSend(Problem.TIMEOUT) from None
    except (http.client.HTTPException, OSError, ValueError):
        raise CannotSend(Problem.CONNECTION) from None
    return Answer(response.status, " ".join(text.replace("\x00", "").split())[:MOST_KEPT])


def _beginning(response: http.client.HTTPResponse) -> bytes:
    """The first bytes of what was answered, as far as they came in time."""
    read = b""
    try:
        while len(read) < MOST_READ and (more := response.read1(MOST_READ - len(read))):
            read += more
    except (http.client.HTTPException, OSError, ValueError):
        pass  # the status has been told
    return read


def _connected(target: Target, deadline: Deadline) -> socket.socket:
    line = socket.create_connection((target.ip, target.port), timeout=min(CONNECT_SECONDS, deadline.left()))
    try:
        if target.scheme == "https":
            line.settimeout(deadline.left())
            line = ssl.create_default_context().wrap_socket(line, server_hostname=target.host)
    except BaseException:
        line.close()
        raise
    return line
