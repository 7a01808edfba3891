"""One signed POST to an address of somebody else's, in a way that no address can turn against our own network.

The name is looked up once, every address behind it is checked, and the connection goes to the very address that was
checked (a name that answers otherwise the second time gains nothing); TLS still verifies the name. Redirects are not
followed, answers are read up to a few hundred bytes. Signed as Standard Webhooks 1.0.0 says
(https://www.standardwebhooks.com): webhook-id, webhook-timestamp, webhook-signature.
"""

import base64
import hashlib
import hmac
import socket
import time
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import urllib3
from django.conf import settings

from programs.webhooks.models import SECRET_PREFIX

CONNECT_SECONDS, READ_SECONDS, ALL_SECONDS = 5, 10, 15
MOST_READ = 2048
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


def target_of(url: str) -> Target:
    """The checked target of an address; CannotSend where it is none that we call.

    Looks the name up. Every address behind it must be on the public internet or in settings.WEBHOOK_NETWORKS, where
    plain HTTP is allowed too.
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
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CannotSend(Problem.UNKNOWN_NAME) from None
    addresses = [ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    own = [_is_own(address) for address in addresses]
    if not all(mine or _is_public(address) for address, mine in zip(addresses, own, strict=True)):
        raise CannotSend(Problem.INSIDE)
    if parts.scheme == "http" and not all(own):
        raise CannotSend(Problem.NOT_HTTPS)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, str(addresses[0]))


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


def post(url: str, secret: str, message_id: str, body: bytes) -> Answer:
    """Sends a message; what was answered. CannotSend where there is no answer."""
    target = target_of(url)
    timestamp = int(time.time())
    headers = {
        "Host": target.host if target.port in (80, 443) else f"{target.host}:{target.port}",
        "Content-Type": "application/json",
        "User-Agent": "CARSI-Portal-Webhook/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, message_id, timestamp, body),
    }
    try:
        with _pool(target) as pool:
            response = pool.urlopen(
                "POST", target.path, body=body, headers=headers, redirect=False, retries=False, preload_content=False,
                timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS, total=ALL_SECONDS),
            )  # fmt: skip
            text = response.read(MOST_READ, decode_content=False).decode("utf-8", "replace")
            response.close()
    except urllib3.exceptions.SSLError:
        raise CannotSend(Problem.TLS) from None
    except urllib3.exceptions.NewConnectionError:  # a kind of TimeoutError, too
        raise CannotSend(Problem.CONNECTION) from None
    except urllib3.exceptions.TimeoutError:
        raise CannotSend(Problem.TIMEOUT) from None
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        raise CannotSend(Problem.CONNECTION) from None
    return Answer(response.status, " ".join(text.replace("\x00", "").split())[:MOST_KEPT])


def _pool(target: Target) -> Any:
    if target.scheme == "http":
        return urllib3.HTTPConnectionPool(target.ip, target.port)
    return urllib3.HTTPSConnectionPool(
        target.ip, target.port, cert_reqs="CERT_REQUIRED", server_hostname=target.host, assert_hostname=target.host
    )
