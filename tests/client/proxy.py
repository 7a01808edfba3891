"""A bad line: a TCP proxy that cuts what comes from the server, or holds it, after so many bytes."""

import contextlib
import socket
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self


class Proxy:
    """Listens on `url` (`listen`: a port of one's choice) and forwards to `port`.

    Cuts the connection at each of `cuts` (bytes from the server, of all connections together); at `hold` it forwards
    nothing more, and `held` is set. `requests` are the lines asked.
    """

    def __init__(self, port: int, *, cuts: Sequence[int] = (), hold: int | None = None, listen: int = 0) -> None:
        self._to, self._cuts, self._hold = port, sorted(cuts), hold
        self._forwarded = 0
        self.requests: list[str] = []
        self.held = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", listen))
        self._sockets = [self._listening]
        self.url = f"http://localhost:{self._listening.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in self._sockets:
            _end(each)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listening.accept()
                server = socket.create_connection(("localhost", self._to))
                self._sockets += [client, server]
                threading.Thread(target=self._up, args=(client, server), daemon=True).start()
                threading.Thread(target=self._down, args=(client, server), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while sent := client.recv(65536):
                if sent.startswith((b"GET ", b"POST ")):
                    self.requests.append(sent.split(b"\r\n", 1)[0].decode())
                server.sendall(sent)
        _end(server)

    def _down(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while came := server.recv(65536):
                stop = min((cut for cut in (*self._cuts[:1], self._hold) if cut is not None), default=None)
                if stop is not None and self._forwarded + len(came) >= stop:
                    client.sendall(came[: stop - self._forwarded])
                    self._forwarded = stop
                    if stop == self._hold:
                        self.held.set()
                        return
                    self._cuts.pop(0)
                    break
                client.sendall(came)
                self._forwarded += len(came)
        _end(client)
        _end(server)


def _end(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
