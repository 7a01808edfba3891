"""The portal's API as a Python object."""

import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlencode

from carsi.connection import Answer, Connection, Patience
from carsi.errors import NoAnswer, WrongUse

Row = dict[str, Any]
API = "api/v1/"
PAGE_SIZE = 200
MOST_AT_ONCE = 1_000
MOST_BYTES_AT_ONCE = 4 * 1024 * 1024  # the portal takes 5 MiB
# Lists that stand by something that changes while they are read, and the order that does not: a row that moved would
# come twice or not at all.
STEADY = {"overlaps": "id"}
KIND = re.compile(r"^[a-z][a-z0-9-]*(/[a-z0-9-]+)*$")


@dataclass(frozen=True)
class Page:
    """Rows of a list, and the address of the next page (None after the last)."""

    rows: list[Row] = field(repr=False)
    next: str | None


@dataclass(frozen=True)
class Pushed:
    """What became of one row: created, updated, unchanged, or refused with a problem (RFC 9457)."""

    outcome: str
    id: int | None = None
    version: int | None = None
    problem: Row = field(default_factory=dict)


class Portal:
    """A portal, asked with a key.

    `with Portal("https://portal.example.org", key) as portal: …`; errors are those of carsi.errors.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        patience: Patience | None = None,
        plain_http: bool = False,
        tell: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self._connection = Connection(url, key, patience=patience, plain_http=plain_http, tell=tell)
        self.url = self._connection.base.geturl()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    # Lists -------------------------------------------------------------------------------------------------
    def programs(self, **filters: Any) -> Iterator[Row]:
        """Programs, by the filters of the portal's pages: `programs(country="HN", goal=1)`."""
        return self.rows("programs", **filters)

    def organizations(self, **filters: Any) -> Iterator[Row]:
        return self.rows("organizations", **filters)

    def overlaps(self, **filters: Any) -> Iterator[Row]:
        return self.rows("overlaps", **filters)

    def priorities(self, **filters: Any) -> Iterator[Row]:
        return self.rows("priorities", **filters)

    def rows(self, kind: str, **filters: Any) -> Iterator[Row]:
        """Each row of a list, page after page."""
        for page in self.pages(self.first_page(kind, filters)):
            yield from page.rows

    def first_page(self, kind: str, filters: Mapping[str, Any]) -> str:
        """The address that a list begins at, without the host."""
        steady = {"ordering": STEADY[kind]} if kind in STEADY else {}
        asked = {"page_size": PAGE_SIZE, **steady, **{name: _written(value) for name, value in filters.items()}}
        return f"{API}{_checked(kind)}/?{urlencode(asked)}"

    def pages(self, address: str | None) -> Iterator[Page]:
        """The pages of a list from an address on; a page comes whole or not at all."""
        while address is not None:
            page = _page(self._connection.ask("GET", address))
            if page.next is not None:
                self._connection.address(page.next)
                if page.next == address:
                    raise NoAnswer("The portal returned the same page twice.")
            yield page
            address = page.next

    # One thing ---------------------------------------------------------------------------------------------
    def get(self, kind: str, key: int | str) -> Any:
        """One thing of a list, with all that the portal shows of it."""
        return self.read(f"{_checked(kind)}/{quote(str(key), safe='')}/")

    def me(self) -> Any:
        """Whose key this is and what it may do."""
        return self.read("me/")

    def read(self, path: str, **parameters: Any) -> Any:
        """What is at a path below /api/v1/, which is no list of pages."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        return _read(self._connection.ask("GET", f"{API}{path}{query}"))

    def kinds(self) -> dict[str, list[str]]:
        """Every list that can be pulled, with the names of its filters, as the portal's own schema says."""
        schema = _read(self._connection.ask("GET", "api/schema/?format=json"))
        found = {}
        for path, calls in schema.get("paths", {}).items():
            name = path.removeprefix(f"/{API}").strip("/")
            names = {parameter.get("name") for parameter in calls.get("get", {}).get("parameters", ())}
            if path.startswith(f"/{API}") and KIND.match(name) and "cursor" in names:
                found[name] = sorted(names - {"cursor", "page_size", "format"})
        return found

    # Writing -----------------------------------------------------------------------------------------------
    def upsert(self, programs: Iterable[Row]) -> Iterator[Pushed]:
        """Makes or changes programs by organization and identifier, up to 1,000 a call; what became of each, in order.

        A call that broke is sent again with the same Idempotency-Key: it is done once.
        """
        for body, size in _bodies(programs):
            answer = self._post("programs/bulk/", body, {})
            results = answer.get("results") if isinstance(answer, dict) else None
            if not isinstance(results, list) or len(results) != size:
                raise NoAnswer("The portal did not return a result for each program.")
            for result in results:
                yield Pushed(
                    result.get("outcome", "refused"),
                    result.get("id"),
                    result.get("version"),
                    result.get("problem") or {},
                )

    def bring_in(self, organization: int, name: str, content: bytes) -> Row:
        """A new import of a file for an organization, as the portal shows it. A call that broke is done once."""
        kind, body = _form({"organization": str(organization)}, name, content)
        return self._post("imports/", body, {"Content-Type": kind})

    def act_on(self, kind: str, key: int, step: str, **stated: Any) -> Row:
        """Does something to one thing, such as `act_on("imports", 12, "apply")`; the thing as it is then."""
        return self._post(f"{_checked(kind)}/{key}/{step}/", json.dumps(stated).encode(), {})

    def _post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Any:
        once = {"Idempotency-Key": str(uuid.uuid4())}
        return _read(self._connection.ask("POST", f"{API}{path}", body=body, headers={**headers, **once}))


