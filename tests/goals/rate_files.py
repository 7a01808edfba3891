"""Files as the sources of exchange rates publish them, with figures of our own, and a server that hands them out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


def ecb_file(days: dict[str, dict[str, str]]) -> bytes:
    """eurofxref-hist-90d.xml: day -> currency -> units for one euro."""
    cubes = "".join(
        f'<Cube time="{day}">'
        + "".join(f'<Cube currency="{currency}" rate="{rate}"/>' for currency, rate in rates.items())
        + "</Cube>"
        for day, rates in days.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" '
        'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><gesmes:subject>Reference rates</gesmes:subject>'
        "<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>"
        f"<Cube>{cubes}</Cube></gesmes:Envelope>"
    ).encode()


def ecb_month(month: date, **rates: str) -> dict[str, dict[str, str]]:
    """The same rates on each working day of a month."""
    days = (month + timedelta(days=number) for number in range(31))
    return {day.isoformat(): rates for day in days if day.month == month.month and day.weekday() < 5}


def hmrc_file(month: date, **units: str) -> bytes:
    """exchangeRateMonthList: currency -> units for one pound."""
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    rows = "".join(
        f"<exchangeRate><countryName>Country of {currency}</countryName><countryCode>XX</countryCode>"
        f"<currencyName>Name </currencyName><currencyCode>{currency}</currencyCode><rateNew>{rate}</rateNew>"
        "</exchangeRate>"
        for currency, rate in units.items()
    )
    period = f"{month:%d/%b/%Y} to {last:%d/%b/%Y}"
    return f'<?xml version="1.0"?><exchangeRateMonthList Period="{period}">{rows}</exchangeRateMonthList>'.encode()


@dataclass
class Sources:
    """A server at `address`, which answers with `files` (path -> content), and with 404 for all else."""

    address: str
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextmanager
def sources() -> Iterator[Sources]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            content = found.files.get(self.path)
            self.send_response(200 if content is not None else 404)
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Sources(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
