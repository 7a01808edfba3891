"""Webhooks over HTTPS: only to who proves the name, and within the one deadline."""

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from programs.webhooks.sending import CannotSend, Problem, post
from tests.programs.webhooks.test_webhooks import SECRET


@pytest.fixture(autouse=True)
def our_network(settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]


def certificate(folder: Path, address: str) -> Path:
    """A file with a key, and a certificate for an IP address that it signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{address}.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[str], tuple[str, Path]]]:
    """Starts an HTTPS server on 127.0.0.1 whose certificate is for an address; its URL and the certificate."""
    servers: list[HTTPServer] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"taken")

        def log_message(self, *args: Any) -> None:
            pass

    def start(address: str) -> tuple[str, Path]:
        file = certificate(tmp_path, address)
        server = HTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"https://127.0.0.1:{server.server_port}/", file

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_server_that_proves_its_name_is_told(
    serve: Callable[[str], tuple[str, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, file = serve("127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))

    answer = post(url, SECRET, "message", b"{}")

    assert (answer.status, answer.text) == (200, "taken")


def test_one_that_nobody_vouches_for_is_not(serve: Callable[[str], tuple[str, Path]]) -> None:
    url, _file = serve("127.0.0.1")

    with pytest.raises(CannotSend) as refusal:
        post(url, SECRET, "message", b"{}")

    assert refusal.value.problem == Problem.TLS


def test_one_that_proves_another_name_is_not(
    serve: Callable[[str], tuple[str, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, file = serve("192.0.2.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(file))

    with pytest.raises(CannotSend) as refusal:
        post(url, SECRET, "message", b"{}")

    assert refusal.value.problem == Problem.TLS


def test_one_that_never_greets_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(CannotSend) as refusal:
        post(f"https://127.0.0.1:{silent.getsockname()[1]}/", SECRET, "message", b"{}", seconds=0.5)

    assert refusal.value.problem == Problem.TIMEOUT