def _form(fields: Mapping[str, str], name: str, content: bytes) -> tuple[str, bytes]:
    """multipart/form-data (RFC 7578) with fields and a file: its media type, and the body."""
    edge = uuid.uuid4().hex
    escaped = name.replace('"', '\\"').replace("\r", "%0D").replace("\n", "%0A")
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{stated}\r\n'
        for key, stated in fields.items()
    ]
    parts.append(
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{escaped}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = "".join(parts).encode(errors="replace") + content + f"\r\n--{edge}--\r\n".encode()
    return f"multipart/form-data; boundary={edge}", body


def _bodies(programs: Iterable[Row]) -> Iterator[tuple[bytes, int]]:
    """Bodies for the bulk call, each with how many programs it holds: within its number and its size."""
    texts = (json.dumps(program, ensure_ascii=False).encode() for program in programs)
    held: list[bytes] = []
    size = 0
    for text in texts:
        if held and (len(held) == MOST_AT_ONCE or size + len(text) > MOST_BYTES_AT_ONCE):
            yield _body(held)
            held, size = [], 0
        held.append(text)
        size += len(text) + 2
    if held:
        yield _body(held)


def _body(texts: list[bytes]) -> tuple[bytes, int]:
    return b'{"programs": [' + b", ".join(texts) + b"]}", len(texts)


def _checked(kind: str) -> str:
    if not KIND.match(kind):
        raise WrongUse(f"“{kind}” is no kind of thing: `carsi kinds` lists them.")
    return kind


def _written(value: Any) -> str:
    """A filter's value as the portal reads it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _read(answer: Answer) -> Any:
    try:
        return answer.json()
    except (ValueError, RecursionError) as error:
        raise NoAnswer("The portal's response is not JSON: check CARSI_URL.") from error


def _page(answer: Answer) -> Page:
    """A page of a list; a list that has no pages is one page."""
    stated = _read(answer)
    rows, after = (stated.get("results"), stated.get("next")) if isinstance(stated, dict) else (stated, None)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise WrongUse("This is not a list: use `carsi get`.")
    if after is not None and not isinstance(after, str):
        raise NoAnswer("The portal's next page is not a valid address.")
    return Page(rows, after)
